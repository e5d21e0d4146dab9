// Selections that change while there is a document already.
#include "tests/actors/shop.hpp"

using namespace apisync;
using Catch::Matchers::Contains;
using events::source_role;
using test::shop;
using test::spec;

namespace {

void select(shop& s, const std::string& source, const std::vector<std::string>& paths) {
  actors::change_source order;
  order.definition = s.sim.views().source(source)->definition;
  order.definition.select.reset();
  if (!paths.empty()) order.definition.select.emplace().include.paths = paths;
  order.asked.from.by = "user:ann";
  REQUIRE(s.sim.change(order));
  s.sim.run();
}

/// `/p0` and `/p1` from `main`, which selects only `/p0`.
void narrowed(shop& s) {
  s.sim.network().set("main", spec({"a", "b"}));
  auto order = test::source_of("main");
  order.definition.select.emplace().include.paths = {"/p0"};
  REQUIRE(s.sim.change(order));
  s.sim.advance(std::chrono::seconds{1});
  REQUIRE_THAT(s.text(), Contains("/p0") && !Contains("/p1"));
}

} // namespace

TEST_CASE("what a selection adds comes in at once, without asking the source", "[selection]") {
  shop s;
  narrowed(s);
  s.sim.network().break_down(
      "main", {sources::failure_class::transient, {errc::unavailable, "it is down", {}}, {}});
  select(s, "main", {});
  CHECK_THAT(s.text(), Contains("/p0") && Contains("/p1"));
  const auto& cause = s.api().head()->fact.cause;
  CHECK(cause.kind == "selection");
  CHECK(cause.source == "main");
}

TEST_CASE("what a selection drops stays, and does not follow the source any more", "[selection]") {
  shop s;
  s.add("main", spec({"a", "b"}));
  select(s, "main", {"/p0"});
  CHECK(s.api().revisions.size() == 1);
  s.serve("main", spec({"a2"}));
  CHECK_THAT(s.text(), Contains("a2") && Contains("/p1"));
  CHECK(s.api().open.empty());
}

TEST_CASE("what a selection adds meets what is there", "[selection]") {
  shop s;
  narrowed(s);
  s.edit(spec({"a", "ours"}));
  select(s, "main", {"/**"});
  CHECK_THAT(s.text(), Contains("ours"));
  CHECK(s.api().open.size() == 1);
}

TEST_CASE("a selection that was declared just before a crash is merged after it", "[selection]") {
  for (std::size_t messages = 0; messages < 40; ++messages) {
    shop s;
    narrowed(s);
    s.sim.network().break_down(
        "main", {sources::failure_class::transient, {errc::unavailable, "it is down", {}}, {}});
    actors::change_source order;
    order.definition = s.sim.views().source("main")->definition;
    order.definition.select.reset();
    order.asked.from.by = "user:ann";
    const auto telling = s.sim.tell<actors::answer>(order, messages);
    s.sim.crash();
    s.sim.run();
    INFO(messages);
    const bool declared = !s.sim.views().source("main")->definition.select;
    const bool merged = s.text().find("/p1") != std::string::npos;
    CHECK(declared == merged);
  }
}

TEST_CASE("a selection that changes while its source is synced is not lost", "[selection]") {
  for (std::size_t messages = 0; messages < 40; ++messages) {
    shop s;
    narrowed(s);
    s.sim.network().hold("main");
    s.sim.network().set("main", spec({"a2", "b2"}));
    const auto syncing = s.sim.tell<actors::sync_ended>(
        actors::sync_source{"main", true, {{"user:test", {}, 0}, {}}});
    s.sim.network().release("main");
    s.sim.run(messages);
    actors::change_source order;
    order.definition = s.sim.views().source("main")->definition;
    order.definition.select.reset();
    order.asked.from.by = "user:ann";
    REQUIRE(s.sim.change(order));
    s.sim.advance(std::chrono::hours{1});
    INFO(messages);
    CHECK_THAT(s.text(), Contains("a2") && Contains("b2"));
  }
}
