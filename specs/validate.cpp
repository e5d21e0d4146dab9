#include "specs/validate.hpp"

#include "specs/validate_findings.hpp"

#include <algorithm>
#include <tuple>

namespace apisync::specs {

std::vector<flaw> validate(const document& doc, std::size_t max_findings) {
  finding_list found{max_findings};
  check_shape(doc, found);
  check_paths(doc, found);
  check_references(doc, found);
  check_names(doc, found);
  check_meaning(doc, found);
  auto findings = std::move(found).take();
  std::stable_sort(findings.begin(), findings.end(), [](const flaw& a, const flaw& b) {
    return std::tie(a.where.line, a.where.column) < std::tie(b.where.line, b.where.column);
  });
  return findings;
}

} // namespace apisync::specs
