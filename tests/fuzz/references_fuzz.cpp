#include "specs/compat.hpp"
#include "specs/openapi.hpp"
#include "specs/references.hpp"
#include "specs/resolve.hpp"
#include "specs/select.hpp"
#include "specs/validate.hpp"
#include "tests/fuzz/edits.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace apisync::fuzz {

void references(std::string_view input) {
  using namespace specs;
  const auto doc = read(part(input, 0));
  if (!doc) return;
  for (const auto& each : specs::references(*doc)) {
    require(doc->at(each.pointer) == each.holder, "a reference is where its pointer leads");
    static_cast<void>(follow(*doc, each.holder));
  }
  for (const auto& each : dangling_references(*doc))
    require(!resolve_reference(*doc, each.target), "what dangles leads nowhere");
  if (recognise(*doc)) static_cast<void>(validate(*doc));
  static_cast<void>(select(doc, {.include_paths = {"/a/**"}, .exclude_tags = {"b"}}));
  require(judge(*doc, *doc).findings.empty(), "nothing differs from itself");

  const auto other = edited(*doc, part(input, 1));
  const auto once = judge(*doc, *other);
  const auto twice = judge(*doc, *other);
  require(once.findings.size() == twice.findings.size(), "the same versions, the same findings");
  static_cast<void>(find_identity(*doc, part(input, 2)));
  static_cast<void>(set_value(doc, part(input, 2), doc->root()));
}

} // namespace apisync::fuzz
