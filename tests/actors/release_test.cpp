// Which revision users have, and environments of one API.
#include "tests/actors/shop.hpp"

using namespace apisync;
using test::shop;
using test::spec;

namespace {

result<actors::answer> promote(shop& s, std::uint64_t revision, const std::string& reason = {}) {
  return s.sim.change(actors::promote_api{"shop", revision, reason, {{"user:ann", {}, 0}, {}}});
}

/// An API of the group with one file source of its own.
void add_environment(test::simulation& sim, const std::string& id, const std::string& text) {
  events::api_definition api;
  api.id = id;
  api.group = "shop";
  REQUIRE(sim.change(actors::add_api{api, {{"user:ann", {}, 0}, {}}}));
  auto order = test::source_of("of-" + id);
  order.definition.api = id;
  sim.network().set("of-" + id, text);
  REQUIRE(sim.change(order));
  sim.advance(std::chrono::seconds{1});
}

} // namespace

TEST_CASE("what users have is compared with every later revision", "[release]") {
  shop s;
  s.add("main", spec({"a", "b"}));
  CHECK_FALSE(s.api().head()->fact.released);
  REQUIRE(promote(s, 0, "1.0 is out"));
  REQUIRE(s.api().released);
  CHECK(s.api().released->revision == 1);
  CHECK(s.api().released->by == "user:ann");
  CHECK(s.api().released->reason == "1.0 is out");
  CHECK(s.api().released->compared.verdict == "unchanged");

  s.serve("main", spec({"a", "b", "c"})); // an operation more
  CHECK(s.api().head()->fact.released->verdict == "compatible");
  s.serve("main", spec({"a", "b"})); // less than the revision before, as released
  CHECK(s.api().head()->fact.verdict == "breaking");
  CHECK(s.api().head()->fact.released == events::baseline_verdict{1, "unchanged", {}});
  s.serve("main", spec({"a"}));
  CHECK(s.api().head()->fact.released->verdict == "breaking");
  CHECK(s.api().released->compared.verdict == "breaking");
  CHECK(s.api().released->head == 4);

  REQUIRE(promote(s, 4));
  CHECK(s.api().released->compared.verdict == "unchanged");
  CHECK(s.api().revisions.size() == 4); // no document has changed
  s.sim.crash();
  CHECK(s.api().released->revision == 4);
}

TEST_CASE("an older revision can be what users have again", "[release]") {
  shop s;
  s.add("main", spec({"a", "b"}));
  s.serve("main", spec({"a"}));
  REQUIRE(promote(s, 2));
  REQUIRE(promote(s, 1));
  CHECK(s.api().released->compared.verdict == "breaking");
  CHECK(s.api().released->compared.revision == 1);
}

TEST_CASE("what there is not is not promoted", "[release]") {
  shop s;
  CHECK(promote(s, 0).error().code == errc::not_found);
  s.add("main", spec({"a"}));
  CHECK(promote(s, 7).error().code == errc::not_found);
}

TEST_CASE("environments of one API are promoted on their own, and never merged", "[release]") {
  shop s;
  add_environment(s.sim, "shop-dev", spec({"dev", "new"}));
  add_environment(s.sim, "shop-staging", spec({"staging"}));
  s.add("main", spec({"live"}));
  REQUIRE(s.sim.change(actors::promote_api{"shop-staging", 1, "", {{"user:ann", {}, 0}, {}}}));
  s.sim.network().set("of-shop-dev", spec({"dev 2", "new", "newer"}));
  REQUIRE(s.sim.sync("of-shop-dev"));

  const auto views = s.sim.views();
  CHECK_FALSE(views.api("shop")->released);
  CHECK_FALSE(views.api("shop-dev")->released);
  CHECK(views.api("shop-staging")->released);
  CHECK(views.api("shop-dev")->revisions.size() == 2);
  for (const auto* one : {"shop", "shop-staging"}) {
    CHECK(views.api(one)->revisions.size() == 1);
    CHECK(views.api(one)->open.empty());
  }
  CHECK(s.text() == spec({"live"}));
}
