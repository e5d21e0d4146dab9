#include "events/config.hpp"
#include "tests/support/simulation.hpp"

using namespace apisync;
using namespace std::chrono_literals;

namespace {

const std::string document = R"({"openapi":"3.0.3","info":{"title":"T","version":"1"},"paths":{}})";

result<actors::answer> declare(test::simulation& sim, const std::string& text) {
  auto read = events::read_config(text, "apisync.yaml");
  REQUIRE(read);
  const actors::apply_config order{std::make_shared<const events::config>(std::move(*read)),
                                   "apisync.yaml"};
  auto outcome = sim.change(order);
  sim.advance(1s);
  return outcome;
}

const std::string folders =
    "folders: [{id: services, files: specs, api: '{name}', searchInterval: 1m}]\n";

void holds(test::simulation& sim, std::vector<std::string> documents, std::string problem = {}) {
  sim.files().put("specs", {std::move(documents), {}, std::move(problem)});
}

std::size_t count(const test::simulation& sim, std::string_view type) {
  std::size_t out = 0;
  REQUIRE(sim.store().log->read({}, [&](const events::record_view& record) {
    out += record.type == type;
    return true;
  }));
  return out;
}

} // namespace

TEST_CASE("what is found in a folder is kept in sync", "[finder]") {
  test::simulation sim;
  for (const auto* id : {"services.bills", "services.shop"})
    sim.network().set(id, document);
  holds(sim, {"specs/bills.yaml"});
  REQUIRE(declare(sim, folders));
  CHECK(sim.views().api("bills")->revisions.size() == 1);
  CHECK(sim.watcher().watched().at("services.bills") == "specs/bills.yaml");

  holds(sim, {"specs/bills.yaml", "specs/shop.yaml"});
  sim.advance(61s);
  const auto views = sim.views();
  CHECK(views.api("shop")->revisions.size() == 1);
  CHECK(views.source("services.shop")->definition.folder == "services");
  CHECK(views.engine().searched.at("services").fact.documents == 2);

  SECTION("a search that finds the same leaves no record") {
    const auto searches = sim.files().searches("specs");
    const auto told = count(sim, "folder_searched");
    sim.advance(10min);
    CHECK(sim.files().searches("specs") == searches + 10);
    CHECK(count(sim, "folder_searched") == told);
    CHECK(count(sim, "source_added") == 2);
  }
  SECTION("a file that is gone keeps its source, which says so") {
    holds(sim, {"specs/shop.yaml"});
    sim.advance(61s);
    CHECK(sim.views().source("services.bills") != nullptr);
    CHECK(sim.views().engine().searched.at("services").fact.documents == 1);
  }
  SECTION("a crash finds everything as it was") {
    sim.crash();
    sim.advance(2min);
    CHECK(count(sim, "source_added") == 2);
    CHECK(sim.files().searches("specs") >= 3);
    holds(sim, {"specs/bills.yaml", "specs/shop.yaml", "specs/new.yaml"});
    sim.advance(61s);
    CHECK(sim.views().source("services.new") != nullptr);
  }
  SECTION("people cannot take it out one by one") {
    const auto refused =
        sim.change(actors::remove_source{"services.shop", events::declared_by::api, {}});
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == errc::forbidden);
    CHECK_THAT(refused.error().message, Catch::Contains("folder 'services'"));
  }
  SECTION("it goes with its folder") {
    REQUIRE(declare(sim, "{}"));
    const auto after = sim.views();
    CHECK(after.source("services.shop") == nullptr);
    CHECK(after.job("services.shop") == nullptr);
    CHECK(after.api("shop") == nullptr);
    CHECK(after.engine().searched.empty());
    const auto searches = sim.files().searches("specs");
    sim.advance(10min);
    CHECK(sim.files().searches("specs") == searches);
  }
  SECTION("another rule makes other APIs of the same files") {
    REQUIRE(declare(sim, "folders: [{id: services, files: specs, api: 'x-{name}'}]"));
    const auto after = sim.views();
    CHECK(after.api("shop") == nullptr);
    REQUIRE(after.api("x-shop") != nullptr);
    CHECK(after.source("services.shop")->definition.api == "x-shop");
    CHECK(after.api("x-shop")->revisions.size() == 1);
  }
  SECTION("what all have in common changes them all") {
    REQUIRE(declare(sim, "folders: [{id: services, files: specs, api: '{name}', interval: 1h}]"));
    CHECK(sim.views().job("services.shop")->definition.interval == 1h);
    CHECK(sim.views().job("services.bills")->definition.interval == 1h);
    CHECK(count(sim, "source_added") == 2);
  }
}

