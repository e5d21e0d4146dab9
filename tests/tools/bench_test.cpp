#include "events/views.hpp"
#include "storage/memory_log.hpp"
#include "tests/support/scratch_directory.hpp"
#include "tools/bench.hpp"
#include "tools/bench_mix.hpp"
#include "tools/bench_report.hpp"
#include "tools/cli.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <array>
#include <sstream>

using namespace apisync;
using nlohmann::json;

namespace {

/// Runs a benchmark with the least that it takes; what it measures is nobody's business here.
json measured(std::vector<std::string> arguments) {
  test::scratch_directory const folder;
  std::istringstream in;
  std::ostringstream out, err;
  tools::invocation call{
      .in = in,
      .out = out,
      .err = err,
      .environment = [](const std::string&) -> std::optional<std::string> { return {}; },
      .now = [] { return events::timestamp{}; }};
  static constexpr std::array<tools::command_group, 1> groups{tools::add_bench};
  arguments.insert(arguments.end(), {"--format", "json", "--dir", folder.path()});
  auto const status = tools::run(arguments, groups, call);
  INFO(err.str());
  REQUIRE(status == tools::exit_status::good);
  CHECK(std::filesystem::is_empty(folder.path()));
  return json::parse(out.str());
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
