// Conflicts in the running service: rules, questions about many places, what is remembered, undone,
// refused and held.
#include "specs/parse.hpp"
#include "tests/actors/shop.hpp"

#include <algorithm>

using namespace apisync;
using test::shop;
using test::spec;
using namespace std::chrono_literals;
using Catch::Matchers::Contains;

namespace {

events::rule_definition rule(events::rule_action action) {
  events::rule_definition made;
  made.action = action;
  return made;
}

const auto contributor = events::source_role::contributor;

} // namespace

TEST_CASE("the first rule that matches decides, and is named", "[conflict]") {
  shop s;
  s.add("main", spec({"a"}));
  auto by_place = rule(events::rule_action::prefer_incoming);
  by_place.place = events::rule_place::descriptions;
  auto elsewhere = rule(events::rule_action::prefer_current);
  elsewhere.pointer = "/servers";
  s.declare({elsewhere, by_place, rule(events::rule_action::prefer_current)});
  s.edit(spec({"ours"}));
  s.serve("main", spec({"theirs"}));
  CHECK(s.api().open.empty());
  CHECK(s.last().rule == "rules[1]");
  CHECK_THAT(s.text(), Contains("theirs"));
}

TEST_CASE("a rule by level asks what taking the incoming value would break", "[conflict]") {
  shop s;
  s.add("main", spec({"a", "b"}));
  auto grave = rule(events::rule_action::prefer_current);
  grave.level = events::change_level::error;
  s.declare({grave, rule(events::rule_action::prefer_incoming)});
  s.edit(spec({"ours", "ours"}));
  s.serve("main", spec({"theirs", ""})); // the second operation is gone: an error
  CHECK(s.api().open.empty());
  CHECK_THAT(s.text(), Contains("theirs") && Contains("/p1"));
}

TEST_CASE("a source that is preferred wins against others, and they lose against it",
          "[conflict]") {
  shop s;
  s.add("main", spec({"a"}));
  auto preferred = rule(events::rule_action::prefer_source);
  preferred.prefer = "main";
  s.declare({preferred});
  s.edit(spec({"ours"}));
  s.serve("main", spec({"theirs"}));
  CHECK_THAT(s.text(), Contains("theirs"));
  s.add("side", spec({"aside"}), contributor);
  CHECK_THAT(s.text(), Contains("theirs"));
  CHECK(s.last().choice == "current");
}

TEST_CASE("changed rules decide what is open, without a fetch", "[conflict]") {
  shop s;
  s.add("main", spec({"a"}));
  s.edit(spec({"ours"}));
  s.serve("main", spec({"theirs"}));
  REQUIRE(s.api().open.size() == 1);
  const auto fetches = s.sim.network().fetches("main");
  s.declare({rule(events::rule_action::prefer_incoming)});
  CHECK(s.api().open.empty());
  CHECK(s.last().rule == "rules[0]");
  CHECK(s.api().head()->fact.cause.kind == "rules");
  CHECK_THAT(s.text(), Contains("theirs"));
  CHECK(s.sim.network().fetches("main") == fetches);
}

TEST_CASE("a pin keeps out what nobody contests", "[conflict]") {
  shop s;
  s.add("main", spec({"a"}));
  auto pin = rule(events::rule_action::pin);
  pin.pointer = "/paths/*/get/summary";
  s.declare({pin});
  s.serve("main", spec({"b", "new"}));
  CHECK_THAT(s.text(), Contains("\"a\"") && Contains("new") && !Contains("\"b\""));
  CHECK(s.api().open.empty());
}

