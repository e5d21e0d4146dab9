#include "specs/canonical.hpp"
#include "specs/diff.hpp"
#include "specs/meaning.hpp"
#include "tests/fuzz/edits.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace apisync::fuzz {

void diff(std::string_view input) {
  using namespace specs;
  const auto before = read(part(input, 0));
  if (!before) return;
  const auto after = edited(*before, part(input, 1));
  require(specs::diff(*before, *before).empty(), "nothing differs from itself");
  const auto changes = specs::diff(*before, *after);
  require(changes.empty() == equivalent(before->root(), after->root(), place::root),
          "equivalent where nothing differs");
  require(changes.empty() == specs::diff(*after, *before).empty(),
          "a difference is one in both directions");
  for (const auto& made : changes) {
    require(!made.before || before->at(made.old_pointer) == made.before, "the old pointer leads");
    require(!made.after || after->at(made.pointer) == made.after, "the new pointer leads");
  }
  require(changes_of_meaning(*before, *after).empty() ==
              (canonical_hash(*before) == canonical_hash(*after)),
          "no change of meaning exactly where the canonical hashes are equal");
}

} // namespace apisync::fuzz
