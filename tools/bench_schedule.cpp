#include "tools/bench_schedule.hpp"

#include "tools/schedule_world.hpp"

namespace apisync::tools {

using namespace std::chrono_literals;

namespace {

/// The most starts in a second after an absence, by the mean of an undisturbed hour.
constexpr double herd_max = 3;
/// The most memory of the schedule, for each source.
constexpr double bytes_per_source_max = 2'048;

schedule_world world_of(const schedule_bench& how) {
  schedule_world world;
  world.seed = how.seed;
  world.sources = how.sources;
  world.length = std::chrono::hours{how.hours};
  // The disturbances keep their places in the day.
  world.outage_at = std::chrono::hours{how.hours / 3};
  world.restart_at = std::chrono::hours{how.hours * 2 / 3};
  world.blink_at = std::chrono::hours{how.hours * 7 / 8};
  return world;
}

class verdicts {
public:
  void must(bool holds, const std::string& what) {
    if (!holds) broken_ += (broken_.empty() ? "" : "; ") + what;
  }

  [[nodiscard]] result<void> all() const {
    if (broken_.empty()) return {};
    return fail(errc::internal, "the schedule broke a promise: " + broken_);
  }

private:
  std::string broken_;
};

std::string whole(double value) {
  return std::to_string(static_cast<std::int64_t>(value));
}

} // namespace

result<bench_report> bench_schedule(const schedule_bench& how) {
  const auto world = world_of(how);
  const auto day = live_through(world);
  const auto count = [](auto value) { return static_cast<double>(value); };
  const auto outage_end = world.outage_at + world.outage_length;
  const auto restart_end = world.restart_at + world.restart_length;
  const auto steady = day.between(world.outage_at - 1h, world.outage_at);
  const auto after_outage = day.between(outage_end, outage_end + 2h);
  const auto after_restart = day.between(restart_end, restart_end + 1h);
  const auto after_blink = day.between(world.blink_at + 5s, world.blink_at + 30min);
  const auto per_sync = day.cpu_seconds * 1e6 / count(day.syncs);

  auto smaller = world;
  smaller.sources = std::max(world.sources / 10, 1U);
  const auto small = live_through(smaller);

  bench_report report{"schedule"};
  auto& out = report.results;
  out.push_back({"sources", count(how.sources), "sources"});
  out.push_back({"hosts", count(day.hosts), "hosts"});
  static constexpr std::pair<std::size_t, const char*> deciles[] = {
      {0, "least"}, {1, "1st decile"}, {5, "median"}, {9, "9th decile"}, {10, "longest"}};
  for (const auto& [decile, name] : deciles)
    out.push_back({std::string{"interval, "} + name, day.interval_deciles[decile], "s"});
  out.push_back({"simulated", count(how.hours), "h"});
  out.push_back({"wall time", day.wall_seconds, "s"});
  out.push_back({"CPU time", day.cpu_seconds, "s"});
  out.push_back({"syncs", count(day.syncs), "syncs"});
  out.push_back({"changed, of these", count(day.changed), "syncs"});
  out.push_back({"failed, of these", count(day.failed), "syncs"});
  out.push_back({"CPU time per sync", per_sync, "us", whole(smaller.sources) + " sources",
                 small.cpu_seconds * 1e6 / count(small.syncs)});
  static constexpr const char* priorities[] = {"high", "medium", "low"};
  for (std::size_t i = 0; i < 3; ++i)
    out.push_back(
        {std::string{"longest wait, "} + priorities[i], day.longest_wait[i], "intervals"});
  out.push_back({"longest wait behind another", day.longest_wait_behind, "intervals"});
  out.push_back({"starved", count(day.starved + day.silent), "sources"});
  out.push_back({"requests over a budget", count(day.over_budget), "requests"});
  out.push_back({"requests that used a budget up", count(day.budget_full), "requests"});
  out.push_back({"overlapping syncs of a source", count(day.overlapping), "syncs"});
  out.push_back({"syncs before what they come after", count(day.out_of_order), "syncs"});
  const auto peak = [&](const char* name, const schedule_figures::rate& of) {
    out.push_back({name, of.most, "starts/s", "mean of an undisturbed hour", steady.mean});
  };
  peak("peak, undisturbed", steady);
  peak("peak after the restart", after_restart);
  peak("peak after the short restart", after_blink);
  peak("peak after the outage", after_outage);
  out.push_back({"circuits opened", count(day.circuits_opened), "times"});
  out.push_back({"circuits closed", count(day.circuits_closed), "times"});
  out.push_back({"starts within 1 s of another of the host",
                 100 * count(day.shared_connections) / count(day.syncs), "%"});
  out.push_back({"longest queue", count(day.longest_queue), "jobs"});
  out.push_back({"memory per source", count(day.most_bytes) / how.sources, "B"});

  verdicts all;
  all.must(day.starved + day.silent == 0, "sources starved: " + whole(count(day.starved)) +
                                              " waited too long, " + whole(count(day.silent)) +
                                              " are long overdue at the end");
  all.must(day.over_budget == 0, "budgets were exceeded");
  all.must(day.overlapping == 0, "syncs of one source overlapped");
  all.must(day.out_of_order == 0, "syncs went before what they come after");
  all.must(day.longest_queue <= how.sources, "the queue outgrew the sources");
  all.must(count(day.most_bytes) / how.sources <= bytes_per_source_max, "memory is not bounded");
  const bool enough = steady.mean >= 20; // of fewer, a second's chance says nothing
  const auto herd = [&](const schedule_figures::rate& of, const char* when) {
    all.must(!enough || of.most <= herd_max * steady.mean,
             std::string{"many came at once "} + when + ": " + whole(of.most) + " in a second, " +
                 whole(steady.mean) + " are usual");
  };
  herd(after_restart, "after the restart");
  herd(after_blink, "after the short restart");
  herd(after_outage, "after the outage");
  if (auto kept = all.all(); !kept) return tl::unexpected{kept.error()};
  return report;
}

} // namespace apisync::tools