TEST_CASE("the first document of a contributor that differs in many places is one question",
          "[conflict]") {
  shop s;
  s.add("main", spec({"a", "b", "c", "d", "e", "f", "g"}));
  s.add("side", spec({"A", "B", "C", "D", "E", "F", "G", "H"}), contributor);
  REQUIRE(s.api().open.size() == 1);
  const auto id = s.api().open.begin()->first;
  CHECK(s.api().open.begin()->second->detail.places.size() == 7);
  CHECK_THAT(s.text(), Contains("\"H\"") && Contains("\"a\"")); // the rest came in

  SECTION("taken for all of them") {
    REQUIRE(s.resolve("incoming"));
    CHECK(s.api().open.empty());
    CHECK_THAT(s.text(), Contains("\"A\"") && Contains("\"G\"") && !Contains("\"a\""));
    REQUIRE(s.undo(id));
    CHECK(s.api().open.size() == 1);
    CHECK_THAT(s.text(), Contains("\"a\"") && Contains("\"g\"") && Contains("\"H\""));
  }
  SECTION("kept for all of them") {
    REQUIRE(s.resolve("current"));
    CHECK(s.api().open.empty());
    s.serve("side", spec({"A", "B", "C", "D", "E", "F", "GG", "H"})); // one is asked about anew
    CHECK(s.api().open.size() == 1);
    CHECK(s.api().open.begin()->second->detail.places.empty());
  }
  SECTION("looked at one by one") {
    REQUIRE(s.resolve("review"));
    CHECK(s.api().open.size() == 7);
    CHECK(s.last().reason == "its places are looked at one by one");
    CHECK(s.api().open.begin()->second->detail.pointer.ends_with("/get/summary"));
    REQUIRE(s.resolve("incoming"));
    CHECK_THAT(s.text(), Contains("\"A\"") && Contains("\"G\""));
  }
  SECTION("no value of one's own fits all of them") {
    const auto refused = s.resolve("base");
    REQUIRE_FALSE(refused);
    CHECK_THAT(refused.error().message, Contains("7 places"));
  }
  SECTION("it goes on about what still differs, and closes when nothing does") {
    s.serve("side", spec({"a", "b", "c", "d", "e", "F", "GG", "H"}));
    REQUIRE(s.api().open.size() == 1);
    CHECK(s.api().open.begin()->second->detail.places.size() == 2);
    s.serve("side", spec({"a", "b", "c", "d", "e", "f", "g", "H"}));
    CHECK(s.api().open.empty());
    CHECK(s.last().state == "closed");
  }
}

TEST_CASE("what a contributor deletes and another still declares stays", "[conflict]") {
  shop s;
  s.add("main", spec({"a", "b"}));
  s.add("side", spec({"a", "b", "c"}), contributor);
  s.serve("side", spec({"a", "", ""}));
  CHECK_THAT(s.text(), Contains("/p1") && !Contains("/p2")); // only it declared the third
  s.serve("main", spec({"a", ""}));
  CHECK_THAT(s.text(), !Contains("/p1"));
}

TEST_CASE("the same question is decided as before", "[conflict]") {
  shop s;
  s.add("main", spec({"a"}));
  s.edit(spec({"ours"}));
  s.serve("main", spec({"theirs"}));
  REQUIRE(s.resolve("current"));
  s.serve("main", spec({"a"})); // another question: what upstream took back
  REQUIRE(s.resolve("current"));
  s.serve("main", spec({"theirs"}));
  CHECK(s.api().open.empty());
  CHECK(s.last().rule == "remembered");
  CHECK_THAT(s.last().reason, Contains("user:ann"));
  CHECK_THAT(s.text(), Contains("ours"));
}

TEST_CASE("a decision can be made a rule for its place, and the rule dropped", "[conflict]") {
  shop s;
  s.add("main", spec({"a", "b"}));
  s.edit(spec({"ours", "ours too"}));
  s.serve("main", spec({"theirs", "b"}));
  REQUIRE(s.resolve("incoming", true));
  REQUIRE(s.api().learned.size() == 1);
  s.edit(spec({"ours again", "ours too"}));
  s.serve("main", spec({"theirs, anew", "theirs, too"}));
  CHECK(s.api().open.size() == 1); // the other place
  CHECK(s.last().rule == "learned[0]");
  CHECK_THAT(s.text(), Contains("theirs, anew") && Contains("ours too"));

  REQUIRE(s.sim.change(actors::forget_rule{"shop", 0, {{"user:ann", {}, 0}, {}}}));
  CHECK(s.api().learned.empty());
  const auto again = s.sim.change(actors::forget_rule{"shop", 0, {{"user:ann", {}, 0}, {}}});
  REQUIRE_FALSE(again);
  CHECK(again.error().code == errc::not_found);
}

