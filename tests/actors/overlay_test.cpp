// Overlays and rules of compatibility of an API, in the running service.
#include "tests/actors/shop.hpp"

using namespace apisync;
using Catch::Matchers::Contains;
using test::shop;
using test::spec;

namespace {

events::overlay_definition overlay(const std::string& actions) {
  return {"curation",
          {R"({"overlay":"1.1.0","info":{"title":"curation","version":"1"},"actions":[)" + actions +
           "]}"}};
}

const std::string no_p1 = R"({"target":"$.paths['/p1']","remove":true})";
const std::string our_title = R"({"target":"$.info","update":{"title":"Our shop"}})";

result<actors::answer> declare(shop& s, const std::vector<events::overlay_definition>& overlays,
                               const std::string& by = "ann") {
  auto definition = s.api().definition;
  definition.overlays = overlays;
  return s.sim.change(
      actors::change_api{definition, events::declared_by::api, {{"user:" + by, {}, 0}, {}}});
}

result<actors::answer> edit(shop& s, const std::string& text) {
  return s.sim.change(actors::edit_spec{
      "shop", std::make_shared<const std::string>(text), "by hand", {}, {{"user:ann", {}, 0}, {}}});
}

std::string merged(shop& s) {
  return *s.sim.store().documents->load(s.api().merged);
}

} // namespace

TEST_CASE("a declared overlay lies on the document at once, and goes without a trace",
          "[overlay]") {
  shop s;
  s.add("main", spec({"a", "b"}));
  const auto before = s.text();
  REQUIRE(declare(s, {overlay(no_p1 + "," + our_title)}));
  CHECK_THAT(s.text(), Contains("Our shop") && !Contains("/p1"));
  CHECK(merged(s) == before);
  CHECK(s.api().head()->fact.cause.kind == "overlays");
  CHECK(s.api().head()->fact.cause.author == "user:ann");
  CHECK(s.api().head()->fact.counts.error == 1); // an operation is gone for readers
  CHECK(s.sim.network().fetches("main") == 1);

  REQUIRE(declare(s, {}));
  CHECK(s.text() == before);
  CHECK_FALSE(s.api().head()->fact.merged);
}

TEST_CASE("an overlay that is declared while the first document comes lies on it", "[overlay]") {
  for (std::size_t messages = 0; messages < 40; ++messages) {
    shop s;
    s.sim.network().hold("main");
    s.add("main", spec({"a", "b"}));
    auto definition = s.api().definition;
    definition.overlays = {overlay(no_p1)};
    s.sim.network().release("main");
    s.sim.run(messages);
    REQUIRE(s.sim.change(
        actors::change_api{definition, events::declared_by::api, {{"user:ann", {}, 0}, {}}}));
    s.sim.run();
    REQUIRE(s.api().head() != nullptr);
    INFO(messages);
    CHECK_THAT(s.text(), !Contains("/p1"));
  }
}

TEST_CASE("an overlay outlives changes upstream, and takes no part in merges", "[overlay]") {
  shop s;
  s.add("main", spec({"a", "b"}));
  REQUIRE(declare(s, {overlay(no_p1 + "," + our_title)}));
  s.serve("main", spec({"a2", "b2", "c"}, "2.0.0"));
  CHECK_THAT(s.text(), Contains("Our shop") && Contains("a2") && Contains("/p2") &&
                           Contains("2.0.0") && !Contains("/p1"));
  CHECK(merged(s) == spec({"a2", "b2", "c"}, "2.0.0")); // byte for byte
  CHECK(s.api().open.empty());
  CHECK(s.api().head()->fact.warnings.empty());
}

