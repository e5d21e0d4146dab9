#pragma once

#include "events/definition.hpp"

#include <chrono>
#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace apisync::actors {

/// Which job runs next. Pure: no clock, no actors.
///
/// A job that is due waits in the order of its deadline, the due time plus an allowance by
/// priority: none for high, 10 s for medium, 60 s for low. So priority decides among jobs that
/// became due together, and a low job is overtaken only by what became due within a minute after
/// it. At most one sync of a source runs at a time.
class job_queue {
public:
  struct limits {
    std::size_t running = 8;  ///< Syncs at once.
    std::size_t per_host = 2; ///< Syncs at once per host.
  };

  /// Adds a job, or changes when it is due; no time: only by trigger. A running job takes the new
  /// time when it has finished.
  void plan(const std::string& job, const std::string& source, events::priority priority,
            std::optional<events::timestamp> due);
  void remove(const std::string& job);

  /// Makes a job due now, ahead of the schedule. While it runs, it is due again when it has
  /// finished. False for a job that is not known.
  bool trigger(const std::string& job, events::timestamp now);

  /// An empty host has no limit; a paused source's jobs stay where they are.
  void limit_source(const std::string& source, const std::string& host, bool paused);

  /// Takes the next job that may run, and counts it as running until `finished`.
  std::optional<std::string> take(events::timestamp now, const limits& within);

  /// Ends a run. `next` is when the job is due again, if ever.
  void finished(const std::string& job, std::optional<events::timestamp> next);

  /// When the next job becomes due, if none is due that may run now.
  [[nodiscard]] std::optional<events::timestamp> next_due() const;
  [[nodiscard]] bool knows(const std::string& job) const { return entries_.contains(job); }
  [[nodiscard]] bool is_running(const std::string& job) const;
  [[nodiscard]] std::vector<std::string> running() const;

private:
  struct entry {
    std::string source;
    events::priority priority = events::priority::medium;
    std::optional<events::timestamp> due;
    bool running = false;
    bool again = false;   ///< Triggered while it ran.
    bool removed = false; ///< Goes when it has finished.
  };
  struct source_limit {
    std::string host;
    bool paused = false;
    bool busy = false;
  };
  using waiting = std::set<std::pair<events::timestamp, std::string>>;

  void enqueue(const std::string& job, entry& waiting_entry);
  void dequeue(const std::string& job, const entry& waiting_entry);
  [[nodiscard]] bool may_run(const entry& candidate, const limits& within) const;
  void set_busy(const std::string& source, bool busy);

  std::map<std::string, entry> entries_;
  std::map<std::string, source_limit> sources_;
  std::map<std::string, std::size_t> running_by_host_;
  std::size_t running_ = 0;
  waiting planned_; ///< By due time: not yet known to be due.
  waiting ready_;   ///< By deadline: due.
};

} // namespace apisync::actors
