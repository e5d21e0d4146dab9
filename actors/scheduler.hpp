#pragma once

#include "actors/directory.hpp"
#include "actors/environment.hpp"
#include "actors/interfaces.hpp"
#include "actors/job_queue.hpp"

#include <caf/typed_event_based_actor.hpp>

namespace apisync::actors {

/// A timer of the scheduler; one that is no longer the newest is ignored.
struct schedule_tick {
  std::uint64_t number = 0;
};
/// The rows have been collected for long enough.
struct flush_rows {};

using scheduler_self_actor =
    scheduler_actor::extend<caf::reacts_to<schedule_tick>, caf::reacts_to<flush_rows>>;

} // namespace apisync::actors

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(apisync::actors::schedule_tick)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(apisync::actors::flush_rows)

namespace apisync::actors {

struct scheduler_parts {
  journal_actor journal;
  std::shared_ptr<const directory> entities;
  std::shared_ptr<const events::settings> values;
  wall_clock now;
  events::engine_mode mode = events::engine_mode::running;
  std::uint64_t version = 0; ///< Of stream `scheduler`.
  queue_limits limits;
  std::chrono::milliseconds row_delay{100};
};

class scheduler_state {
public:
  static inline constexpr auto name = "scheduler";

  explicit scheduler_state(scheduler_self_actor::pointer self) : self_{self} {}

  void open(scheduler_parts parts) { parts_ = std::move(parts); }
  void plan(const plan_job& order);
  void unplan(const unplan_job& order);
  caf::result<sync_ended> trigger(const trigger_job& order);
  void mode(const set_mode& order);
  void limit(const limit_source& order);
  void settings(const settings_are& order);
  caf::result<answer> drain(const drain_syncs& order);
  void tick(const schedule_tick& timer);
  caf::result<storage::appended> collect(const events::start_row& row);
  caf::result<storage::appended> collect(const events::unchanged_row& row);
  void flush();
  void fail_all(const error& problem);

private:
  using row_promise = caf::typed_response_promise<storage::appended>;

  void start_due();
  void start(const std::string& job);
  void finished(const std::string& job, std::optional<events::timestamp> next);
  void set_timer();
  caf::result<storage::appended> collected();

  scheduler_self_actor::pointer self_;
  scheduler_parts parts_;
  job_queue queue_;
  std::map<std::string, std::vector<caf::typed_response_promise<sync_ended>>> waiting_;
  std::map<std::string, std::vector<caf::typed_response_promise<sync_ended>>> served_;
  std::vector<caf::typed_response_promise<answer>> draining_;
  std::uint64_t timer_ = 0;

  std::vector<events::start_row> starts_;
  std::vector<events::unchanged_row> ends_;
  std::vector<row_promise> row_promises_;
  bool row_timer_ = false;
  bool writing_rows_ = false;
};

scheduler_self_actor::behavior_type
scheduler_behavior(scheduler_self_actor::stateful_pointer<scheduler_state> self,
                   scheduler_parts parts);

} // namespace apisync::actors
