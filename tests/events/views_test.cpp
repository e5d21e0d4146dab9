#include "events/history.hpp"
#include "events/status.hpp"
#include "events/views.hpp"
#include "events/views_json.hpp"
#include "log_writer.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <random>

using namespace apisync;
using namespace apisync::events;
using namespace apisync::events::testing;
using namespace std::chrono_literals;
using json = nlohmann::json;

namespace {

json status(const views& in) {
  return json::parse(status_json(in));
}
json metrics_of(const views& in) {
  return json::parse(metrics_json(in));
}

revision_added make_revision(std::uint64_t number, std::vector<change> changes = {}) {
  revision_added out;
  out.number = number;
  out.parent = number - 1;
  out.content = sha256::of(std::to_string(number));
  out.format = "yaml";
  out.title = "Billing";
  out.api_version = "1.0";
  out.openapi = "3.1.0";
  out.cause.source = "billing-file";
  out.verdict = number == 1 ? "first" : "breaking";
  out.counts.error = static_cast<std::uint32_t>(changes.size());
  out.changes = std::move(changes);
  return out;
}

change broken(const std::string& rule, change_level level = change_level::error) {
  return {rule, level, "/paths", "something went away", {"GET /pets"}};
}

sync_failed failed(timestamp ended, std::uint32_t retry, bool exhausted) {
  sync_failed out;
  out.end = {ended, 5ms, ended + 1s};
  out.reason = "connection refused";
  out.where = "https://example.com";
  out.retry_count = retry;
  out.exhausted = exhausted;
  return out;
}

} // namespace

TEST_CASE("an empty log has a status and metrics") {
  const views none;
  CHECK(status(none)["sequence"] == 0);
  CHECK(status(none)["oldestApi"].is_null());
  CHECK(metrics_of(none)["averageSyncTime"] == 0);
  CHECK(metrics_of(none)["uptime"] == 0);
  CHECK(json::parse(replay_json(none))["history"] == json::object());
}

TEST_CASE("uptime and due jobs are as of the last event") {
  log_writer log;
  log.engine(engine_started{"0.1.0", engine_mode::running, "process"});
  log.declare("billing", 1);
  CHECK(metrics_of(log.folded())["queueLength"] == 1);
  log.now += 1500ms;
  log.scheduler(syncs_started{{{1, log.now}}});
  CHECK(metrics_of(log.folded())["uptime"] == 1.5);
  CHECK(metrics_of(log.folded())["queueLength"] == 0);
  CHECK(metrics_of(log.folded())["activeJobs"] == 1);
  const auto next = log.now + 30s;
  log.scheduler(syncs_unchanged{{{1, log.now, 2ms, "same", next}}});
  CHECK(metrics_of(log.folded())["activeJobs"] == 0);
  CHECK(metrics_of(log.folded())["queueLength"] == 0);
  log.now += 30s;
  log.engine(engine_paused{});
  CHECK(metrics_of(log.folded())["queueLength"] == 1);
  CHECK(status(log.folded())["state"] == "paused");
}

TEST_CASE("every row counts as an event, and interrupted syncs are not in the total") {
  log_writer log;
  log.declare("a", 1);
  log.declare("b", 2);
  log.scheduler(syncs_started{{{1, log.now}, {2, log.now}}});
  log.scheduler(
      syncs_unchanged{{{1, log.now, 2ms, "same", {}}, {2, log.now + 1s, 5ms, "noise", {}}}});
  log.job("a-file", sync_started{log.now});
  log.job("a-file", sync_changed{{log.now + 2s, 8500us, {}}, 1, 0});
  log.job("b-file", sync_started{log.now});
  log.job("b-file", failed(log.now, 1, false));
  log.job("b-file", sync_quarantined{{log.now, 5ms, {}}, "not OpenAPI", "b.yaml:1:1"});
  log.job("b-file", sync_interrupted{{log.now, 99s, {}}, "stop"});
  const auto metrics = metrics_of(log.folded());
  CHECK(metrics["totalSyncs"] == 5);
  CHECK(metrics["successfulSyncs"] == 3);
  CHECK(metrics["failedSyncs"] == 2);
  CHECK(metrics["unchangedSyncs"] == 2);
  CHECK(metrics["changedSyncs"] == 1);
  CHECK(metrics["quarantinedSyncs"] == 1);
  CHECK(metrics["interruptedSyncs"] == 1);
  CHECK(metrics["averageSyncTime"] == 5.1);
  CHECK(metrics["lastSyncTime"] == to_rfc3339(log.now + 2s));
  const auto problem = status(log.folded())["lastError"];
  CHECK(problem["source"] == "b-file");
  CHECK(problem["code"] == "quarantined");
  CHECK(problem["where"] == "b.yaml:1:1");
}

