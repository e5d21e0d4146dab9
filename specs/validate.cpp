#include "specs/validate.hpp"

#include "specs/references.hpp"
#include "specs/validate_findings.hpp"

#include <algorithm>
#include <tuple>
#include <unordered_map>

namespace apisync::specs {

void check_references(const document& doc, finding_list& found) {
  for (const auto& dangling : dangling_references(doc))
    found.error("dangling-reference", dangling.pointer + "/$ref", dangling.holder.find("$ref"),
                "the reference '" + std::string{dangling.target} + "' leads nowhere");
}

void check_operation_ids(const document& doc, finding_list& found) {
  std::unordered_map<std::string_view, std::string> seen;
  for_each_place(doc, [&](const std::string& pointer, node value, role place) {
    if (place != role::operation) return;
    const auto id = value.find("operationId");
    if (!id.is_string()) return;
    const auto [first, is_new] = seen.emplace(id.text(), pointer);
    if (!is_new)
      found.error("operation-id-repeated", pointer + "/operationId", id,
                  "the operation id '" + std::string{id.text()} + "' is already used by " +
                      first->second);
  });
}

std::vector<flaw> validate(const document& doc, std::size_t max_findings) {
  finding_list found{max_findings};
  check_shape(doc, found);
  check_paths(doc, found);
  check_references(doc, found);
  check_operation_ids(doc, found);
  auto findings = std::move(found).take();
  std::stable_sort(findings.begin(), findings.end(), [](const flaw& a, const flaw& b) {
    return std::tie(a.where.line, a.where.column) < std::tie(b.where.line, b.where.column);
  });
  return findings;
}

} // namespace apisync::specs
