#pragma once

#include "events/adaptive_interval.hpp"
#include "events/event.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace apisync::events {

/// `pending`: never run, or waiting for a retry. `completed`: the last sync ended well. `failed`:
/// it ended badly and the retries are used up; a standing job goes on being probed.
enum class job_status : std::uint8_t { pending, running, completed, failed };
constexpr auto all_values(job_status) {
  return std::array{job_status::pending, job_status::running, job_status::completed,
                    job_status::failed};
}
std::string_view to_string(job_status value);

/// How a sync ended; `none` before the first end.
enum class sync_outcome : std::uint8_t {
  none,
  changed,
  unchanged,
  quarantined,
  failed,
  interrupted
};
constexpr auto all_values(sync_outcome) {
  return std::array{sync_outcome::none,        sync_outcome::changed, sync_outcome::unchanged,
                    sync_outcome::quarantined, sync_outcome::failed,  sync_outcome::interrupted};
}
std::string_view to_string(sync_outcome value);

struct last_problem {
  std::string reason, where;
  timestamp time;
};

/// The fold of stream `job/ID` and of the job's rows on stream `scheduler`.
struct job_state {
  job_state() = default;

  std::uint32_t number = 0;
  job_definition definition;
  bool exists = false;
  job_status status = job_status::pending;
  std::uint32_t retry_count = 0; ///< Retries since the last good end.
  std::uint32_t failures = 0;    ///< Failed syncs in a row.
  std::uint32_t probes = 0;      ///< Failed ones after the retries were used up.
  std::optional<timestamp> last_attempt, next_attempt;
  std::optional<timestamp> last_ended;
  std::optional<timestamp> last_success;
  std::chrono::microseconds last_duration{};
  sync_outcome last_outcome = sync_outcome::none;
  std::string last_reason;             ///< Of an unchanged or interrupted end.
  std::optional<last_problem> problem; ///< Cleared by a good end.
  std::optional<failure_kind> failure; ///< Of the last failed sync; cleared by a good end.
  std::optional<timestamp> gone_since; ///< Every sync since then has found it gone.
  change_rhythm rhythm;                ///< How often it really changes.
  sequence request = 0; ///< The last `sync_requested` that no sync has served yet; 0: none.
};

/// Takes over one fact.
void apply(job_state& state, job_event event, const stamp& when);
void apply(job_state& state, const start_row& row);
void apply(job_state& state, const unchanged_row& row);

/// What a decision about time and chance needs; `chance` is uniform in [0, 1).
struct attempt_context {
  timestamp now;
  timestamp started;
  double chance = 0;
  const settings& values;
};

/// How a sync ended, before it is decided what that means for the job.
struct ended_changed {
  std::optional<std::uint64_t> revision;
  std::uint32_t conflicts = 0;
};
struct ended_unchanged {
  std::string reason;
};
struct ended_failed {
  failure_kind kind = failure_kind::transient;
  std::string reason, where;
  std::optional<std::chrono::seconds> retry_after;
};
struct ended_quarantined {
  std::string reason, where;
};
struct ended_interrupted {
  std::string reason;
};
using sync_ending = std::variant<ended_changed, ended_unchanged, ended_failed, ended_quarantined,
                                 ended_interrupted>;

/// Between two polls of the job as things are: its interval, or what `adapted` makes of how often
/// its source changes.
std::chrono::milliseconds present_interval(const job_state& state, const settings& values,
                                           timestamp now);

/// The event that ends the sync, with the next attempt. After a good end and after a quarantine
/// (asking again is cheap): the schedule, with ±10 % jitter. After a failure by its class:
/// `transient`: exponential backoff with full jitter while retries are left. `permanent`, `gone`:
/// no retries, but what has never been there may be on its way. `auth`: probes at once as rarely as
/// `probeInterval` says, for who knocks with a bad credential gets locked out. Then probes at
/// growing distance, up to `probeInterval`; nothing is ever given up. Never before `retry_after`.
/// At once after an interruption.
job_event decide_end(const job_state& state, const sync_ending& ending, const attempt_context& at);

/// When a job that was just added, changed or resumed is first due: a standing job at once, `cron`
/// at its next time, `change` never by itself.
std::optional<timestamp> first_attempt(const job_definition& job, timestamp now);

/// Somebody orders a sync. Each order is recorded, though one sync may serve several.
result<std::vector<job_event>> decide_request(const job_state& state);

/// Adds, or adds again after a removal. `already_exists` for an id in use.
result<std::vector<job_event>> decide_add(const job_state& state, const job_definition& definition,
                                          std::uint32_t number, timestamp now);
result<std::vector<job_event>> decide_change(const job_state& state,
                                             const job_definition& definition, timestamp now,
                                             declared_by who);
result<std::vector<job_event>> decide_remove(const job_state& state, declared_by who);

} // namespace apisync::events