TEST_CASE("what an overlay no longer finds, or no longer fits, is told and holds nothing up",
          "[overlay]") {
  shop s;
  s.add("main", spec({"a", "b"}));
  const std::string misfit = R"({"target":"$.paths","update":"text"})";
  REQUIRE(declare(s, {overlay(no_p1 + "," + misfit + "," + our_title)}));
  CHECK_THAT(s.text(), Contains("Our shop") && !Contains("/p1"));
  s.serve("main", spec({"a", "", "c"}));
  CHECK_THAT(s.text(), Contains("Our shop") && Contains("/p2"));
  const auto& warnings = s.api().head()->fact.warnings;
  REQUIRE(warnings.size() == 2);
  CHECK(warnings[0] == "overlay 'curation': the target $.paths['/p1'] selects nothing");
  CHECK_THAT(warnings[1], Contains("the action on $.paths was left out"));
}

TEST_CASE("a change that an overlay hides moves what merges go on from, without a revision",
          "[overlay]") {
  shop s;
  s.add("main", spec({"a", "b"}));
  REQUIRE(declare(s, {overlay(no_p1)}));
  const auto revisions = s.api().revisions.size();
  const auto served = s.text();
  s.serve("main", spec({"a", "hidden"}));
  CHECK(s.api().revisions.size() == revisions);
  CHECK(s.text() == served);
  CHECK_THAT(merged(s), Contains("hidden"));
  s.sim.crash();
  REQUIRE(declare(s, {}));
  CHECK(s.text() == spec({"a", "hidden"}));
}

TEST_CASE("an edit of what is served goes below the overlays", "[overlay]") {
  shop s;
  s.add("main", spec({"a", "b"}));
  REQUIRE(declare(s, {overlay(no_p1 + "," + our_title)}));

  SECTION("where they say nothing") {
    auto text = s.text();
    text.replace(text.find("\"a\""), 3, "\"ours\"");
    REQUIRE(edit(s, text));
    CHECK_THAT(s.text(), Contains("ours") && Contains("Our shop") && !Contains("/p1"));
    CHECK_THAT(merged(s), Contains("ours") && Contains("\"Shop\"") && Contains("/p1"));
    s.serve("main", spec({"a", "b2"}));
    CHECK(s.api().open.empty());
    CHECK_THAT(merged(s), Contains("ours") && Contains("b2"));
  }
  SECTION("but not against them") {
    auto text = s.text();
    text.replace(text.find("Our shop"), 8, "My shop");
    const auto refused = edit(s, text);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == errc::conflict);
    CHECK_THAT(refused.error().message, Contains("/info/title"));
  }
  SECTION("nor what they would take away again") {
    const auto refused = edit(s, spec({"a", "mine"}));
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == errc::conflict);
  }
}

TEST_CASE("a conflict is about what lies below the overlays", "[overlay]") {
  shop s;
  s.add("main", spec({"a"}));
  const std::string summary = R"({"target":"$.paths['/p0'].get","update":{"summary":"curated"}})";
  auto text = spec({"ours"});
  REQUIRE(edit(s, text));
  REQUIRE(declare(s, {overlay(summary)}));
  s.serve("main", spec({"theirs"}));
  REQUIRE(s.api().open.size() == 1);
  CHECK(s.api().open.begin()->second->detail.current->text == "\"ours\"");
  REQUIRE(s.resolve("incoming"));
  CHECK_THAT(merged(s), Contains("theirs"));
  CHECK_THAT(s.text(), Contains("curated") && !Contains("theirs"));
}

TEST_CASE("a rollback goes back below the overlays", "[overlay]") {
  shop s;
  s.add("main", spec({"a"}));
  s.serve("main", spec({"b"}));
  REQUIRE(declare(s, {overlay(our_title)}));
  REQUIRE(s.sim.change(actors::rollback_api{"shop", 1, "", {{"user:ann", {}, 0}, {}}}));
  CHECK(merged(s) == spec({"a"}));
  CHECK_THAT(s.text(), Contains("\"a\"") && Contains("Our shop"));
}