TEST_CASE("a decision is undone where its place has not changed since", "[conflict]") {
  shop s;
  s.add("main", spec({"a", "b"}));
  s.edit(spec({"ours", "b"}));
  s.serve("main", spec({"theirs", "b"}));
  const auto id = s.api().open.begin()->first;
  REQUIRE(s.resolve("incoming"));
  s.serve("main", spec({"theirs", "later"}));

  SECTION("not changed") {
    REQUIRE(s.undo(id));
    CHECK(s.api().open.size() == 1);
    CHECK_THAT(s.text(), Contains("ours") && Contains("later"));
    const auto twice = s.undo(id);
    REQUIRE_FALSE(twice);
    CHECK(twice.error().code == errc::conflict);
    s.serve("main", spec({"a", "later"})); // what was undone is not remembered
    CHECK(s.last().rule != "remembered");
  }
  SECTION("changed") {
    s.edit(spec({"by hand", "later"}));
    const auto refused = s.undo(id);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == errc::conflict);
    CHECK_THAT(s.text(), Contains("by hand"));
  }
}

TEST_CASE("what a rollback refused does not come back, and what upstream changes after it does",
          "[conflict]") {
  shop s;
  s.add("main", spec({"a", "b"}));
  s.serve("main", spec({"bad", "b"}));
  REQUIRE(s.sim.change(actors::rollback_api{"shop", 1, "bad", {{"user:ann", {}, 0}, {}}}));
  CHECK_THAT(s.text(), !Contains("bad"));
  s.serve("main", spec({"a", "b"}));
  const auto ended = s.serve("main", spec({"bad", "b"})); // the same once more
  CHECK(ended.reason == "refused");
  CHECK_THAT(s.text(), !Contains("bad"));
  s.serve("main", spec({"bad", "better"}));
  CHECK_THAT(s.text(), !Contains("bad") && Contains("better"));
}

TEST_CASE("a guard holds what would break users until somebody accepts it", "[conflict]") {
  shop s;
  s.add("main", spec({"a", "b"}));
  s.declare({}, events::change_level::error);
  const auto held = s.serve("main", spec({"a", ""}));
  CHECK(held.outcome == events::sync_outcome::quarantined);
  CHECK_THAT(held.reason, Contains("guard") && Contains("~1p1"));
  CHECK_THAT(s.text(), Contains("/p1"));
  CHECK(s.serve("main", spec({"c", "b"})).outcome == events::sync_outcome::changed);
  s.serve("main", spec({"c", ""}));
  REQUIRE(s.sim.change(actors::accept_quarantine{"main", {{"user:ann", {}, 0}, {}}}));
  REQUIRE(s.sim.sync("main"));
  CHECK_THAT(s.text(), !Contains("/p1"));
}

TEST_CASE("among branches of one repository the higher version wins", "[conflict]") {
  const auto branch = [](shop& s, const std::string& id, events::source_role role,
                         const std::string& text) {
    auto order = test::source_of(id, role);
    order.definition.kind = events::source_kind::git;
    order.definition.url = "https://git.example.com/shop.git";
    order.definition.path = "openapi.json";
    order.definition.ref = id;
    s.sim.network().set(id, text);
    REQUIRE(s.sim.change(order));
    s.sim.advance(1s);
  };
  shop s;
  branch(s, "main", events::source_role::authority, spec({"a"}, "1.2.0"));
  branch(s, "next", contributor, spec({"a"}, "1.10.0"));
  CHECK_THAT(s.text(), Contains("1.10.0"));
  CHECK(s.last().rule == "version-higher-wins");
}

TEST_CASE("a source may have names that stand twice", "[conflict]") {
  shop s;
  const std::string twice = R"({"openapi":"3.0.3","info":{"title":"S","version":"1"},"paths":{},)"
                            R"("x-a":1,"x-a":2})";
  auto order = test::source_of("main");
  order.definition.duplicates = events::duplicate_names::last;
  s.sim.network().set("main", twice);
  REQUIRE(s.sim.change(order));
  s.sim.advance(1s);
  REQUIRE(s.api().head() != nullptr);
  CHECK_THAT(s.api().head()->fact.warnings.front(), Contains("x-a"));
  CHECK(s.text() == twice);
  auto other = twice;
  other.replace(other.find(":2"), 2, ":3");
  CHECK(s.serve("main", other).outcome == events::sync_outcome::changed);
}
