// What removed sources left in an API's document.
#include "tests/actors/shop.hpp"

using namespace apisync;
using Catch::Matchers::Contains;
using events::source_role;
using test::shop;
using test::spec;

namespace {

void remove(shop& s, const std::string& source) {
  REQUIRE(s.sim.change(actors::remove_source{source, events::declared_by::api, {}}));
  s.sim.run();
}

result<actors::answer> drop(shop& s, const std::string& source, bool preview = false) {
  return s.sim.change(
      actors::drop_contributions{"shop", source, "", preview, {{"user:ann", {}, 0}, {}}});
}

/// `/p0` of the authority, `/p1` and `/p2` of a contributor that has been removed.
void left_behind(shop& s) {
  s.add("main", spec({"a"}));
  s.add("side", spec({"a", "b", "c"}), source_role::contributor);
  REQUIRE(s.api().head()->fact.operations == 3);
  remove(s, "side");
  REQUIRE(s.api().head()->fact.operations == 3);
}

} // namespace

TEST_CASE("what a removed source left is taken out, and nothing else", "[contributions]") {
  shop s;
  left_behind(s);
  const auto places = drop(s, "side", true);
  REQUIRE(places);
  CHECK_THAT(places->json, Contains("/paths/~1p1") && Contains("/paths/~1p2") && !Contains("~1p0"));
  CHECK(s.api().head()->fact.operations == 3);

  REQUIRE(drop(s, "side"));
  CHECK(s.text() == spec({"a"}));
  const auto& cause = s.api().head()->fact.cause;
  CHECK(cause.kind == "drop");
  CHECK(cause.source == "side");
  CHECK_FALSE(s.api().bases.contains("side"));
  const auto again = drop(s, "side");
  REQUIRE_FALSE(again);
  CHECK(again.error().code == errc::not_found);
}

TEST_CASE("what people changed, others declare or what stays refers to is not dropped",
          "[contributions]") {
  shop s;
  SECTION("changed") {
    left_behind(s);
    s.edit(spec({"a", "ours", "c"}));
    REQUIRE(drop(s, "side"));
    CHECK(s.text() == spec({"a", "ours"}));
  }
  SECTION("declared") {
    s.add("main", spec({"a"}));
    s.add("side", spec({"a", "b", "c"}), source_role::contributor);
    s.add("other", spec({"a", "b"}), source_role::contributor);
    remove(s, "side");
    REQUIRE(drop(s, "side"));
    CHECK(s.text() == spec({"a", "b"}));
  }
  SECTION("referred to") {
    auto with = spec({"a"});
    with.back() = ',';
    with += R"("components":{"schemas":{"A":{"$ref":"#/components/schemas/B"},)"
            R"("B":{"type":"string"},"C":{"type":"integer"}}}})";
    s.add("main", spec({"a"}));
    s.add("side", with, source_role::contributor);
    remove(s, "side");
    auto text = s.text();
    const std::string fine = R"("description":"done")";
    text.replace(text.find(fine), fine.size(),
                 fine + R"(,"content":{"application/json":{"schema":{"$ref":)"
                        R"("#/components/schemas/A"}}})");
    s.edit(text);
    REQUIRE(drop(s, "side"));
    CHECK_THAT(s.text(), Contains("\"A\"") && Contains("\"B\"") && !Contains("\"C\""));
  }
}

TEST_CASE("a source that is declared, or was only compared, has left nothing", "[contributions]") {
  shop s;
  s.add("main", spec({"a"}));
  s.add("live", spec({"a", "b"}), source_role::observer);
  CHECK(drop(s, "main").error().code == errc::conflict);
  remove(s, "live");
  CHECK(drop(s, "live").error().code == errc::not_found);
  CHECK(drop(s, "nobody").error().code == errc::not_found);
}

TEST_CASE("a drop outlives a crash, and the source may come again", "[contributions]") {
  shop s;
  left_behind(s);
  REQUIRE(drop(s, "side"));
  s.sim.crash();
  CHECK(s.text() == spec({"a"}));
  s.add("side", spec({"a", "b", "c"}), source_role::contributor);
  CHECK(s.api().head()->fact.operations == 3);
}
