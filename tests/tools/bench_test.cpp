#include "events/views.hpp"
#include "specs/diff.hpp"
#include "storage/memory_log.hpp"
#include "tests/support/scratch_directory.hpp"
#include "tools/bench.hpp"
#include "tools/bench_documents.hpp"
#include "tools/bench_mix.hpp"
#include "tools/bench_report.hpp"
#include "tools/cli.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <array>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

using namespace apisync;
using nlohmann::json;

namespace {

/// Runs a benchmark with the least that it takes; what it measures is nobody's business here.
json measured(std::vector<std::string> arguments, std::vector<std::string> last) {
  std::istringstream in;
  std::ostringstream out, err;
  tools::invocation call{
      .in = in,
      .out = out,
      .err = err,
      .environment = [](const std::string&) -> std::optional<std::string> { return {}; },
      .now = [] { return events::timestamp{}; }};
  static constexpr std::array<tools::command_group, 1> groups{tools::add_bench};
  arguments.insert(arguments.end(), {"--format", "json"});
  arguments.insert(arguments.end(), last.begin(), last.end());
  auto const status = tools::run(arguments, groups, call);
  INFO(err.str());
  REQUIRE(status == tools::exit_status::good);
  return json::parse(out.str());
}

/// The same for a benchmark that makes a temporary log.
json measured(std::vector<std::string> arguments) {
  test::scratch_directory const folder;
  auto report = measured(std::move(arguments), {"--dir", folder.path()});
  CHECK(std::filesystem::is_empty(folder.path()));
  return report;
}

const json& result_of(const json& report, const std::string& name) {
  for (auto const& result : report["results"])
    if (result["case"] == name) return result;
  FAIL("no case " << name);
  return report;
}

} // namespace

TEST_CASE("a benchmark's cases with a reference have a ratio, and the others none of the three") {
  std::istringstream in;
  std::ostringstream out, err;
  tools::invocation const call{.in = in, .out = out, .err = err, .environment = {}, .now = {}};
  tools::bench_report{"append",
                      {{"256 appenders", 350'000.4, "events/s", "rocksdb", 500'000},
                       {"mean commit", 3.14159, "events"}}}
      .print(call, true);
  CHECK(json::parse(out.str()) == json::parse(R"({"bench": "append", "results": [
          {"case": "256 appenders", "value": 350000, "unit": "events/s", "reference": "rocksdb",
           "reference_value": 500000, "ratio": 0.7},
          {"case": "mean commit", "value": 3.142, "unit": "events"}]})"));
}

TEST_CASE("a median is the middle") {
  CHECK(tools::median({}) == 0);
  CHECK(tools::median({3, 1, 2}) == 2);
  CHECK(tools::median({4, 1, 2, 3}) == 2.5);
}

TEST_CASE("the mix has the shares that it states, and folds") {
  constexpr std::uint32_t count = 20'000;
  tools::event_mix mix{100};
  storage::memory_log log;
  storage::append what;
  what.events = mix.declarations();
  REQUIRE(log.commit({&what, 1}, {})->front().has_value());
  what.events = mix.next(count);
  REQUIRE(log.commit({&what, 1}, {})->front().has_value());
  events::views views;
  std::size_t starts = 0, records = 0;
  auto const read = log.read({}, [&](const events::record_view& record) {
    auto const folded = views.apply(record);
    REQUIRE(folded.has_value());
    ++records;
    if (record.type == "syncs_started") starts = simdjson::dom::array{record.data["rows"]}.size();
    return true;
  });
  REQUIRE(read.has_value());
  auto const share = [](auto part) { return static_cast<double>(part) / count; };
  CHECK(share(starts) == Approx(0.35).margin(0.02));
  CHECK(share(views.metrics().unchanged) == Approx(0.35).margin(0.02));
  CHECK(share(records - 300) == Approx(0.3).margin(0.02));
  CHECK(share(views.metrics().revisions) == Approx(0.03).margin(0.01));
}

TEST_CASE("the benchmark of appends says what it compared") {
  auto const report = measured({"bench", "append", "--seconds", "0.05", "--streams", "50"});
  CHECK(report["bench"] == "append");
  for (auto const* name : {"1 appender", "16 appenders", "256 appenders", "1024 appenders"}) {
    auto const& result = result_of(report, name);
    CHECK(result["value"] > 0);
    CHECK(result["unit"] == "events/s");
    CHECK(result["reference"] == "rocksdb, equal batches");
    CHECK(result.contains("ratio"));
  }
  CHECK(result_of(report, "mean record")["value"] > 300);
}

