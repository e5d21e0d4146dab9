// Targets in the running service.
#include "events/status.hpp"
#include "tests/actors/shop.hpp"

using namespace apisync;
using Catch::Matchers::Contains;
using namespace std::chrono_literals;
using test::shop;
using test::spec;

namespace {

events::target_definition copy_of(const std::string& api = "shop") {
  events::target_definition out;
  out.id = "copy";
  out.api = api;
  out.path = "out/copy.json";
  return out;
}

result<actors::answer> declare(shop& s, std::vector<events::target_definition> targets) {
  actors::apply_config order;
  auto config = std::make_shared<events::config>();
  config->targets = std::move(targets);
  config->hash = sha256::of(std::to_string(s.sim.views().at()));
  order.config = std::move(config);
  order.file = "apisync.yaml";
  auto outcome = s.sim.change(order);
  s.sim.advance(100ms);
  return outcome;
}

const events::target_state& target(shop& s) {
  static std::optional<events::views> views;
  views = s.sim.views();
  return *views->target("copy");
}

events::target_condition condition(shop& s) {
  const auto views = s.sim.views();
  return condition_of(views, *views.target("copy"));
}

std::size_t count(shop& s, const std::string& type) {
  const auto text = s.sim.exported();
  std::size_t found = 0;
  for (auto at = text.find(' ' + type + ' '); at != std::string::npos;
       at = text.find(' ' + type + ' ', at + 1))
    ++found;
  return found;
}

} // namespace

TEST_CASE("a target has the document of its API, from the first on", "[target]") {
  shop s;
  REQUIRE(declare(s, {copy_of()}));
  CHECK(condition(s) == events::target_condition::waiting);
  s.add("main", spec({"a"}));
  CHECK(s.sim.places().at("copy") == spec({"a"}));
  CHECK(condition(s) == events::target_condition::written);
  s.serve("main", spec({"b"}));
  s.sim.advance(100ms);
  CHECK(s.sim.places().at("copy") == spec({"b"}));
  CHECK(target(s).written->revision == 2);
  CHECK(target(s).writes == 2);
  CHECK(s.sim.places().orders("copy").size() == 2);
}

TEST_CASE("what a target has is not written again, over a restart too", "[target]") {
  shop s;
  s.add("main", spec({"a"}));
  REQUIRE(declare(s, {copy_of()}));
  REQUIRE(s.sim.places().orders("copy").size() == 1);
  s.sim.advance(5h);
  s.sim.crash();
  s.sim.advance(5h);
  CHECK(s.sim.places().orders("copy").size() == 1);
  const auto written = count(s, "target_written");
  CHECK(written == 1);
}

TEST_CASE("a document that is there already is found, not written", "[target]") {
  shop s;
  s.add("main", spec({"a"}));
  s.sim.places().put("copy", spec({"a"}));
  REQUIRE(declare(s, {copy_of()}));
  CHECK(target(s).written->found);
  CHECK(target(s).writes == 0);
}

TEST_CASE("a target that fails is tried again and again, ever more slowly, and then has the newest",
          "[target]") {
  shop s;
  s.add("main", spec({"a"}));
  s.sim.places().break_down("copy");
  REQUIRE(declare(s, {copy_of()}));
  CHECK(condition(s) == events::target_condition::failing);
  CHECK_THAT(target(s).problem->reason, Contains("it is full"));
  s.serve("main", spec({"b"}));
  s.sim.advance(1h);
  const auto tries = s.sim.places().orders("copy").size();
  CHECK(tries > 3);
  CHECK(tries < 60); // half of retryCap, on average
  s.serve("main", spec({"c"}));
  s.sim.places().break_down("copy", std::nullopt);
  s.sim.advance(2h);
  CHECK(s.sim.places().at("copy") == spec({"c"}));
  CHECK(count(s, "target_written") == 1); // those in between were passed over
  CHECK(target(s).failures == 0);
  CHECK(condition(s) == events::target_condition::written);
}

TEST_CASE("a crash at any moment loses no document and writes none twice", "[target]") {
  for (std::size_t messages = 0; messages < 60; ++messages) {
    shop s;
    s.add("main", spec({"a"}));
    REQUIRE(declare(s, {copy_of()}));
    s.sim.network().hold("main");
    s.sim.network().set("main", spec({"b"}));
    const auto syncing = s.sim.tell<actors::sync_ended>(
        actors::sync_source{"main", true, {{"user:test", {}, 0}, {}}});
    s.sim.network().release("main");
    s.sim.run(messages);
    s.sim.crash();
    s.sim.advance(2h);
    INFO(messages);
    CHECK(s.sim.places().at("copy") == spec({"b"}));
    CHECK(target(s).written->revision == 2);
  }
}

TEST_CASE("what changes while it is written is written after it", "[target]") {
  shop s;
  s.add("main", spec({"a"}));
  s.sim.places().hold("copy");
  REQUIRE(declare(s, {copy_of()}));
  s.serve("main", spec({"b"}));
  s.serve("main", spec({"c"}));
  s.sim.places().release("copy");
  s.sim.advance(1s);
  CHECK(s.sim.places().at("copy") == spec({"c"}));
  CHECK(s.sim.places().orders("copy").size() == 2);
}

TEST_CASE("a target of the released document waits for a promotion", "[target]") {
  shop s;
  s.add("main", spec({"a"}));
  auto released = copy_of();
  released.document = events::target_document::released;
  REQUIRE(declare(s, {released}));
  s.serve("main", spec({"b"}));
  s.sim.advance(1s);
  CHECK_FALSE(s.sim.places().at("copy"));
  REQUIRE(s.sim.change(actors::promote_api{"shop", 1, {}, {{"user:ann", {}, 0}, {}}}));
  s.sim.advance(1s);
  CHECK(s.sim.places().at("copy") == spec({"a"}));
}

