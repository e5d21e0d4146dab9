#include "specs/diff.hpp"
#include "specs/merge.hpp"
#include "specs/print.hpp"
#include "tests/fuzz/edits.hpp"
#include "tests/fuzz/fuzz.hpp"

#include <algorithm>
#include <set>
#include <string>

namespace apisync::fuzz {

namespace {

std::set<std::string> open_places(const specs::merge_result& of) {
  std::set<std::string> places;
  for (const auto& open : of.conflicts)
    places.insert(open.identity);
  return places;
}

/// Both sides moved something to different places: then it is current's place where the rest of it
/// is merged, and which conflicts show there depends on which side is current.
bool moved_apart(const specs::merge_result& of) {
  return std::any_of(of.conflicts.begin(), of.conflicts.end(),
                     [](const auto& open) { return !open.moved_to.empty(); });
}

} // namespace

void merge(std::string_view input) {
  using namespace specs;
  const auto base = read(part(input, 0));
  if (!base) return;
  const auto current = edited(*base, part(input, 1));
  const auto incoming = edited(*base, part(input, 2));
  const auto is = [](const merge_result& made, const document_ptr& wanted) {
    return made.conflicts.empty() && same_content(made.merged->root(), wanted->root());
  };
  const bool empty = base->root().is_object() && base->root().size() == 0;
  if (!empty) {
    require(is(specs::merge(base, current, base), current), "an unchanged incoming side yields");
    require(is(specs::merge(base, base, incoming), incoming), "an unchanged current side yields");
  }
  require(is(specs::merge(base, current, current), current), "two equal sides agree");

  const auto one = specs::merge(base, current, incoming);
  const auto two = specs::merge(base, incoming, current);
  require(moved_apart(one) == moved_apart(two), "both sides see that something was moved apart");
  if (!moved_apart(one))
    require(open_places(one) == open_places(two), "both sides see the same conflicts");
  if (one.conflicts.empty())
    require(specs::diff(*one.merged, *two.merged).empty(), "both sides get the same result");
  static_cast<void>(specs::merge(nullptr, current, incoming));
  require(to_json(specs::merge(base, current, incoming).merged->root()) ==
              to_json(one.merged->root()),
          "the same versions, the same result");
}

} // namespace apisync::fuzz