TEST_CASE("a file that cannot become a source is told, and the others go on", "[finder]") {
  test::simulation sim;
  sim.network().set("mine", document);
  sim.network().set("services.shop", document);
  sim.network().set("services.a.b", document);
  holds(sim, {"specs/a/b.yaml", "specs/a.b.json", "specs/bills.yaml", "specs/shop.yaml"});
  REQUIRE(declare(sim, folders + "sources: [{id: mine, api: bills, file: mine.yaml}]\n"));
  const auto views = sim.views();
  CHECK(views.source("services.bills") == nullptr);
  CHECK(views.api("shop")->revisions.size() == 1);
  const auto& fact = views.engine().searched.at("services").fact;
  CHECK(fact.documents == 4);
  REQUIRE(fact.unread.size() == 2);
  CHECK_THAT(fact.unread[0], Catch::StartsWith("specs/a.b.json: there is a source 'services.a.b'"));
  CHECK_THAT(fact.unread[1], Catch::StartsWith("specs/bills.yaml: ") &&
                                 Catch::Contains("has the authority 'mine' already"));
}

TEST_CASE("a file that is declared by hand is not found a second time", "[finder]") {
  test::simulation sim;
  sim.network().set("mine", document);
  holds(sim, {"specs/bills.yaml"});
  REQUIRE(declare(sim, folders + "sources: [{id: mine, api: bills, file: ./specs//bills.yaml}]\n"));
  CHECK(count(sim, "source_added") == 1);
  CHECK(sim.views().engine().searched.at("services").fact.unread.empty());
}

TEST_CASE("what a target writes into a folder does not come back as a source", "[finder]") {
  test::simulation sim;
  sim.network().set("mine", document);
  holds(sim, {"specs/out.yaml"});
  REQUIRE(declare(sim, folders + "sources: [{id: mine, api: bills, file: mine.yaml}]\n"
                                 "targets: [{id: portal, api: bills, file: specs/out.yaml}]\n"));
  CHECK(count(sim, "source_added") == 1);
  CHECK(sim.views().engine().searched.at("services").fact.unread ==
        std::vector<std::string>{"specs/out.yaml: target 'portal' writes there"});
}

TEST_CASE("a gateway comes after the services that are found", "[finder]") {
  test::simulation sim;
  for (const auto* id : {"services.shop", "gateway"})
    sim.network().set(id, document);
  holds(sim, {"specs/shop.yaml"});
  REQUIRE(declare(sim, folders + "sources: [{id: gateway, api: gateway, file: gateway.yaml, after: "
                                 "[services.shop]}]\n"));
  sim.advance(2min);
  CHECK(sim.views().api("gateway")->revisions.size() == 1);
  CHECK(sim.views().api("shop")->revisions.size() == 1);
}

TEST_CASE("a folder that cannot be searched is told once, and when it can be again", "[finder]") {
  test::simulation sim;
  sim.network().set("services.shop", document);
  holds(sim, {}, "there is no such directory");
  REQUIRE(declare(sim, folders));
  sim.advance(10min);
  CHECK(count(sim, "folder_searched") == 1);
  CHECK(sim.views().engine().searched.at("services").fact.problem == "there is no such directory");
  holds(sim, {"specs/shop.yaml"});
  sim.advance(61s);
  CHECK(count(sim, "folder_searched") == 2);
  CHECK(sim.views().api("shop")->revisions.size() == 1);
}

TEST_CASE("a stopped engine searches nothing, and looks at once when it starts", "[finder]") {
  test::simulation sim;
  sim.network().set("services.shop", document);
  holds(sim, {});
  REQUIRE(declare(sim, folders));
  REQUIRE(sim.change(actors::engine_command{events::engine_verb::stop, {}}));
  holds(sim, {"specs/shop.yaml"});
  const auto searches = sim.files().searches("specs");
  sim.advance(10min);
  CHECK(sim.files().searches("specs") == searches);
  CHECK(sim.views().source("services.shop") == nullptr);
  REQUIRE(sim.change(actors::engine_command{events::engine_verb::start, {}}));
  sim.advance(1s);
  CHECK(sim.views().api("shop")->revisions.size() == 1);
}
