#pragma once

#include "actors/schedule.hpp"
#include "events/job_state.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

/// A simulated organisation for the schedule: sources with their hosts, how long their syncs take
/// and how they end. The schedule and the decisions about next attempts are the service's own;
/// there is no actor, no log and no clock.
namespace apisync::tools {

/// How the world is made. Intervals are log-normal, exp(N(ln median, sigma)), cut at `shortest` and
/// `longest`.
struct schedule_world {
  std::uint64_t seed = 1;
  std::uint32_t sources = 100'000;
  std::chrono::hours length{24};
  std::chrono::seconds shortest{60}, median{600}, longest{86'400};
  double sigma = 1.0;
  std::uint32_t sources_per_host_max = 400; ///< A few hosts have as many, most have one to ten.
  std::chrono::hours outage_at{8};          ///< The network of all sources fails.
  std::chrono::minutes outage_length{30};
  std::chrono::hours restart_at{16}; ///< The process is away.
  std::chrono::minutes restart_length{10};
  std::chrono::hours blink_at{21}; ///< The process is away for five seconds.
  std::uint32_t broken_hosts =
      50; ///< At most, and one in a hundred; for three hours each, from the second on.

  /// The service's settings in this world.
  [[nodiscard]] events::settings settings() const;
};

/// What a run of the world came to.
struct schedule_figures {
  double wall_seconds = 0, cpu_seconds = 0;
  std::uint64_t syncs = 0, changed = 0, failed = 0;
  std::uint64_t circuits_opened = 0, circuits_closed = 0;
  std::uint64_t shared_connections = 0; ///< Starts within a second after another of that host.

  /// Starts in each second.
  std::vector<std::uint32_t> starts;

  /// Longest wait of a source for its turn, as a share of its interval, in the undisturbed hours,
  /// by priority.
  double longest_wait[3] = {0, 0, 0};
  double longest_wait_behind = 0; ///< Of those that come after another.
  std::uint64_t starved = 0;      ///< Waits that were longer than the settings allow.
  std::uint64_t silent = 0;       ///< Sources that are long overdue at the end.
  std::uint64_t over_budget = 0;  ///< Requests that a host should not have got.
  std::uint64_t overlapping = 0;  ///< Syncs of a source while another ran.
  std::uint64_t out_of_order = 0; ///< Syncs before what they come after.
  std::uint64_t budget_full = 0;  ///< Requests that used up a host's budget.
  std::size_t longest_queue = 0;  ///< Jobs that were due and waited.
  std::size_t most_bytes = 0;     ///< Of the schedule.
  std::uint32_t hosts = 0;
  double mean_interval_seconds = 0;     ///< Harmonic: what the rate comes from.
  std::vector<double> interval_deciles; ///< Seconds, from the least to the longest; 11.

  /// Starts per second in a stretch of the day: the most in one second, and the mean.
  struct rate {
    double most = 0, mean = 0;
  };
  [[nodiscard]] rate between(std::chrono::seconds from, std::chrono::seconds to) const;
};

schedule_figures live_through(const schedule_world& world);

} // namespace apisync::tools
