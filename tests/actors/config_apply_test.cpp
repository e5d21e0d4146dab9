#include "events/config.hpp"
#include "tests/support/simulation.hpp"

using namespace apisync;
using namespace std::chrono_literals;

namespace {

std::string spec(const std::string& summary) {
  return R"({"openapi":"3.0.3","info":{"title":"Bills","version":"1"},"paths":{"/bills":{"get":)"
         R"({"summary":")" +
         summary + R"(","responses":{"200":{"description":"fine"}}}}}})";
}

result<actors::answer> apply(test::simulation& sim, const std::string& text) {
  auto read = events::read_config(text, "apisync.yaml");
  REQUIRE(read);
  actors::apply_config order;
  order.config = std::make_shared<const events::config>(std::move(*read));
  order.file = "apisync.yaml";
  auto outcome = sim.change(order);
  sim.advance(1s);
  return outcome;
}

std::string summary_of(test::simulation& sim, const std::string& api) {
  const auto bytes = sim.store().documents->load(sim.views().api(api)->text);
  REQUIRE(bytes);
  const auto at = bytes->find("\"summary\":\"") + 11;
  return bytes->substr(at, bytes->find('"', at) - at);
}

} // namespace

TEST_CASE("an authority that gets another name in the file is followed under it", "[config]") {
  test::simulation sim;
  sim.network().set("old", spec("all bills"));
  sim.network().set("new", spec("every bill"));
  REQUIRE(apply(sim, "sources: [{id: old, api: bills, file: bills.yaml}]"));
  REQUIRE(apply(sim, "sources: [{id: new, api: bills, file: bills.yaml}]"));
  const auto views = sim.views();
  CHECK(views.source("old") == nullptr);
  CHECK(views.job("old") == nullptr);
  REQUIRE(views.source("new") != nullptr);
  CHECK(summary_of(sim, "bills") == "every bill");
}

TEST_CASE("two sources that change roles in the file are led by the new authority at once",
          "[config]") {
  test::simulation sim;
  sim.network().set("file", spec("all bills"));
  sim.network().set("url", spec("all bills"));
  REQUIRE(apply(sim, "sources:\n"
                     "  - {id: file, api: bills, role: authority, file: bills.yaml}\n"
                     "  - {id: url, api: bills, role: contributor, http: 'https://b.example/'}\n"));
  REQUIRE(apply(sim, "sources:\n"
                     "  - {id: file, api: bills, role: contributor, file: bills.yaml}\n"
                     "  - {id: url, api: bills, role: authority, http: 'https://b.example/'}\n"));
  sim.network().set("url", spec("the bills"));
  REQUIRE(sim.sync("url"));
  CHECK(summary_of(sim, "bills") == "the bills");
  CHECK(sim.views().api("bills")->open.empty());
}

TEST_CASE("a file that contradicts what was made through the HTTP API changes nothing",
          "[config]") {
  test::simulation sim;
  sim.network().set("made", spec("all bills"));
  actors::add_source order;
  order.definition.id = "made";
  order.definition.api = "bills";
  order.definition.kind = events::source_kind::http;
  order.definition.url = "https://b.example/";
  REQUIRE(sim.change(order));
  const auto head = sim.store().log->head();
  const auto refused = apply(sim, "settings: {concurrency: 3}\n"
                                  "sources: [{id: file, api: bills, file: bills.yaml}]\n");
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == errc::conflict);
  CHECK_THAT(refused.error().message, Catch::Contains("authority"));
  storage::read_filter later;
  later.after = head;
  REQUIRE(sim.store().log->read(later, [](const events::record_view& record) {
    CHECK(record.type != "source_added");
    CHECK(record.type != "config_applied");
    return true;
  }));
  CHECK(sim.views().engine().values.concurrency == 8);
}

TEST_CASE("a source that moves to another place is asked there at once", "[config]") {
  test::simulation sim;
  sim.network().set("bills", spec("all bills"));
  REQUIRE(apply(sim, "sources: [{id: bills, api: bills, file: a.yaml, interval: 1d}]"));
  sim.network().set("bills", spec("every bill"));
  REQUIRE(apply(sim, "sources: [{id: bills, api: bills, file: b.yaml, interval: 1d}]"));
  CHECK(summary_of(sim, "bills") == "every bill");
}

TEST_CASE("what the file no longer declares goes, its API last", "[config]") {
  test::simulation sim;
  sim.network().set("bills", spec("all bills"));
  REQUIRE(apply(sim, "sources: [{id: bills, api: bills, file: a.yaml}]\n"
                     "jobs: [{id: nightly, source: bills, cron: '0 3 * * *'}]\n"));
  REQUIRE(sim.views().job("nightly") != nullptr);
  REQUIRE(apply(sim, "sources: []"));
  const auto views = sim.views();
  CHECK(views.source("bills") == nullptr);
  CHECK(views.job("nightly") == nullptr);
  CHECK(views.api("bills") == nullptr);
  const auto again = apply(sim, "sources: []");
  REQUIRE(again);
  CHECK(again->sequence == 0); // as it was
}

TEST_CASE("settings are in force before the sources beside them", "[config]") {
  test::simulation sim;
  sim.network().set("main", spec("all bills"));
  REQUIRE(apply(sim, "settings: {documentBytes: 1048576, concurrency: 3}\n"
                     "sources: [{id: main, api: bills, file: bills.yaml}]\n"));
  std::vector<std::string> order;
  REQUIRE(sim.store().log->read({}, [&](const events::record_view& record) {
    if (record.type == "settings_changed" || record.type == "source_added" ||
        record.type == "config_applied")
      order.emplace_back(record.type);
    return true;
  }));
  CHECK(order == std::vector<std::string>{"settings_changed", "source_added", "config_applied"});
  CHECK(sim.views().engine().values.document_bytes == 1U << 20);

  // A value that a person sets later stays, as long as the file says the same.
  REQUIRE(sim.change(actors::change_settings{{{"concurrency", events::raw_json{"5"}}}, {}}));
  REQUIRE(apply(sim, "settings: {documentBytes: 2097152, concurrency: 3}\n"
                     "sources: [{id: main, api: bills, file: bills.yaml}]\n"));
  CHECK(sim.views().engine().values.concurrency == 5);
  CHECK(sim.views().engine().values.document_bytes == 2U << 20);
}
