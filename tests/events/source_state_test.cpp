#include "events/source_state.hpp"

#include <catch2/catch.hpp>

#include <functional>

using namespace apisync::events;

namespace {

/// A source of which a document was seen.
source_state seen_state() {
  source_state state;
  source_definition definition;
  definition.id = definition.api = "billing";
  definition.path = "billing.yaml";
  apply(state, source_added{definition}, {});
  source_seen seen;
  seen.bytes_hash = "aa";
  apply(state, seen, {});
  return state;
}

/// What is known of the document after the source is declared anew.
source_seen after(const std::function<void(source_definition&)>& change) {
  auto state = seen_state();
  auto definition = state.definition;
  change(definition);
  apply(state, source_changed{definition}, {});
  return state.seen;
}

} // namespace

TEST_CASE("what was seen is forgotten where the place or the way of reading is another") {
  const auto known = seen_state().seen;
  CHECK(after([](auto& source) { source.priority = priority::high; }) == known);
  CHECK(after([](auto& source) { source.path = "other.yaml"; }) == source_seen{});
  CHECK(after([](auto& source) { source.references = outside_references::keep; }) == source_seen{});
  CHECK(after([](auto& source) { source.duplicates = duplicate_names::last; }) == source_seen{});
}
