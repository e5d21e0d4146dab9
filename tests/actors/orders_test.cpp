#include "actors/ordered_sync.hpp"
#include "tests/support/simulation.hpp"

using namespace apisync;
using namespace std::chrono_literals;

namespace {

std::string spec(const std::string& summary) {
  return R"({"openapi":"3.0.3","info":{"title":"Bills","version":"1"},"paths":{"/bills":{"get":)"
         R"({"summary":")" +
         summary + R"(","responses":{"200":{"description":"fine"}}}}}})";
}

actors::asked_by by(const std::string& author) {
  return {{author, {}, 0}, {}};
}

/// A service with one file source that is polled once a day.
void add_file(test::simulation& sim, const std::string& text) {
  sim.network().set("bills", text);
  actors::add_source order;
  order.definition.id = "bills";
  order.definition.api = "bills";
  order.definition.kind = events::source_kind::file;
  order.definition.path = "bills.yaml";
  order.definition.interval = 24h;
  REQUIRE(sim.change(order));
  sim.advance(1s);
  REQUIRE(sim.views().api("bills")->revisions.size() == 1);
}

void hint(test::simulation& sim) {
  caf::anon_send(sim.house().engine, actors::file_changed{"bills"});
  sim.run();
}

struct seen_record {
  events::sequence sequence, causation;
  std::string stream, type, by;
};

std::vector<seen_record> records(const test::simulation& sim, const std::string& type) {
  std::vector<seen_record> out;
  storage::read_filter filter;
  filter.type = type;
  REQUIRE(sim.store().log->read(filter, [&](const events::record_view& record) {
    out.push_back({record.sequence, record.causation, std::string{record.stream},
                   std::string{record.type}, std::string{record.by}});
    return true;
  }));
  return out;
}

result<actors::answer> verb(test::simulation& sim, events::engine_verb what) {
  return sim.change(actors::engine_command{what, by("user:ann")});
}

} // namespace

// -- orders -------------------------------------------------------------------

TEST_CASE("an order for a sync is on the log with its author, and the sync names it", "[orders]") {
  test::simulation sim;
  add_file(sim, spec("all bills"));
  REQUIRE(sim.ask<actors::sync_ended>(actors::sync_source{"bills", true, by("user:ann")}));
  const auto orders = records(sim, "sync_requested");
  REQUIRE(orders.size() == 1);
  CHECK(orders[0].stream == "job/bills");
  CHECK(orders[0].by == "user:ann");
  const auto starts = records(sim, "sync_started");
  REQUIRE(starts.size() == 1);
  CHECK(starts[0].causation == orders[0].sequence);
}

TEST_CASE("an order that was accepted is carried out though the process dies before", "[orders]") {
  test::simulation sim;
  add_file(sim, spec("all bills"));
  REQUIRE(verb(sim, events::engine_verb::pause));
  sim.network().set("bills", spec("every bill"));
  const auto accepted =
      sim.ask<actors::sync_ended>(actors::sync_source{"bills", false, by("user:ann")});
  REQUIRE(accepted);
  CHECK(sim.views().job("bills")->request == accepted->sequence);
  sim.crash();
  CHECK(sim.views().api("bills")->revisions.size() == 1); // still paused
  REQUIRE(verb(sim, events::engine_verb::resume));
  sim.advance(1s);
  CHECK(sim.views().api("bills")->revisions.size() == 2);
  CHECK(sim.views().job("bills")->request == 0);
}

TEST_CASE("orders given while a sync runs become one more sync that serves all", "[orders]") {
  test::simulation sim;
  add_file(sim, spec("all bills"));
  sim.network().hold("bills");
  hint(sim);
  const auto before = sim.network().fetches("bills");
  std::vector<test::simulation::slot<actors::sync_ended>> waiting;
  for (int i = 0; i < 5; ++i)
    waiting.push_back(
        sim.tell<actors::sync_ended>(actors::sync_source{"bills", true, by("user:ann")}));
  sim.network().set("bills", spec("every bill"));
  sim.network().release("bills");
  sim.advance(1s);
  CHECK(sim.network().fetches("bills") == before + 1);
  for (const auto& slot : waiting) {
    REQUIRE(slot->has_value());
    REQUIRE((*slot)->has_value());
    CHECK((**slot)->sequence == (**waiting[0])->sequence);
  }
  CHECK(records(sim, "sync_requested").size() == 5);
}

