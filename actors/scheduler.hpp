#pragma once

#include "actors/api_presence.hpp"
#include "actors/directory.hpp"
#include "actors/environment.hpp"
#include "actors/interfaces.hpp"
#include "actors/schedule.hpp"
#include "events/host_state.hpp"

#include <caf/typed_event_based_actor.hpp>

#include <deque>

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
  std::uint64_t seed = 0;
  std::vector<std::pair<std::string, events::host_state>> hosts; ///< As they were recorded.
  std::optional<events::timestamp> last_event;                   ///< Of the log, before this life.
};

class scheduler_state {
public:
  static inline constexpr auto name = "scheduler";

  explicit scheduler_state(scheduler_self_actor::pointer self) : self_{self} {}

  void open(scheduler_parts parts);
  void plan(const plan_job& order);
  void unplan(const unplan_job& order);
  caf::result<sync_ended> trigger(const trigger_job& order);
  void mode(const set_mode& order);
  void limit(const limit_source& order);
  void limit(const limit_api& order);
  void forget(const forget_source& order);
  caf::result<answer> pause(const pause_host& order);
  [[nodiscard]] waits explain(const ask_waits& order);
  [[nodiscard]] host_load load(const ask_host& order);
  void settings(const settings_are& order);
  caf::result<answer> drain(const drain_syncs& order);
  void tick(const schedule_tick& timer);
  caf::result<storage::appended> collect(const events::start_row& row);
  caf::result<storage::appended> collect(const events::unchanged_row& row);
  void flush();
  void fail_all(const error& problem);

private:
  using row_promise = caf::typed_response_promise<storage::appended>;

  /// A host's event that waits to be written.
  struct host_order {
    events::scheduler_event event;
    asked_by asked;
    std::optional<caf::typed_response_promise<answer>> reply; ///< Of a person's order.
  };

  void start_due();
  void start(const std::string& job);
  void finished(const std::string& job, const sync_ended* ended);
  void report_end(const sync_ended& ended);
  void note(const circuit_change& change, const std::string& reason);
  void write_next();
  bool write_host_order();
  void write_rows();
  void host_order_written(host_order order, const storage::appended& where);
  void write(std::shared_ptr<storage::append> order,
             std::function<void(const result<storage::appended>&)> then);
  void set_timer();
  caf::result<storage::appended> collected();
  [[nodiscard]] bool rows_hold_up_syncs() const;

  scheduler_self_actor::pointer self_;
  scheduler_parts parts_;
  schedule queue_;
  api_presence presence_;
  events::timestamp idle_since_; ///< Where the engine does not run: since when.
  std::set<std::string> paused_hosts_;
  std::deque<host_order> host_orders_;
  std::map<std::string, std::vector<caf::typed_response_promise<sync_ended>>> waiting_;
  std::map<std::string, std::vector<caf::typed_response_promise<sync_ended>>> served_;
  std::vector<caf::typed_response_promise<answer>> draining_;
  std::uint64_t timer_ = 0;

  std::vector<events::start_row> starts_;
  std::vector<events::unchanged_row> ends_;
  std::vector<row_promise> row_promises_;
  bool row_timer_ = false;
  bool rows_due_ = false; ///< They have been collected for long enough.
  bool writing_ = false;  ///< One append of this stream at a time.
};

scheduler_self_actor::behavior_type
scheduler_behavior(scheduler_self_actor::stateful_pointer<scheduler_state> self,
                   scheduler_parts parts);

} // namespace apisync::actors