TEST_CASE("an overlay that leaves no specification is refused, and keeps a document out",
          "[overlay]") {
  shop s;
  s.add("main", spec({"a"}));
  const auto refused = declare(s, {overlay(R"({"target":"$.openapi","remove":true})")});
  REQUIRE_FALSE(refused);
  CHECK_THAT(refused.error().message, Contains("no specification any more"));
  CHECK(s.api().definition.overlays.empty());

  const std::string later = R"({"target":"$[?@=='3.0.4']","remove":true})";
  REQUIRE(declare(s, {overlay(later)}));
  auto text = spec({"b"});
  text.replace(text.find("3.0.3"), 5, "3.0.4");
  const auto ended = s.serve("main", text);
  CHECK(ended.outcome == events::sync_outcome::quarantined);
  CHECK(s.text() == spec({"a"}));
}

TEST_CASE("an API that is added again gets its new overlays", "[overlay]") {
  shop s;
  s.add("main", spec({"a"}));
  REQUIRE(s.sim.change(actors::remove_source{"main", events::declared_by::api, {}}));
  REQUIRE(s.sim.change(actors::remove_api{"shop", events::declared_by::api, {}}));
  events::api_definition again;
  again.id = "shop";
  again.overlays = {overlay(our_title)};
  REQUIRE(s.sim.change(actors::add_api{again, {{"user:ann", {}, 0}, {}}}));
  s.sim.run();
  CHECK_THAT(s.text(), Contains("Our shop"));
}

TEST_CASE("curation is no drift, and what an overlay hides can drift", "[overlay]") {
  shop s;
  s.add("main", spec({"a", "b"}));
  REQUIRE(declare(s, {overlay(no_p1 + "," + our_title)}));
  s.add("live", spec({"a", "b"}), events::source_role::observer);
  CHECK(s.api().drifts.empty());
  s.serve("main", spec({"a", "hidden"}));
  CHECK(s.api().drifts.contains("live"));
  s.serve("live", spec({"a", "hidden"}));
  CHECK(s.api().drifts.empty());
}

TEST_CASE("an observer of what lies below the overlays does not drift", "[overlay]") {
  shop s;
  s.add("main", spec({"a", "b"}));
  REQUIRE(declare(s, {overlay(no_p1)}));
  // What is served is what the observer has; what it is compared with is not.
  s.add("live", spec({"a"}), events::source_role::observer);
  CHECK(s.api().drifts.contains("live"));
  s.serve("live", spec({"a", "b"}));
  CHECK(s.api().drifts.empty());
  s.sim.crash();
  s.sim.run();
  CHECK(s.api().drifts.empty());
}

TEST_CASE("what is no overlay is refused with its reason", "[overlay]") {
  shop s;
  s.add("main", spec({"a"}));
  const auto refused = declare(s, {{"x", {R"({"overlay":"3.0.0"})"}}});
  REQUIRE_FALSE(refused);
  CHECK_THAT(refused.error().message, Contains("1.0 or 1.1"));
  const auto path = declare(s, {overlay(R"({"target":"$.[","remove":true})")});
  REQUIRE_FALSE(path);
  CHECK_THAT(path.error().message, Contains("JSONPath"));
}

TEST_CASE("the changes of an API are judged by its own rules", "[overlay]") {
  shop s;
  auto definition = s.api().definition;
  definition.compatibility =
      events::raw_json{R"({"levels":{"api-path-removed-without-deprecation":"info"}})"};
  REQUIRE(s.sim.change(actors::change_api{definition, events::declared_by::api, {}}));
  s.add("main", spec({"a", "b"}));
  s.serve("main", spec({"a"}));
  CHECK(s.api().head()->fact.counts.error == 0);
  CHECK(s.api().head()->fact.verdict == "compatible");

  definition.compatibility = events::raw_json{R"({"levels":{"no-such-rule":"info"}})"};
  const auto refused = s.sim.change(actors::change_api{definition, events::declared_by::api, {}});
  REQUIRE_FALSE(refused);
  CHECK_THAT(refused.error().message, Contains("no-such-rule"));
}