TEST_CASE("the end of an ordered sync is found on the log", "[orders]") {
  test::simulation sim;
  add_file(sim, spec("all bills"));
  const auto& log = *sim.store().log;
  sim.network().hold("bills");
  const auto running =
      sim.tell<actors::sync_ended>(actors::sync_source{"bills", true, by("user:ann")});
  const auto order = records(sim, "sync_requested").at(0).sequence;
  CHECK(actors::find_ordered_sync(log, order)->outcome == events::sync_outcome::none);
  sim.network().set("bills", spec("every bill"));
  sim.network().release("bills");
  sim.advance(1s);
  REQUIRE(running->has_value());
  const auto told = **running;
  const auto found = actors::find_ordered_sync(log, order);
  REQUIRE(found);
  CHECK(found->outcome == events::sync_outcome::changed);
  CHECK(found->job == "bills");
  CHECK(found->sequence == told->sequence);
  CHECK(found->revision == told->revision);
  CHECK(found->duration == told->duration);
  CHECK_FALSE(actors::find_ordered_sync(log, 1)); // no order
}

TEST_CASE("who waits for a sync is told when the engine stops, and the order stays", "[orders]") {
  test::simulation sim;
  add_file(sim, spec("all bills"));
  REQUIRE(sim.change(actors::change_settings{{{"concurrency", {"1"}}}, {}}));
  sim.network().hold("bills");
  hint(sim); // runs; what is ordered now waits for its end
  const auto waiting =
      sim.tell<actors::sync_ended>(actors::sync_source{"bills", true, by("user:ann")});
  REQUIRE(verb(sim, events::engine_verb::stop));
  REQUIRE(waiting->has_value());
  REQUIRE_FALSE((*waiting)->has_value());
  CHECK((*waiting)->error().code == errc::conflict);
  sim.network().release("bills");
  sim.network().set("bills", spec("every bill"));
  REQUIRE(verb(sim, events::engine_verb::start));
  sim.advance(1s);
  CHECK(sim.views().api("bills")->revisions.size() == 2);
}

// -- stop ---------------------------------------------------------------------

TEST_CASE("a stop closes the watches; a start opens them and looks at what was missed",
          "[orders][watch]") {
  test::simulation sim;
  add_file(sim, spec("all bills"));
  CHECK(sim.watcher().watched().contains("bills"));
  REQUIRE(verb(sim, events::engine_verb::stop));
  CHECK(sim.watcher().watched().empty());

  sim.network().set("bills", spec("every bill"));
  hint(sim); // a late call of the watcher
  sim.advance(1min);
  CHECK(sim.views().api("bills")->revisions.size() == 1);
  sim.crash();
  CHECK(sim.watcher().watched().empty()); // a stop survives a restart

  REQUIRE(verb(sim, events::engine_verb::start));
  sim.advance(1s);
  CHECK(sim.watcher().watched().contains("bills"));
  CHECK(sim.views().api("bills")->revisions.size() == 2);
}

TEST_CASE("a source that is added or changed while the engine is stopped is not watched",
          "[orders][watch]") {
  test::simulation sim;
  add_file(sim, spec("all bills"));
  REQUIRE(verb(sim, events::engine_verb::stop));
  auto changed = sim.views().source("bills")->definition;
  changed.path = "other.yaml";
  REQUIRE(sim.change(actors::change_source{changed, events::declared_by::api, {}}));
  CHECK(sim.watcher().watched().empty());
  REQUIRE(verb(sim, events::engine_verb::start));
  CHECK(sim.watcher().watched().at("bills") == "other.yaml");
}

TEST_CASE("a file that changes during a pause is synced when the pause ends", "[orders][watch]") {
  test::simulation sim;
  add_file(sim, spec("all bills"));
  REQUIRE(verb(sim, events::engine_verb::pause));
  sim.network().set("bills", spec("every bill"));
  hint(sim);
  sim.advance(1min);
  CHECK(sim.views().api("bills")->revisions.size() == 1);
  REQUIRE(verb(sim, events::engine_verb::resume));
  sim.advance(1s);
  CHECK(sim.views().api("bills")->revisions.size() == 2);
}

TEST_CASE("a file that changed while the process was down is synced at its start",
          "[orders][watch]") {
  test::simulation sim;
  add_file(sim, spec("all bills"));
  sim.network().set("bills", spec("every bill"));
  sim.crash();
  sim.advance(1s);
  CHECK(sim.views().api("bills")->revisions.size() == 2);
}

