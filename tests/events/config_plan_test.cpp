#include "events/config_plan.hpp"

#include <catch2/catch.hpp>

using namespace apisync;
using namespace apisync::events;

namespace {

config file(const std::string& text) {
  auto read = read_config(text, "apisync.yaml");
  REQUIRE(read);
  return *read;
}

/// What is declared after a file was applied to nothing.
declarations after(const config& applied) {
  declarations now;
  for (const auto& api : applied.apis)
    now.apis.emplace(api.id, api);
  for (const auto& source : applied.sources)
    now.sources.emplace(source.id, source);
  for (const auto& job : applied.jobs)
    now.jobs.emplace(job.id, job);
  now.file_values = applied.settings;
  now.values = *with_values({}, applied.settings);
  return now;
}

const std::string two = "settings: {interval: 30s, concurrency: 4}\n"
                        "apis: [{id: bills, owner: payments}]\n"
                        "sources: [{id: bills, api: bills, file: bills.yaml, interval: 30s}]\n"
                        "jobs: [{id: nightly, source: bills, cron: '0 3 * * *'}]\n";

} // namespace

TEST_CASE("a file that was applied plans nothing", "[plan]") {
  const auto read = file(two);
  CHECK(planned_changes(after(read), read).empty());
  CHECK(plan_json(after(read), read, &read) == R"({"changes":[],"refusals":[],"restart":[]})");
}

TEST_CASE("a plan names what differs as it stands in the file", "[plan]") {
  const auto now = after(file(two));
  const auto next = file("settings: {interval: 1m, concurrency: 4}\n"
                         "apis: [{id: bills}]\n"
                         "sources: [{id: bills, api: bills, file: other.yaml, interval: 1m}]\n"
                         "jobs: [{id: weekly, source: bills, cron: '@weekly'}]\n");
  CHECK(plan_json(now, next, nullptr) ==
        R"({"changes":[)"
        R"({"action":"change","kind":"setting","id":"interval","fields":)"
        R"([{"name":"interval","from":"30s","to":"1m"}]},)"
        R"({"action":"change","kind":"api","id":"bills","fields":)"
        R"([{"name":"owner","from":"payments"}]},)"
        R"({"action":"change","kind":"source","id":"bills","fields":)"
        R"([{"name":"file","from":"bills.yaml","to":"other.yaml"},)"
        R"({"name":"interval","from":"30s","to":"1m"}]},)"
        R"({"action":"add","kind":"job","id":"weekly","fields":)"
        R"([{"name":"source","to":"bills"},{"name":"priority","to":"medium"},)"
        R"({"name":"maxRetries","to":3},{"name":"cron","to":"@weekly"}]},)"
        R"({"action":"remove","kind":"job","id":"nightly","fields":)"
        R"([{"name":"source","from":"bills"},{"name":"priority","from":"medium"},)"
        R"({"name":"maxRetries","from":3},{"name":"cron","from":"0 3 * * *"}]}],)"
        R"("refusals":[],"restart":[]})");
}

TEST_CASE("a setting that was changed at run time to what the file says is no change", "[plan]") {
  auto now = after(file("settings: {concurrency: 4}"));
  now.values.concurrency = 6;
  CHECK(planned_changes(now, file("settings: {concurrency: 6}")).empty());
  CHECK(planned_changes(now, file("settings: {concurrency: 4}")).empty()); // the file is as it was
  CHECK(planned_changes(now, file("{}")).empty()); // dropped: the value stays
  REQUIRE(planned_changes(now, file("settings: {concurrency: 5}")).size() == 1);
}

TEST_CASE("a plan tells what it takes over and what goes along", "[plan]") {
  auto now = after(file("sources: [{id: bills, api: bills, file: bills.yaml}]"));
  source_definition made;
  made.id = "extra";
  made.api = "bills";
  made.role = source_role::contributor;
  made.path = "extra.yaml";
  now.sources.emplace("extra", made);
  now.jobs.emplace(
      "mine",
      job_definition{
          "mine", "bills", priority::high, 3, schedule_kind::once, {}, {}, declared_by::api});
  const auto taken = planned_changes(
      now, file("sources:\n"
                "  - {id: bills, api: bills, role: authority, file: bills.yaml}\n"
                "  - {id: extra, api: bills, role: contributor, file: extra.yaml}\n"));
  REQUIRE(taken.size() == 1);
  CHECK(taken[0].what == planned_change::action::change);
  CHECK(taken[0].fields.empty());
  CHECK_THAT(taken[0].note, Catch::Contains("takes over"));

  const auto gone = planned_changes(now, file("apis: [{id: bills}]"));
  REQUIRE(gone.size() == 2);
  CHECK(gone[0].id == "bills");
  CHECK(gone[1].id == "mine");
  CHECK_THAT(gone[1].note, Catch::Contains("goes with its source 'bills'"));
}

TEST_CASE("what was made through the HTTP API can stand in a file's way", "[plan]") {
  declarations now = after(file("apis: [{id: bills}]"));
  source_definition made;
  made.id = "made";
  made.api = "bills";
  now.sources.emplace("made", made);
  CHECK(refusals(now, file("apis: [{id: bills}]")).empty());
  const auto second = refusals(now, file("sources: [{id: mine, api: bills, file: b.yaml}]"));
  REQUIRE(second.size() == 1);
  CHECK(second[0].where == "source/mine");
  const auto orphan = refusals(now, file("{}"));
  REQUIRE(orphan.size() == 1);
  CHECK(orphan[0].where == "api/bills");
}

TEST_CASE("keys that need a new start are named", "[plan]") {
  const auto running = file("listen: 127.0.0.1:1\nroots: [a]\n");
  CHECK(restart_keys(running, running).empty());
  CHECK(restart_keys(running,
                     file("listen: 127.0.0.1:2\nroots: [a, b]\nallowAddresses: "
                          "[loopback]\ndata: d\ntokens: [{name: a, role: read, file: t}]")) ==
        std::vector<std::string>{"listen", "data", "roots", "allowAddresses", "tokens"});
}