TEST_CASE("sources, jobs and APIs are counted by their states") {
  log_writer log;
  for (std::uint32_t i = 1; i <= 5; ++i)
    log.declare("api-" + std::to_string(i), i);
  log.scheduler(syncs_unchanged{{{2, log.now, 1ms, "same", {}}}});
  log.job("api-3-file", failed(log.now, 3, true));
  log.source("api-4-file", source_quarantined{"ab", "not OpenAPI", "api-4.yaml"});
  log.source("api-5-file", source_paused{});
  log.api("api-2", make_revision(1));
  log.api("api-3", make_revision(1));
  conflict_detail conflict;
  conflict.id = "c1";
  log.api("api-3", conflict_opened{conflict, {}});

  const auto now = status(log.folded());
  CHECK(now["sources"] == json{{"total", 5},
                               {"new", 1},
                               {"healthy", 1},
                               {"failing", 1},
                               {"paused", 1},
                               {"quarantined", 1}});
  CHECK(now["jobs"] ==
        json{{"total", 5}, {"pending", 3}, {"running", 0}, {"completed", 1}, {"failed", 1}});
  CHECK(now["apis"] == json{{"total", 5}, {"empty", 3}, {"current", 1}, {"conflicted", 1}});
  CHECK(now["openConflicts"] == 1);
  CHECK(now["quarantined"] == 1);

  log.source("api-4-file", source_removed{});
  log.job("api-4-file", job_removed{});
  log.api("api-3", api_removed{});
  const auto later = status(log.folded());
  CHECK(later["sources"]["total"] == 4);
  CHECK(later["jobs"]["total"] == 4);
  CHECK(later["apis"]["total"] == 4);
  CHECK(later["openConflicts"] == 0);
}

TEST_CASE("the oldest API is the one whose sources were seen well the longest ago") {
  log_writer log;
  log.declare("a", 1);
  log.declare("b", 2);
  log.api("a", make_revision(1));
  log.api("b", make_revision(1));
  log.now += 60s;
  log.scheduler(syncs_unchanged{{{1, log.now, 1ms, "same", {}}}});
  CHECK(status(log.folded())["oldestApi"] == json{{"id", "b"}, {"age", 60}});
  log.scheduler(syncs_unchanged{{{2, log.now, 1ms, "same", {}}}});
  CHECK(status(log.folded())["oldestApi"] == json{{"id", "a"}, {"age", 0}});
  log.source("a-file", source_changed{[&] {
               auto definition = log.folded().source("a-file")->definition;
               definition.role = source_role::observer;
               return definition;
             }()});
  CHECK(status(log.folded())["oldestApi"] == json{{"id", "a"}, {"age", 60}});
}

TEST_CASE("a source is shown with what its jobs say") {
  log_writer log;
  log.declare("billing", 1);
  const auto source = [&] {
    return json::parse(source_json(log.folded(), *log.folded().source("billing-file")));
  };
  CHECK(source()["state"] == "new");
  CHECK(source()["job"] == "billing-file");
  CHECK(source()["lastSync"].is_null());
  log.job("billing-file", failed(log.now, 1, false));
  CHECK(source()["state"] == "failing");
  CHECK(source()["failures"] == 1);
  CHECK(source()["lastError"]["message"] == "connection refused");
  CHECK(source()["nextSync"] == to_rfc3339(log.now + 1s));
  log.job("billing-file", sync_changed{{log.now, 1ms, log.now + 5s}, 1, 0});
  CHECK(source()["state"] == "healthy");
  CHECK(source()["lastOutcome"] == "changed");
  CHECK(source()["lastError"].is_null());
  log.source("billing-file", source_quarantined{"ab", "not OpenAPI", ""});
  CHECK(source()["state"] == "quarantined");
  CHECK(source()["quarantine"]["reason"] == "not OpenAPI");
}

TEST_CASE("a job has the fields that the interface promises") {
  log_writer log;
  log.declare("billing", 1);
  log.job("billing-file", sync_started{log.now});
  auto job = json::parse(job_json(*log.folded().job("billing-file")));
  CHECK(job["sourceId"] == "billing-file");
  CHECK(job["priority"] == "medium");
  CHECK(job["status"] == "running");
  CHECK(job["lastAttempt"] == to_rfc3339(log.now));
  CHECK(job["nextAttempt"].is_null());
  CHECK(job["maxRetries"] == 3);
  log.job("billing-file", failed(log.now, 1, false));
  job = json::parse(job_json(*log.folded().job("billing-file")));
  CHECK(job["status"] == "pending");
  CHECK(job["retryCount"] == 1);
}

