#include "tests/support/simulation.hpp"

using namespace apisync;
using namespace std::chrono_literals;

namespace {

std::string spec(const std::string& title, const std::string& paths) {
  return R"({"openapi":"3.0.3","info":{"title":")" + title + R"(","version":"1.0.0"},"paths":{)" +
         paths + "}}";
}

std::string operation(const std::string& path, const std::string& summary) {
  return '"' + path + R"(":{"get":{"summary":")" + summary +
         R"(","responses":{"200":{"description":"fine"}}}})";
}

actors::add_source source(const std::string& id, const std::string& api,
                          events::source_role role = events::source_role::authority) {
  actors::add_source order;
  order.definition.id = id;
  order.definition.api = api;
  order.definition.kind = events::source_kind::http;
  order.definition.url = "https://specs.example/" + id;
  order.definition.role = role;
  order.definition.interval = 30s;
  order.asked.from.by = "user:test";
  return order;
}

} // namespace

TEST_CASE("a source that is added is synced at once and becomes the first revision", "[sync]") {
  test::simulation sim;
  const auto text = spec("Billing", operation("/bills", "all bills"));
  sim.network().set("billing", text);
  REQUIRE(sim.change(source("billing", "billing")));
  sim.advance(1s);

  const auto views = sim.views();
  const auto* api = views.api("billing");
  REQUIRE(api != nullptr);
  REQUIRE(api->revisions.size() == 1);
  CHECK(api->head()->fact.verdict == "first");
  CHECK(api->head()->fact.operations == 1);
  auto stored = sim.store().documents->load(api->text);
  REQUIRE(stored);
  CHECK(*stored == text);
  const auto* job = views.job("billing");
  REQUIRE(job != nullptr);
  CHECK(job->status == events::job_status::completed);
  CHECK(job->last_outcome == events::sync_outcome::changed);
}

TEST_CASE("an unchanged source is polled on and on without a revision", "[sync]") {
  test::simulation sim;
  sim.network().set("billing", spec("Billing", operation("/bills", "all bills")));
  REQUIRE(sim.change(source("billing", "billing")));
  sim.advance(10min);
  const auto views = sim.views();
  CHECK(sim.network().fetches("billing") >= 18); // every 30 s, give or take a tenth
  CHECK(views.api("billing")->revisions.size() == 1);
  CHECK(views.metrics().changed == 1);
  CHECK(views.metrics().unchanged + 1 == sim.network().fetches("billing"));
}

TEST_CASE("a removed operation is a breaking revision", "[sync]") {
  test::simulation sim;
  sim.network().set("billing", spec("Billing", operation("/bills", "all bills") + ',' +
                                                   operation("/taxes", "all taxes")));
  REQUIRE(sim.change(source("billing", "billing")));
  sim.advance(1s);
  sim.network().set("billing", spec("Billing", operation("/bills", "all bills")));
  auto ended = sim.sync("billing");
  REQUIRE(ended);
  CHECK(ended->outcome == events::sync_outcome::changed);
  CHECK(ended->revision == 2);
  const auto views = sim.views();
  CHECK(views.api("billing")->head()->fact.verdict == "breaking");
  CHECK(views.api("billing")->head()->fact.counts.error >= 1);
}

TEST_CASE("a contributor's addition merges and its disagreement stays an open conflict", "[sync]") {
  test::simulation sim;
  sim.network().set("billing", spec("Billing", operation("/bills", "all bills")));
  sim.network().set("gateway", spec("Billing", operation("/bills", "every bill") + ',' +
                                                   operation("/health", "alive")));
  REQUIRE(sim.change(source("billing", "billing")));
  sim.advance(1s);
  REQUIRE(sim.change(source("gateway", "billing", events::source_role::contributor)));
  sim.advance(1s);

  auto views = sim.views();
  const auto* api = views.api("billing");
  REQUIRE(api->revisions.size() == 2);
  CHECK(api->head()->fact.operations == 2);
  REQUIRE(api->open.size() == 1);
  const auto conflict = api->open.begin()->second;
  CHECK(conflict->detail.pointer == "/paths/~1bills/get/summary");
  CHECK(conflict->detail.kind == "add/add");
  CHECK(conflict->detail.current->text == "\"all bills\"");
  CHECK(conflict->detail.incoming->text == "\"every bill\"");

  actors::resolve_conflicts order{"billing", {conflict->detail.id},    "incoming", {}, "clearer",
                                  false,     {{"user:ann", {}, 0}, {}}};
  REQUIRE(sim.change(order));
  views = sim.views();
  api = views.api("billing");
  CHECK(api->open.empty());
  REQUIRE(api->revisions.size() == 3);
  CHECK(api->head()->by == "user:ann");
  const auto text = sim.store().documents->load(api->text);
  REQUIRE(text);
  CHECK(text->find("every bill") != std::string::npos);

  // The decision holds: polls of both sources bring nothing back.
  sim.advance(5min);
  CHECK(sim.views().api("billing")->revisions.size() == 3);
}

