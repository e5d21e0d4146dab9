#include "tools/bench.hpp"

#include "tools/bench_append.hpp"
#include "tools/bench_compat.hpp"
#include "tools/bench_diff.hpp"
#include "tools/bench_log_size.hpp"
#include "tools/bench_merge.hpp"
#include "tools/bench_replay.hpp"
#include "tools/bench_resolve.hpp"
#include "tools/bench_schedule.hpp"
#include "tools/bench_sources.hpp"

#include <memory>

namespace apisync::tools {
namespace {

/// Adds a benchmark with `--format`, and `--dir` where it needs a folder; `how` holds its options.
template <class How>
CLI::App& add(CLI::App& bench, invocation& call, const char* name, const char* help,
              std::shared_ptr<How> how, result<bench_report> (*run)(const How&)) {
  auto* const app = bench.add_subcommand(name, help);
  auto const format = std::make_shared<std::string>("text");
  app->add_option("--format", *format, "text or json")->check(CLI::IsMember({"text", "json"}));
  if constexpr (requires { how->folder; })
    app->add_option("--dir", how->folder, "Where to make the temporary log; else $TMPDIR or /tmp")
        ->check(CLI::ExistingDirectory);
  app->callback([&call, how, format, run] {
    call.action = [&call, how, format, run] {
      auto const report = run(*how);
      if (!report) return call.report(report.error());
      report->print(call, *format == "json");
      return exit_status::good;
    };
  });
  return *app;
}

} // namespace

void add_bench(CLI::App& app, invocation& call) {
  auto* const bench = app.add_subcommand("bench", "How fast this machine runs it, and how large");
  bench->require_subcommand(1);

  auto const append = std::make_shared<append_bench>();
  auto& append_app = add(*bench, call, "append", "Durable events per second through the journal",
                         append, bench_append);
  append_app
      .add_option_function<double>(
          "--seconds",
          [append](double seconds) {
            append->time = std::chrono::milliseconds{static_cast<std::int64_t>(seconds * 1'000)};
          },
          "For each side of each case; 2")
      ->check(CLI::Range(0.05, 600.0));
  append_app
      .add_option("--appenders", append->waiting, "Appends waiting, a case each; 1 16 256 1024")
      ->check(CLI::Range(1U, 10'000U));
  append_app.add_option("--streams", append->streams, "That the events are spread over; 1000")
      ->check(CLI::Range(1U, 1'000'000U));

  auto const replay = std::make_shared<replay_bench>();
  auto& replay_app =
      add(*bench, call, "replay", "Events per second folded anew", replay, bench_replay);
  replay_app.add_option("--events", replay->events, "How many; 1000000")
      ->check(CLI::Range(std::uint64_t{10'000}, std::uint64_t{1'000'000'000}));
  replay_app.add_option("--sources", replay->sources, "With an API and a job each; 1000")
      ->check(CLI::Range(1U, 100'000U));

  auto const size = std::make_shared<log_size_bench>();
  auto& size_app = add(*bench, call, "log-size", "Bytes of log that polled sources make in a day",
                       size, bench_log_size);
  size_app.add_option("--sources", size->sources, "How many are polled every 30 s; 300")
      ->check(CLI::Range(1U, 1'000'000U));
  size_app.add_option("--minutes", size->simulated_minutes, "To simulate; 60")
      ->check(CLI::Range(1U, 1'440U));

  auto const schedule = std::make_shared<schedule_bench>();
  auto& schedule_app = add(*bench, call, "schedule", "A simulated day of the schedule, checked",
                           schedule, bench_schedule);
  schedule_app.add_option("--sources", schedule->sources, "How many; 100000")
      ->check(CLI::Range(100U, 1'000'000U));
  schedule_app.add_option("--hours", schedule->hours, "To simulate; 24")
      ->check(CLI::Range(8U, 240U));
  schedule_app.add_option("--seed", schedule->seed, "Of everything that is left to chance; 1");

  auto const sources = std::make_shared<sources_bench>();
  auto& sources_app =
      add(*bench, call, "sources", "Sources polled over HTTP: rate, CPU, memory and lag", sources,
          bench_sources);
  sources_app.add_option("--http", sources->http, "How many; 10000")
      ->check(CLI::Range(10U, 100'000U));
  sources_app.add_option("--hosts", sources->hosts, "That they are spread over; 280")
      ->check(CLI::Range(1U, 100'000U));
  sources_app
      .add_option("--changing", sources->changing,
                  "Of a hundred, those that are new with every answer; 0")
      ->check(CLI::Range(0U, 100U));
  sources_app.add_option("--rounds", sources->rounds, "Intervals that are measured; 2")
      ->check(CLI::Range(1U, 1'000U));
  sources_app
      .add_option_function<std::uint32_t>(
          "--interval",
          [sources](std::uint32_t seconds) { sources->interval = std::chrono::seconds{seconds}; },
          "Seconds between two syncs of a source; 30")
      ->check(CLI::Range(1U, 3'600U));

  add_bench_compat(*bench, call);
  add_bench_merge(*bench, call);
  add_bench_resolve(*bench, call);

  auto const diff = std::make_shared<diff_bench>();
  auto& diff_app = add(*bench, call, "diff", "Time and memory to read, compare, judge and merge",
                       diff, bench_diff);
  diff_app.add_option("OLD", diff->before, "The older version, JSON or YAML")->required();
  diff_app.add_option("NEW", diff->after, "The newer version")->required();
  diff_app.add_option("THIRD", diff->third,
                      "What is merged into NEW; else OLD with 100 random changes");
  diff_app.add_option("--yaml", diff->yaml, "A YAML file to read beside libyaml; may be repeated");
  diff_app.add_option("--rounds", diff->rounds, "That the sides take turns in; 9")
      ->check(CLI::Range(1, 1'000));
}

} // namespace apisync::tools