TEST_CASE("a removed job that is added again is another one") {
  log_writer log;
  log.declare("billing", 1);
  log.job("billing-file", job_removed{});
  CHECK(log.folded().job("billing-file") == nullptr);
  log.scheduler(syncs_unchanged{{{1, log.now, 1ms, "same", {}}}}); // a row that came late
  CHECK(metrics_of(log.folded())["totalSyncs"] == 1);
  job_definition definition;
  definition.id = "billing-file";
  definition.source = "billing-file";
  CHECK(log.folded().next_job_number() == 2);
  log.job("billing-file", job_added{2, definition, {}});
  CHECK(log.folded().job("billing-file")->number == 2);
  CHECK(log.folded().job_by_number(1) == nullptr);
  CHECK(log.folded().jobs_of("billing-file") == std::set<std::uint32_t>{2});
}

TEST_CASE("a source that moves to another API is listed there") {
  log_writer log;
  log.declare("a", 1);
  auto definition = log.folded().source("a-file")->definition;
  definition.api = "b";
  log.source("a-file", source_changed{definition});
  CHECK(log.folded().sources_of("a").empty());
  CHECK(log.folded().sources_of("b").contains("a-file"));
  log.source("a-file", source_removed{});
  CHECK(log.folded().sources_of("b").empty());
}

TEST_CASE("history has the revisions newest first, and outlives a removal") {
  log_writer log;
  log.declare("billing", 1);
  log.api("billing", make_revision(1));
  log.api("billing", make_revision(2, {broken("api-removed")}), "user:ann");
  auto history = json::parse(replay_json(log.folded()))["history"]["billing"];
  REQUIRE(history.size() == 2);
  CHECK(history[0]["number"] == 2);
  CHECK(history[0]["parent"] == 1);
  CHECK(history[0]["author"] == "user:ann");
  CHECK_FALSE(history[0].contains("changes"));
  CHECK(history[1]["parent"].is_null());
  const auto& head = *log.folded().api("billing")->head();
  CHECK(json::parse(revision_json("billing", head, detail::full))["changes"][0]["rule"] ==
        "api-removed");

  log.api("billing", api_removed{});
  CHECK(log.folded().api("billing") == nullptr);
  CHECK(log.folded().api_ever("billing")->revisions.size() == 2);
  log.api("billing", api_added{log.folded().api_ever("billing")->definition});
  CHECK(log.folded().api("billing")->revisions.size() == 2);
}

TEST_CASE("changes of all APIs are listed newest first, filtered and in pages") {
  log_writer log;
  for (const auto* id : {"a", "b"}) {
    api_definition definition;
    definition.id = id;
    definition.owner = std::string{"team-"} + id;
    log.api(id, api_added{definition});
  }
  for (std::uint64_t n = 1; n <= 4; ++n) {
    log.now += 1h;
    const auto rule = "r" + std::to_string(n);
    log.api(n % 2 ? "a" : "b",
            make_revision((n + 1) / 2, {broken(rule), broken(rule + "-info", change_level::info)}));
  }
  const auto rules = [&](const change_filter& wanted, std::string_view after = {},
                         std::size_t limit = 100) {
    std::vector<std::string> out;
    for (const auto& item : changes(log.folded(), wanted, after, limit))
      out.push_back(json::parse(item.json)["rule"]);
    return out;
  };
  using list = std::vector<std::string>;
  CHECK(rules({}).size() == 8);
  CHECK(rules({change_level::error, {}, {}, {}}) == list{"r4", "r3", "r2", "r1"});
  CHECK(rules({change_level::error, {}, "team-a", {}}) == list{"r3", "r1"});
  CHECK(rules({change_level::error, {}, {}, "b"}) == list{"r4", "r2"});
  CHECK(rules({change_level::error, log.now - 1h, {}, {}}) == list{"r4", "r3"});

  std::vector<std::string> paged;
  std::string after;
  for (;;) {
    const auto page = changes(log.folded(), {}, after, 3);
    for (const auto& item : page)
      paged.push_back(json::parse(item.json)["rule"]);
    if (page.size() < 3) break;
    after = page.back().key;
  }
  CHECK(paged == rules({}));
}