TEST_CASE("a document that is none is kept out and the last good revision stays", "[sync]") {
  test::simulation sim;
  sim.network().set("billing", spec("Billing", operation("/bills", "all bills")));
  REQUIRE(sim.change(source("billing", "billing")));
  sim.advance(1s);
  sim.network().set("billing", "{\"openapi\":\"3.0.3\",");
  auto ended = sim.sync("billing");
  REQUIRE(ended);
  CHECK(ended->outcome == events::sync_outcome::quarantined);
  auto views = sim.views();
  CHECK(views.api("billing")->revisions.size() == 1);
  REQUIRE(views.source("billing")->quarantined.has_value());

  sim.network().set("billing", spec("Billing", operation("/bills", "the bills")));
  REQUIRE(sim.sync("billing"));
  views = sim.views();
  CHECK(views.api("billing")->revisions.size() == 2);
  CHECK_FALSE(views.source("billing")->quarantined.has_value());
}

TEST_CASE("a failing source is retried, then probed more and more rarely, and recovers", "[sync]") {
  test::simulation sim;
  sim.network().break_down("billing", {sources::failure_class::transient,
                                       {errc::io, "connection refused", "https://specs.example"},
                                       {}});
  REQUIRE(sim.change(source("billing", "billing")));
  sim.advance(2min);
  auto views = sim.views();
  const auto* job = views.job("billing");
  CHECK(job->status == events::job_status::failed);
  CHECK(job->retry_count == job->definition.max_retries);
  const auto probes = sim.network().fetches("billing");
  sim.advance(1h);
  CHECK(sim.network().fetches("billing") > probes);
  CHECK(sim.network().fetches("billing") < probes + 10);
  sim.network().set("billing", spec("Billing", operation("/bills", "all bills")));
  sim.advance(3h);
  views = sim.views();
  CHECK(views.job("billing")->status == events::job_status::completed);
  CHECK(views.api("billing")->revisions.size() == 1);
}

TEST_CASE("a sync that was running at a crash is recorded as interrupted and run again", "[sync]") {
  test::simulation sim;
  sim.network().set("billing", spec("Billing", operation("/bills", "all bills")));
  sim.network().hold("billing");
  REQUIRE(sim.change(source("billing", "billing")));
  sim.advance(1s);
  REQUIRE(sim.views().job("billing")->status == events::job_status::running);
  sim.crash();
  sim.network().release("billing"); // the answer to the dead is nobody's
  sim.advance(1s);
  const auto views = sim.views();
  CHECK(views.metrics().interrupted == 1);
  CHECK(views.job("billing")->status == events::job_status::completed);
  CHECK(views.api("billing")->revisions.size() == 1);
}

TEST_CASE("a paused engine starts no sync, and a stopped one interrupts what runs", "[sync]") {
  test::simulation sim;
  sim.network().set("billing", spec("Billing", operation("/bills", "all bills")));
  REQUIRE(sim.change(source("billing", "billing")));
  sim.advance(1s);
  REQUIRE(sim.change(actors::engine_command{events::engine_verb::pause, {}}));
  const auto before = sim.network().fetches("billing");
  sim.advance(5min);
  CHECK(sim.network().fetches("billing") == before);
  auto refused = sim.sync("billing");
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == errc::conflict);

  REQUIRE(sim.change(actors::engine_command{events::engine_verb::resume, {}}));
  sim.network().hold("billing");
  sim.advance(1min);
  REQUIRE(sim.views().job("billing")->status == events::job_status::running);
  REQUIRE(sim.change(actors::engine_command{events::engine_verb::stop, {}}));
  const auto views = sim.views();
  CHECK(views.engine().mode == events::engine_mode::stopped);
  CHECK(views.job("billing")->last_outcome == events::sync_outcome::interrupted);
}

TEST_CASE("the same seed gives the same records, byte for byte", "[sync][determinism]") {
  const auto record = [](std::uint64_t seed) {
    test::simulation sim{seed};
    sim.network().set("billing", spec("Billing", operation("/bills", "all bills")));
    sim.network().set("gateway", spec("Billing", operation("/bills", "every bill")));
    REQUIRE(sim.change(source("billing", "billing")));
    REQUIRE(sim.change(source("gateway", "billing", events::source_role::contributor)));
    sim.advance(7min);
    sim.network().break_down(
        "gateway",
        {sources::failure_class::transient, {errc::io, "timeout", "https://specs.example"}, {}});
    sim.network().set("billing", spec("Billing", operation("/accounts", "all accounts")));
    sim.advance(7min);
    return sim.exported();
  };
  const auto first = record(7);
  CHECK(first == record(7));
  CHECK(first != record(8));
}

TEST_CASE("syncs that wait for a place do not wait for rows to be collected", "[sync]") {
  test::simulation sim;
  REQUIRE(sim.change(actors::change_settings{{{"concurrency", events::raw_json{"1"}}}, {}}));
  for (int i = 0; i < 5; ++i) {
    const auto id = "s" + std::to_string(i);
    sim.network().set(id, R"({"openapi":"3.1.0","info":{"title":"T","version":"1"},"paths":{}})");
    actors::add_source order;
    order.definition.id = order.definition.api = id;
    order.definition.path = id + ".json";
    static_cast<void>(sim.tell<actors::answer>(order));
  }
  sim.advance(90ms); // rows are collected for 100
  std::size_t ended = 0;
  sim.views().each_job([&](const events::job_state& job) { ended += job.last_ended ? 1 : 0; });
  CHECK(ended == 5);
}
