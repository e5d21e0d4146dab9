#pragma once

#include "actors/directory.hpp"
#include "actors/environment.hpp"
#include "actors/interfaces.hpp"

#include <caf/typed_event_based_actor.hpp>

namespace apisync::actors {

/// What a job needs from the house.
struct job_parts {
  journal_actor journal;
  scheduler_actor scheduler;
  std::shared_ptr<const directory> entities;
  std::shared_ptr<const events::settings> values;
  wall_clock now;
  std::uint64_t seed = 0;
  queue_limits limits;
};

/// A job: one sync at a time, step by step.
///
///     run ─ start on the log ┐
///         └ fetch (source) ──┴─ nothing new ───────────────► seen (source) ─► unchanged
///                               new versions ─ take in (api) ─► seen (source) ─► changed |
///                               unchanged
///                                                           └─► refused (source) ► quarantined
///                               failure ───────────────────────────────────────► failed
///
/// A cancelled sync ends as interrupted: at once while it fetches, and by the API's word while that
/// takes in what was fetched. What is on the log already is recorded to its end, which is one
/// append away. So nothing of a sync is recorded after its end. Answers of steps that arrive later
/// find another `sync_` number and are dropped.
class job_actor_state {
public:
  static inline constexpr auto name = "job";

  explicit job_actor_state(job_actor::pointer self) : self_{self}, core_{self}, chance_{0, ""} {}

  void open(job_parts parts, events::job_state state, std::uint64_t version);
  void start_planning(const begin_planning& order);
  caf::result<sync_ended> run(const run_sync& order);
  caf::result<answer> request(const request_sync& order);
  void cancel(const cancel_sync& order);
  caf::result<answer> change(const change_job& order);
  caf::result<answer> remove(const remove_job& order);
  void settings(const settings_are& order) { parts_.values = order.values; }
  void fail_all(const error& problem);

private:
  using core = aggregate<job_actor::pointer, events::job_state, events::job_event>;

  /// The sync in flight.
  struct sync {
    std::uint64_t number = 0;
    bool waited = false;
    events::timestamp started;
    std::string correlation;
    events::sequence request = 0; ///< The order that it serves, if any.
    enum class phase : std::uint8_t { fetching, taking, recording } at = phase::fetching;
    std::string api; ///< That takes in what was fetched.
    bool start_on_disk = false;
    std::optional<events::sync_ending> ending; ///< Known, waits for the start to be on disk.
    events::timestamp ended;                   ///< When the ending became known.
    std::optional<events::failure_kind> fetch_failure; ///< The place was asked in vain.
    caf::typed_response_promise<sync_ended> reply;
  };

  void record_start();
  void start_recorded(std::uint64_t number);
  void fetched(std::uint64_t number, const fetch_result& result);
  void take(std::uint64_t number, const fetch_result& result);
  void taken(std::uint64_t number, const fetch_result& result, const taken_in& taken);
  void see(std::uint64_t number, const fetch_result& result, events::sync_ending then);
  void end(std::uint64_t number, events::sync_ending ending);
  void record_end();
  void ended(const change_result& outcome);
  void recover_interrupted();
  void plan();
  void remove_now(const remove_job& order);
  void removed(const result<answer>& outcome);
  [[nodiscard]] bool current(std::uint64_t number) const {
    return sync_ && sync_->number == number;
  }

  /// Continues with `then` when the answer belongs to the sync in flight; an error ends the sync.
  template <class Answer, class Target, class Message, class Then>
  void ask(const Target& target, const Message& message, std::uint64_t number, Then then);

  job_actor::pointer self_;
  core core_;
  job_parts parts_;
  chance chance_;
  std::uint64_t syncs_ = 0;
  std::optional<sync> sync_;
  std::optional<remove_job> removing_;
  std::vector<caf::typed_response_promise<answer>> removed_; ///< Of all who asked.
};

/// An event-sourced job. At most one may own a stream `job/ID`.
job_actor::behavior_type job_behavior(job_actor::stateful_pointer<job_actor_state> self,
                                      job_parts parts, events::job_state state,
                                      std::uint64_t version);

} // namespace apisync::actors