TEST_CASE("wherever a stop meets a sync, nothing is recorded of it after the engine has stopped",
          "[orders][stop]") {
  bool interrupted = false;
  bool changed = false;
  for (int steps = 0; steps < 120; ++steps) {
    test::simulation sim;
    add_file(sim, spec("all bills"));
    sim.network().hold("bills");
    hint(sim);
    // The document comes first and the stop some messages later, or the other way round.
    const bool document_first = steps % 2 == 0;
    const auto publish = [&] {
      sim.network().set("bills", spec("every bill"));
      sim.network().release("bills");
    };
    const auto stop = [&] {
      caf::anon_send(sim.house().engine,
                     actors::engine_command{events::engine_verb::stop, by("user:ann")});
    };
    document_first ? publish() : stop();
    for (int i = 0; i < steps / 2 && sim.step(); ++i) {
    }
    document_first ? stop() : publish();
    sim.advance(1s);

    const auto views = sim.views();
    CHECK(views.engine().mode == events::engine_mode::stopped);
    const auto outcome = views.job("bills")->last_outcome;
    INFO((document_first ? "document" : "stop")
         << " first, then " << steps / 2 << " messages: " << to_string(outcome));
    const auto stopped = records(sim, "engine_stopped");
    REQUIRE(stopped.size() == 1);
    for (const auto& revision : records(sim, "revision_added"))
      CHECK(revision.sequence < stopped[0].sequence);
    const bool made = views.api("bills")->revisions.size() == 2;
    CHECK(made == (outcome == events::sync_outcome::changed));
    interrupted = interrupted || outcome == events::sync_outcome::interrupted;
    changed = changed || outcome == events::sync_outcome::changed;
  }
  CHECK(interrupted);
  CHECK(changed);
}

// -- removal ------------------------------------------------------------------

TEST_CASE("a running job is removed when its sync has ended, and all who asked are answered",
          "[orders]") {
  test::simulation sim;
  add_file(sim, spec("all bills"));
  REQUIRE(sim.change(actors::add_job{{"nightly",
                                      "bills",
                                      events::priority::medium,
                                      3,
                                      events::schedule_kind::change,
                                      {},
                                      {},
                                      events::declared_by::api},
                                     {}}));
  sim.advance(1s);
  sim.network().hold("bills");
  sim.advance(27h); // the source's own job is due, give or take a tenth of a day
  const auto job = sim.views().job("bills");
  REQUIRE(job->status == events::job_status::running);
  const actors::remove_job order{"bills", events::declared_by::api, {}};
  const auto first = sim.tell<actors::answer>(order);
  const auto second = sim.tell<actors::answer>(order);
  CHECK_FALSE(first->has_value());
  sim.network().set("bills", spec("every bill"));
  sim.network().release("bills");
  sim.advance(1s);
  REQUIRE(first->has_value());
  REQUIRE(second->has_value());
  CHECK((*first)->has_value());
  CHECK((*second)->has_value());
  const auto views = sim.views();
  CHECK(views.job("bills") == nullptr);
  CHECK(views.api("bills")->revisions.size() == 2); // the sync was not cut off
  CHECK(records(sim, "job_removed").size() == 1);
  const auto again = sim.change(order);
  REQUIRE_FALSE(again);
  CHECK(again.error().code == errc::not_found);
}

// -- history ------------------------------------------------------------------

TEST_CASE("a history that was half taken in when the process died is not taken in twice",
          "[orders][history]") {
  const auto version = [](const std::string& commit) {
    sources::version out;
    out.bytes = std::make_shared<const std::string>(spec(commit));
    out.commit = commit;
    return out;
  };
  test::simulation sim;
  sim.network().set_history("bills", {version("c1"), version("c2")});
  actors::add_source order;
  order.definition.id = "bills";
  order.definition.api = "bills";
  order.definition.kind = events::source_kind::git;
  order.definition.url = "https://git.example/bills.git";
  order.definition.path = "bills.yaml";
  REQUIRE(sim.change(order));
  sim.advance(1s);
  REQUIRE(sim.views().api("bills")->revisions.size() == 2);
  sim.network().set_history("bills", {version("c1"), version("c2"), version("c3")});
  REQUIRE(sim.sync("bills"));
  const auto& revisions = sim.views().api("bills")->revisions;
  REQUIRE(revisions.size() == 3);
  CHECK(revisions[2]->fact.cause.commit == "c3");
  const auto again = sim.sync("bills");
  REQUIRE(again);
  CHECK(again->outcome == events::sync_outcome::unchanged);
  CHECK(again->reason == "accounted");
}