TEST_CASE("the index of changes keeps the newest") {
  log_writer log;
  log.declare("a", 1);
  const auto events = views::max_changes + 10;
  views folded = log.folded();
  for (std::uint64_t n = 1; n <= events; ++n)
    folded.apply(api_event{make_revision(n, {broken("r")})}, "api/a",
                 {folded.at() + 1, log.now, "system"});
  CHECK(changes(folded, {}, {}, 2 * events).size() == views::max_changes);
  CHECK(changes(folded, {{}, {}, {}, "a"}, {}, 2 * events).size() == events);
}

TEST_CASE("conflicts are found by name and listed over all APIs") {
  log_writer log;
  for (const auto* id : {"a", "b", "c"}) {
    api_definition definition;
    definition.id = id;
    log.api(id, api_added{definition});
    for (int n = 1; n <= 3; ++n) {
      conflict_detail conflict;
      conflict.id = "c" + std::to_string(n);
      conflict.source = "s";
      conflict.pointer = "/info/title";
      conflict.kind = "edit/edit";
      conflict.current = raw_json{"\"x\""};
      log.api(id, conflict_opened{conflict, {}});
    }
  }
  conflict_resolved resolved;
  resolved.id = "c2";
  resolved.choice = "incoming";
  resolved.reason = "agreed";
  log.now += 1s;
  log.api("b", resolved, "user:ann");
  log.api("c", conflict_closed{"c1", "both sides agree"});

  const auto names = [&](const conflict_filter& wanted, std::string_view after, std::size_t limit) {
    std::vector<std::string> out;
    for (const auto& item : conflicts(log.folded(), wanted, after, limit))
      out.push_back(conflict_name(item.api, *item.conflict));
    return out;
  };
  using list = std::vector<std::string>;
  CHECK(names({}, "", 100) == list{"a:c1", "a:c2", "a:c3", "b:c1", "b:c3", "c:c2", "c:c3"});
  CHECK(names({{}, true}, "", 100).size() == 9);
  CHECK(names({"b", true}, "b:c1", 100) == list{"b:c2", "b:c3"});
  CHECK(names({}, "a:c2", 3) == list{"a:c3", "b:c1", "b:c3"});
  CHECK(names({}, "b:c3", 3) == list{"c:c2", "c:c3"});
  CHECK(names({}, "c:c3", 3).empty());

  const auto found = find_conflict(log.folded(), "b:c2");
  REQUIRE(found);
  const auto shown = json::parse(conflict_json(found->api, *found->conflict));
  CHECK(shown["id"] == "b:c2");
  CHECK(shown["state"] == "resolved");
  CHECK(shown["current"] == "x");
  CHECK_FALSE(shown.contains("base"));
  CHECK(shown["resolution"]["by"] == "user:ann");
  CHECK(shown["resolution"]["reason"] == "agreed");
  CHECK_FALSE(find_conflict(log.folded(), "b:c9"));
  CHECK_FALSE(find_conflict(log.folded(), "z:c1"));
  CHECK_FALSE(find_conflict(log.folded(), "c1"));
}

TEST_CASE("pages of entities follow their ids and pass a filter") {
  log_writer log;
  for (std::uint32_t i = 0; i < 150; ++i)
    log.declare("api-" + std::to_string(1000 + i), i + 1);
  log.api("api-1003", api_removed{});
  const auto& in = log.folded();
  CHECK(in.apis("", 1000).size() == 149);
  CHECK(in.apis("api-1002", 2)[0]->definition.id == "api-1004");
  CHECK(in.sources("", 10).size() == 10);
  CHECK(in.jobs("api-1148-file", 10).size() == 1);
  const auto even = [](const job_state& job) { return job.number % 2 == 0; };
  CHECK(in.jobs("", 1000, even).size() == 75);
  CHECK(in.jobs("", 10, even)[9]->definition.id == "api-1019-file");
}

TEST_CASE("configuration and settings are shown as the log has them") {
  log_writer log;
  config_applied applied;
  applied.file = "apisync.yaml";
  applied.hash = sha256::of("x");
  applied.values["concurrency"].text = "16";
  log.engine(applied);
  log.engine(settings_changed{{{"interval", {"60000"}}}});
  const auto config = json::parse(config_json(log.folded()));
  CHECK(config["file"] == "apisync.yaml");
  CHECK(config["settings"]["concurrency"] == 16);
  CHECK(config["settings"]["interval"] == 60000);
  CHECK(config["sequence"] == 2);
  CHECK(log.folded().declared().file_values.at("concurrency").text == "16");
}