TEST_CASE(
    "a target that is declared anew or ordered is written again; one that is not enabled is not",
    "[target]") {
  shop s;
  s.add("main", spec({"a"}));
  REQUIRE(declare(s, {copy_of()}));
  s.sim.places().put("copy", "gone wrong");
  REQUIRE(s.sim.change(actors::write_target{"copy", {{"user:ann", {}, 0}, {}}}));
  s.sim.advance(1s);
  CHECK(s.sim.places().at("copy") == spec({"a"}));

  auto elsewhere = copy_of();
  elsewhere.path = "other.json";
  REQUIRE(declare(s, {elsewhere}));
  CHECK(s.sim.places().orders("copy").back().to.path == "other.json");

  elsewhere.enabled = false;
  REQUIRE(declare(s, {elsewhere}));
  s.serve("main", spec({"b"}));
  s.sim.advance(1h);
  CHECK(s.sim.places().at("copy") == spec({"a"}));
  CHECK(condition(s) == events::target_condition::disabled);
  const auto refused = s.sim.change(actors::write_target{"copy", {}});
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == errc::conflict);

  REQUIRE(declare(s, {}));
  CHECK(s.sim.views().target("copy") == nullptr);
}

TEST_CASE("a target where the authority reads brings edits home and never echoes", "[target]") {
  shop s;
  const std::string curation =
      R"({"overlay":"1.1.0","info":{"title":"t","version":"1"},"actions":[)"
      R"({"target":"$.info","update":{"title":"Curated","x-list":["one"]}}]})";
  auto definition = s.api().definition;
  definition.overlays = {{"t", {curation}}};
  REQUIRE(s.sim.change(actors::change_api{definition, events::declared_by::api, {}}));
  s.add("main", spec({"a"}));
  auto home = copy_of();
  home.path = "./main.json"; // where `main` reads
  REQUIRE(declare(s, {home}));
  s.sim.places().put("copy", spec({"a"}));
  REQUIRE(s.sim.change(actors::write_target{"copy", {}}));
  s.sim.advance(1s);
  const auto text = s.text();
  auto edited = text;
  edited.replace(edited.find("\"a\""), 3, "\"ours\"");
  s.edit(edited);
  s.sim.advance(1s);
  REQUIRE(s.sim.places().at("copy"));
  const auto brought = *s.sim.places().at("copy");
  CHECK_THAT(brought, Contains("ours") && !Contains("Curated") && !Contains("x-list"));
  const auto revisions = s.api().revisions.size();
  for (int round = 0; round < 3; ++round) {
    s.serve("main", *s.sim.places().at("copy")); // the source reads what was written
    s.sim.advance(1s);
  }
  CHECK(s.api().revisions.size() == revisions);
  CHECK(s.sim.places().at("copy") == brought);
  CHECK(s.api().open.empty());
  CHECK(s.text().find("x-list") == s.text().rfind("x-list"));
}

TEST_CASE("what is in quarantine is nothing to write against", "[target]") {
  shop s;
  s.sim.network().set("main", spec({"a"}));
  auto order = test::source_of("main");
  order.definition.kind = events::source_kind::http;
  order.definition.url = "https://specs.example/shop";
  order.definition.path.clear();
  REQUIRE(s.sim.change(order));
  s.sim.advance(1s);
  auto home = copy_of();
  home.kind = events::target_kind::http;
  home.url = order.definition.url;
  home.path.clear();
  s.sim.places().put("copy", spec({"a"}));
  REQUIRE(declare(s, {home}));
  REQUIRE(s.sim.places().orders("copy").back().shared);
  const auto tag = s.sim.places().orders("copy").back().shared->etag;
  CHECK_FALSE(tag.empty());
  CHECK(tag == s.sim.views().source("main")->seen.etag);
  s.sim.network().set("main", "<html>login</html>");
  REQUIRE(s.sim.sync("main"));
  REQUIRE(s.sim.views().source("main")->quarantined);
  s.edit(spec({"ours"}));
  s.sim.advance(1s);
  CHECK(s.sim.places().orders("copy").back().shared->etag.empty());
}

TEST_CASE("a file that somebody makes what it is to be can be written after it", "[target]") {
  shop s;
  s.add("main", spec({"a"}));
  s.sim.places().put("copy", spec({"a"}));
  auto home = copy_of();
  home.path = "main.json";
  REQUIRE(declare(s, {home}));
  s.edit("  " + spec({"a"})); // other words: they come home
  s.sim.advance(1s);
  s.serve("main", spec({"a"}) + "\n\n"); // and somebody has still others
  s.serve("main", s.text());
  s.sim.places().put("copy", s.text());
  s.edit(spec({"b"}));
  s.sim.advance(1s);
  CHECK_THAT(*s.sim.places().at("copy"), Contains("\"b\""));
}

TEST_CASE("what a source has not taken in yet is not overwritten", "[target]") {
  shop s;
  s.add("main", spec({"a", "b"}));
  s.sim.places().put("copy", spec({"a", "b"}));
  auto home = copy_of();
  home.path = "main.json";
  REQUIRE(declare(s, {home}));
  // Somebody changes the file, and somebody else the specification.
  s.sim.places().put("copy", spec({"theirs", "b"}));
  s.edit(spec({"a", "ours"}));
  s.sim.advance(1s);
  CHECK(s.sim.places().at("copy") == spec({"theirs", "b"}));
  CHECK_THAT(target(s).problem->reason, Contains("changed since source 'main' was last synced"));
  s.serve("main", *s.sim.places().at("copy"));
  s.sim.advance(1h);
  CHECK(s.sim.places().at("copy") == spec({"theirs", "ours"}));
}
