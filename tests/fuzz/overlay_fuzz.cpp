#include "specs/json_path.hpp"
#include "specs/overlay.hpp"
#include "specs/print.hpp"
#include "tests/fuzz/edits.hpp"
#include "tests/fuzz/fuzz.hpp"

#include <algorithm>

namespace apisync::fuzz {

namespace {

constexpr specs::json_path_limits small_paths{.steps = 100'000, .matches = 1000};

} // namespace

void json_path(std::string_view input) {
  using namespace specs;
  const auto query = specs::json_path::parse(part(input, 0));
  if (!query) {
    require(!query.error().message.empty(), "an error has a message");
    return;
  }
  const auto doc = read(part(input, 1));
  if (!doc) return;
  const auto found = query->select(doc->root(), small_paths);
  if (!found) {
    require(found.error().code == errc::limit_exceeded, "only a limit ends a selection");
    return;
  }
  require(found->size() <= small_paths.matches, "matches are bounded");
  for (const auto& match : *found) {
    const auto pointed = doc->at(pointer_to(doc->root(), match));
    require(pointed == match.value, "the pointer of a match leads to it");
  }
  require(*query->select(doc->root(), small_paths) == *found, "the same query, the same matches");
}

void overlay(std::string_view input) {
  using namespace specs;
  const auto text = read(part(input, 0));
  if (!text) return;
  const auto flaws = validate_overlay(*text, 5);
  require(flaws.size() <= 5, "findings are bounded");
  const auto changes = read_overlay(text, "overlay");
  const bool sound = std::none_of(flaws.begin(), flaws.end(),
                                  [](const flaw& one) { return one.severity == severity::error; });
  // Of more flaws than are told the gravest may be untold.
  require(changes.has_value() == sound || (sound && flaws.size() == 5),
          "an overlay without an error reads, and no other");
  const auto doc = read(part(input, 1));
  if (!changes || !doc) return;
  const auto before = to_json(doc->root());
  const overlay_limits limits{.max_nodes = 2000, .paths = small_paths};
  const auto made = apply(*changes, doc, "overlay", limits);
  require(to_json(doc->root()) == before, "the document that was given stays as it was");
  if (!made) return;
  require(made->unmatched.size() <= changes->actions.size(), "an action is unmatched once");
  if (made->unmatched.size() == changes->actions.size())
    require(same_content(made->document->root(), doc->root()),
            "what matches nothing changes nothing");
  const auto again = apply(*changes, doc, "overlay", limits);
  require(again && to_json(again->document->root()) == to_json(made->document->root()),
          "the same overlay, the same document");
}

} // namespace apisync::fuzz