TEST_CASE("what is declared is told without the jobs that sources have by themselves") {
  log_writer log;
  log.declare("a", 1);
  job_definition extra;
  extra.id = "nightly";
  extra.source = "a-file";
  log.job("nightly", job_added{2, extra, {}});
  const auto declared = log.folded().declared();
  CHECK(declared.sources.size() == 1);
  CHECK(declared.apis.size() == 1);
  CHECK(declared.jobs.size() == 1);
  CHECK(declared.jobs.contains("nightly"));
}

TEST_CASE("a record out of order or unknown is refused and changes nothing") {
  log_writer log;
  log.declare("a", 1);
  views folded = log.folded();
  const auto before = replay_json(folded);
  const parsed_record again{log.records().back()};
  CHECK(folded.apply(again.view()).error().code == errc::corrupt);
  std::string text;
  write_record(text, 100, 1, log.now, {}, {"engine", "engine_sang", 1, "{}"});
  const parsed_record unknown{text};
  CHECK(folded.apply(unknown.view()).error().code == errc::corrupt);
  text.clear();
  write_record(text, 100, 1, log.now, {},
               {"job/x", "job_added", 1,
                R"({"number":4000000000,"definition":{"id":"x","source":"a-file"}})"});
  const parsed_record damaged{text};
  CHECK(folded.apply(damaged.view()).error().code == errc::corrupt);
  CHECK(replay_json(folded) == before);
}

namespace {

/// Appends one random event that could have followed the others.
class random_life {
public:
  explicit random_life(unsigned seed) : random_{seed} {}

  void step(log_writer& log) {
    log.now += std::chrono::milliseconds{random_() % 5'000};
    const auto id = "api-" + std::to_string(random_() % 12);
    if (!log.folded().api(id)) return declare(log, id);
    const auto job = id + "-file";
    const auto number = log.folded().job(job)->number;
    switch (random_() % 12) {
    case 0:
      log.engine(engine_started{"0.1.0", engine_mode::running, "process"});
      break;
    case 1:
      remove(log, id);
      break;
    case 2:
      log.job(job, failed(log.now, static_cast<std::uint32_t>(random_() % 4), random_() % 2));
      break;
    case 3:
    case 4: {
      const auto next = log.folded().api(id)->revisions.size() + 1;
      log.job(job, sync_changed{{log.now, 7ms, log.now + 30s}, next, 0});
      log.api(id, make_revision(next, {broken("rule")}));
      break;
    }
    case 5:
      conflict(log, id);
      break;
    case 6:
      log.source(job, source_quarantined{"ab", "half a document", "x:1:1"});
      break;
    case 7:
      log.source(job, source_released{});
      break;
    default:
      log.scheduler(syncs_started{{{number, log.now}, {number + 1, log.now}}});
      if (random_() % 8)
        log.scheduler(syncs_unchanged{{{number, log.now, 3ms, "same", log.now + 10s},
                                       {number + 1, log.now, 4ms, "noise", {}}}});
    }
  }

private:
  void declare(log_writer& log, const std::string& id) {
    log.declare(id, log.folded().next_job_number());
  }

  void remove(log_writer& log, const std::string& id) {
    log.job(id + "-file", job_removed{});
    log.source(id + "-file", source_removed{});
    log.api(id, api_removed{});
  }

  void conflict(log_writer& log, const std::string& id) {
    conflict_detail detail;
    detail.id = "c" + std::to_string(random_() % 3);
    if (!log.folded().api(id)->open.contains(detail.id))
      log.api(id, conflict_opened{detail, {}});
    else if (random_() % 2)
      log.api(id, conflict_updated{detail});
    else
      log.api(id, conflict_closed{detail.id, "converged"});
  }

  std::mt19937 random_;
};

} // namespace

TEST_CASE("a replay of any part of a log tells what was told then, and snapshots never change") {
  for (unsigned seed = 1; seed <= 8; ++seed) {
    log_writer log;
    random_life life{seed};
    std::vector<std::pair<views, std::string>> snapshots;
    for (int i = 0; i < 400; ++i) {
      life.step(log);
      if (i % 20 == 0) snapshots.emplace_back(log.folded(), replay_json(log.folded()));
    }
    views replayed;
    auto next = snapshots.begin();
    for (const auto& text : log.records()) {
      const parsed_record record{text};
      REQUIRE(replayed.apply(record.view()));
      if (next != snapshots.end() && next->first.at() == replayed.at()) {
        CHECK(replay_json(replayed) == next->second);
        CHECK(replay_json(next->first) == next->second);
        ++next;
      }
    }
    CHECK(next == snapshots.end());
    CHECK(replay_json(replayed) == replay_json(log.folded()));
  }
}