TEST_CASE("the benchmark of replays says what it compared") {
  auto const report = measured({"bench", "replay", "--events", "10000", "--sources", "20"});
  CHECK(report["bench"] == "replay");
  for (auto const* commits : {"1", "256"}) {
    auto const& result =
        result_of(report, std::string{"fold into all views, commits of "} + commits);
    CHECK(result["reference"] == "iterate and parse");
    CHECK(result["value"] > 0);
  }
}

TEST_CASE("the benchmark of the log's size scales to a day") {
  auto const report = measured({"bench", "log-size", "--sources", "10", "--minutes", "1"});
  auto const polls = result_of(report, "10 sources, polls")["value"].get<double>();
  CHECK(polls == Approx(28'800));
  CHECK(result_of(report, "10 sources, on disk")["unit"] == "bytes/day");
}

namespace {

/// A folder with one true merge, and how the bench ends on it.
struct merge_run {
  tools::exit_status status{};
  json report;
  std::string told;
};

merge_run merged(const std::map<std::string, std::string>& files) {
  test::scratch_directory const folder;
  for (auto const& [name, text] : files) {
    auto const path = std::filesystem::path{folder.path()} / name;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream{path} << text;
  }
  std::istringstream in;
  std::ostringstream out, err;
  tools::invocation call{
      .in = in,
      .out = out,
      .err = err,
      .environment = [](const std::string&) -> std::optional<std::string> { return {}; },
      .now = [] { return events::timestamp{}; }};
  static constexpr std::array<tools::command_group, 1> groups{tools::add_bench};
  std::vector<std::string> const arguments{"bench",    "merge", "--cases", folder.path(),
                                           "--format", "json",  "--list"};
  auto const status = tools::run(arguments, groups, call);
  return {status, json::parse(out.str(), nullptr, false), err.str()};
}

} // namespace

TEST_CASE("the benchmark of merges counts by stratum, beside git's merge of the lines") {
  auto const run = merged({{"ITEMS.tsv", "id\tstratum\no+r/1\tclean\no+r/2\ttext_only\n"},
                           {"merges/o+r/1/base.yaml", "a: 1\nb: 2\nc: 3\nd: 4\n"},
                           {"merges/o+r/1/ours.yaml", "a: 9\nb: 2\nc: 3\nd: 4\n"},
                           {"merges/o+r/1/theirs.yaml", "a: 1\nb: 2\nc: 3\nd: 8\n"},
                           {"merges/o+r/1/merged.yaml", "a: 9\nb: 2\nc: 3\nd: 8\n"},
                           {"merges/o+r/2/base.json", "{\"a\": 1, \"b\": 2}"},
                           {"merges/o+r/2/ours.json", "{\"a\": 9, \"b\": 2}"},
                           {"merges/o+r/2/theirs.json", "{\"a\": 1, \"b\": 8}"},
                           {"merges/o+r/2/merged.json", "{\"a\": 9, \"b\": 2}"}});
  REQUIRE(run.status == tools::exit_status::good);
  CHECK(run.report["bench"] == "merge");
  auto const& clean = result_of(run.report, "clean, merged without conflict");
  CHECK(clean["value"] == 1.0);
  CHECK(clean["reference"] == "git merge-file");
  CHECK(clean["reference_value"] == 1.0);
  CHECK(result_of(run.report, "clean, as committed")["value"] == 1.0);
  auto const& by_text = result_of(run.report, "text_only, merged without conflict");
  CHECK(by_text["value"] == 1.0);
  CHECK(by_text["reference_value"] == 0.0);
  CHECK(result_of(run.report, "text_only, as committed")["value"] == 0.0);
  CHECK(result_of(run.report, "all, cases")["value"] == 2.0);
  CHECK(run.told.find("o+r/2\tclean\tdiffers\tconflict") != std::string::npos);
  CHECK(run.told.find("o+r/1") == std::string::npos);
}

TEST_CASE("the benchmark of merges merges by lines what it cannot read, and says so") {
  auto const run = merged({{"x/1/base.yaml", "a: {{X}}\nb: 2\nc: 3\n"},
                           {"x/1/ours.yaml", "a: {{Y}}\nb: 2\nc: 3\n"},
                           {"x/1/theirs.yaml", "a: {{X}}\nb: 2\nc: 4\n"},
                           {"x/1/merged.yaml", "a: {{Y}}\nb: 2\nc: 4\n"}});
  REQUIRE(run.status == tools::exit_status::good);
  CHECK(result_of(run.report, "other, as committed")["value"] == 1.0);
  CHECK(result_of(run.report, "other, unreadable, merged by lines")["value"] == 1.0);
}

TEST_CASE("a folder without merges is wrong input") {
  CHECK(merged({{"a/readme", ""}}).status == tools::exit_status::wrong_input);
}

TEST_CASE("random changes are as many as were asked for, and the same for the same seed") {
  std::string text = R"({"a":"","b":[)";
  for (int i = 0; i < 100; ++i)
    text += (i > 0 ? ",{\"t\":\"x" : "{\"t\":\"x") + std::to_string(i) + "\"}";
  auto const from = tools::parse_text(text + "]}", specs::syntax::json, "sample");
  REQUIRE(from.has_value());
  for (std::size_t const count : {0, 1, 10, 50}) {
    auto const changed = tools::changed_at_random(**from, count, 7);
    auto const again = tools::changed_at_random(**from, count, 7);
    CHECK(specs::same_content(changed->root(), again->root()));
    auto const found = specs::diff(**from, *changed).size();
    CHECK(found <= count); // two changes in one element of a list are one
    CHECK(found >= (count + 1) / 2);
  }
}

TEST_CASE("the benchmark of documents says what it compared") {
  test::scratch_directory const folder;
  auto const old_version = folder.path() + "/old.json";
  auto const new_version = folder.path() + "/new.yaml";
  std::ofstream{old_version} << R"({"openapi":"3.0.3","info":{"title":"a","version":"1"},)"
                             << R"("paths":{"/a":{"get":{"responses":{}}}}})";
  std::ofstream{new_version} << "openapi: 3.0.3\ninfo: {title: a, version: '2'}\npaths: {}\n";
  auto const report = measured(
      {"bench", "diff", old_version, new_version, "--yaml", new_version, "--rounds", "1"}, {});
  CHECK(report["bench"] == "diff");
  CHECK(result_of(report, "JSON: parse, compare and judge two")["reference"] ==
        "simdjson parses both");
  CHECK(result_of(report, "JSON: parse, merge and print three")["reference"] ==
        "simdjson parses all three");
  CHECK(result_of(report, "YAML: parse, compare and judge two")["reference"] ==
        "libyaml's events of both");
  CHECK(result_of(report, "YAML: parse new.yaml")["reference"] == "libyaml's events");
  auto const& memory = result_of(report, "peak memory of parse, compare and judge");
  CHECK(memory["value"] > memory["reference_value"]);
  for (auto const* name : {"step: parse both as JSON", "step: canonical hash of both",
                           "compare, 1 change", "compare and judge, 1000 changes"})
    CHECK(result_of(report, name)["value"] >= 0);
}

TEST_CASE("a small simulated day keeps the schedule's promises and is the same each time") {
  auto const run = [] {
    return measured({"bench", "schedule", "--sources", "1000", "--hours", "8"}, {});
  };
  auto const report = run();
  CHECK(report["bench"] == "schedule");
  CHECK(result_of(report, "sources")["value"] == 1000);
  CHECK(result_of(report, "syncs")["value"] > 20'000);
  CHECK(result_of(report, "starved")["value"] == 0);
  CHECK(result_of(report, "requests over a budget")["value"] == 0);
  auto const again = run();
  for (auto const* name : {"syncs", "failed, of these", "circuits opened", "longest queue"})
    CHECK(result_of(report, name)["value"] == result_of(again, name)["value"]);
}

TEST_CASE("a service is measured while it polls a server", "[bench]") {
  auto const report = measured({"bench", "sources", "--http", "50", "--hosts", "7", "--changing",
                                "20", "--rounds", "1", "--interval", "1"});
  auto const value = [&](const char* name) {
    return result_of(report, name)["value"].get<double>();
  };
  CHECK(value("failed") == 0);
  CHECK(value("changed, of these") > 0);
  CHECK(value("changed, of these") < value("syncs"));
  CHECK(result_of(report, "CPU time per sync")["reference"] == "bare libcurl loop");
  CHECK(value("lag, longest") >= value("lag, median"));
}
