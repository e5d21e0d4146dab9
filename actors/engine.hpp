#pragma once

#include "actors/directory.hpp"
#include "actors/environment.hpp"
#include "actors/finder_interface.hpp"
#include "actors/interfaces.hpp"
#include "actors/notifier_interface.hpp"
#include "actors/publisher_interface.hpp"
#include "actors/views_keeper.hpp"
#include "events/config.hpp"
#include "events/engine_state.hpp"
#include "sources/deliver.hpp"
#include "sources/find.hpp"
#include "sources/model.hpp"
#include "sources/publish.hpp"

#include <caf/typed_event_based_actor.hpp>

#include <deque>
#include <functional>
#include <set>

namespace apisync::actors {

// -- what people ask of the engine, beside what its entities take themselves ---

struct engine_command {
  events::engine_verb verb = events::engine_verb::start;
  asked_by asked;
};
struct change_settings {
  std::map<std::string, events::raw_json> values;
  asked_by asked;
  /// What was read before the change: `conflict` where the settings are others by now.
  std::optional<events::settings> was = {};
};
struct add_source {
  events::source_definition definition;
  asked_by asked;
};
struct add_job {
  events::job_definition definition;
  asked_by asked;
};
struct add_api {
  events::api_definition definition;
  asked_by asked;
};
/// Orders a sync of a source: recorded, then run as soon as limits allow. With `wait`, answered
/// when it has ended.
struct sync_source {
  std::string id;
  bool wait = true;
  asked_by asked;
};
/// Waits for the end of a sync that was ordered before.
struct await_sync {
  std::string job;
  events::sequence request = 0; ///< Its `sync_requested`.
};
/// Remembers that a request under an `Idempotency-Key` was answered and changed nothing.
struct note_answered {
  asked_by asked;
};
/// Takes over what a configuration file declares.
struct apply_config {
  std::shared_ptr<const events::config> config;
  std::string file;
};
/// The watcher saw a change of a source's file.
struct file_changed {
  std::string source;
};
/// Ends running syncs as interrupted and records that the process ends in good order.
struct close_engine {
  std::string reason;
};

/// The ENGINE: start, stop, pause, resume, configuration; adds and removes entities, supervises
/// their actors, and hands every request to whom it concerns. Its verbs are those of the interface
/// that the product grew out of: `startSync`, `stopSync`, `pauseSync`, `resumeSync`
/// (engine_command), `addSyncJob`, `removeSyncJob` (add_job, remove_job), `updateConfig`
/// (change_settings); `getSyncStatus` and `getConfig` read the snapshot of the views.
using engine_actor = caf::typed_actor<
    caf::replies_to<engine_command>::with<answer>, caf::replies_to<change_settings>::with<answer>,
    caf::replies_to<add_source>::with<answer>, caf::replies_to<change_source>::with<answer>,
    caf::replies_to<remove_source>::with<answer>, caf::replies_to<pause_source>::with<answer>,
    caf::replies_to<accept_quarantine>::with<answer>, caf::replies_to<push_document>::with<answer>,
    caf::replies_to<pause_api>::with<answer>, caf::replies_to<pause_host>::with<answer>,
    caf::replies_to<ask_waits>::with<waits>, caf::replies_to<ask_host>::with<host_load>,
    caf::replies_to<sync_source>::with<sync_ended>, caf::replies_to<await_sync>::with<sync_ended>,
    caf::replies_to<note_answered>::with<answer>, caf::replies_to<add_job>::with<answer>,
    caf::replies_to<change_job>::with<answer>, caf::replies_to<remove_job>::with<answer>,
    caf::replies_to<add_api>::with<answer>, caf::replies_to<change_api>::with<answer>,
    caf::replies_to<remove_api>::with<answer>, caf::replies_to<edit_spec>::with<answer>,
    caf::replies_to<rollback_api>::with<answer>, caf::replies_to<drop_contributions>::with<answer>,
    caf::replies_to<promote_api>::with<answer>, caf::replies_to<resolve_conflicts>::with<answer>,
    caf::replies_to<undo_resolutions>::with<answer>, caf::replies_to<forget_rule>::with<answer>,
    caf::replies_to<apply_config>::with<answer>, caf::replies_to<resend_deliveries>::with<answer>,
    caf::replies_to<write_target>::with<answer>, caf::reacts_to<file_changed>,
    caf::replies_to<take_found>::with<answer>, caf::replies_to<close_engine>::with<answer>>;

/// An entity's actor died and its pause is over.
struct restart_entity {
  std::string stream;
};

using engine_self_actor = engine_actor::extend<caf::reacts_to<restart_entity>>;

} // namespace apisync::actors

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(apisync::actors::engine_command)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(apisync::actors::change_settings)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(apisync::actors::add_source)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(apisync::actors::add_job)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(apisync::actors::add_api)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(apisync::actors::sync_source)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(apisync::actors::await_sync)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(apisync::actors::note_answered)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(apisync::actors::apply_config)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(apisync::actors::file_changed)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(apisync::actors::close_engine)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(apisync::actors::restart_entity)

namespace apisync::actors {

struct engine_parts {
  std::shared_ptr<storage::event_log> log;
  std::shared_ptr<snapshot_box> box;
  journal_actor journal;
  scheduler_actor scheduler;
  resolver_actor resolver;
  views_actor views;
  std::shared_ptr<directory> entities;
  std::shared_ptr<sources::fetcher> fetcher;
  std::shared_ptr<const storage::document_store> documents;
  std::shared_ptr<sources::watcher> watcher; ///< May be null.
  std::shared_ptr<sources::finder> finder;   ///< May be null.
  std::shared_ptr<sources::sender> sender;
  std::shared_ptr<sources::publisher> publisher;
  std::shared_ptr<sources::model_client> model; ///< May be null.
  wall_clock now;
  std::uint64_t seed = 0;
  queue_limits limits;
  std::string version; ///< Of the program.
  /// A part that cannot be restarted alone has died; called on an actor's thread, at most once.
  std::function<void(const error&)> on_fatal;
};

class engine_actor_state {
public:
  static inline constexpr auto name = "engine";

  explicit engine_actor_state(engine_self_actor::pointer self) : self_{self}, core_{self} {}

  void open(engine_parts parts);

  caf::result<answer> command(const engine_command& order);
  caf::result<answer> settings(const change_settings& order);
  caf::result<answer> add(const add_source& order);
  caf::result<answer> add(const add_job& order);
  caf::result<answer> add(const add_api& order);
  caf::result<answer> change(const change_source& order);
  caf::result<answer> pause(const pause_source& order);
  caf::result<answer> pause(const pause_api& order);
  caf::result<waits> explain(const ask_waits& order);
  caf::result<answer> accept(const accept_quarantine& order);
  caf::result<answer> push(const push_document& order);
  caf::result<answer> remove(const remove_source& order);
  caf::result<answer> remove(const remove_api& order);
  caf::result<sync_ended> sync(const sync_source& order);
  caf::result<sync_ended> wait_for(const await_sync& order);
  caf::result<answer> note(const note_answered& order);
  caf::result<answer> configure(const apply_config& order);
  void changed(const file_changed& order);
  caf::result<answer> take(const take_found& order);
  caf::result<answer> close(const close_engine& order);
  void restart(const restart_entity& order);
  void down(const caf::down_msg& message);
  void shut_down(const caf::error& reason);

  /// Hands an order to the entity that it is for; as `missing` says where there is none.
  template <class Handle, class Order>
  caf::result<answer> hand_over(const Handle& handle, const Order& order, std::string_view what,
                                const std::string& id) {
    if (!handle) return to_caf(missing(what, id));
    return self_->delegate(handle, order);
  }

  [[nodiscard]] const directory& entities() const { return *parts_.entities; }
  [[nodiscard]] const scheduler_actor& scheduler() const { return parts_.scheduler; }

private:
  using core = aggregate<engine_self_actor::pointer, events::engine_state, events::engine_event>;
  using done_handler = std::function<void(result<answer>)>;
  using step = std::function<void(done_handler)>;

  /// A change of the house itself: adding, removing, configuring. One at a time, each on a snapshot
  /// of the views that has everything before it.
  struct mutation {
    std::function<void(const events::views&, done_handler)> run;
    caf::typed_response_promise<answer> reply;
  };

  /// Entities to be added in one append.
  struct additions {
    std::vector<events::source_state> sources;
    std::vector<events::job_state> jobs;
    std::vector<events::api_state> apis;
    std::shared_ptr<storage::append> order = std::make_shared<storage::append>();
    std::uint32_t next_number = 0;
  };

  /// Why nobody answers to an id: `not_found`, or `unavailable` while it starts again.
  [[nodiscard]] error missing(std::string_view what, const std::string& id) const;

  // engine.cpp
  void start();
  void read_settings();
  void spread_settings();
  void finish_stop(const answer& stopping, caf::typed_response_promise<answer> reply);
  caf::result<answer> enqueue(std::function<void(const events::views&, done_handler)> run);
  void next_mutation();
  void mutated(result<answer> outcome);

  // engine_syncs.cpp
  static bool watches_in(events::engine_mode mode);
  void mode_changed();
  void look(const std::string& job);
  template <class Order>
  caf::result<answer> then_look(const Order& order);
  void answer_end(const trigger_job& order, caf::typed_response_promise<sync_ended> reply);
  [[nodiscard]] std::string job_for(const std::string& source) const;
  [[nodiscard]] bool is_watched(const std::string& source) const;

  // engine_entities.cpp
  result<void> plan_addition(additions& to, const events::views& now,
                             const events::source_definition& source);
  result<void> plan_addition(additions& to, const events::views& now,
                             const events::job_definition& job);
  result<void> plan_addition(additions& to, const events::views& now,
                             const events::api_definition& api);
  void change_source_steps(const events::source_state& before, const change_source& order,
                           done_handler done);
  void append_additions(additions what, asked_by asked, done_handler done);
  void remove_source_steps(const events::views& now, const remove_source& order, done_handler done);
  void run_steps(std::shared_ptr<std::vector<step>> steps, std::size_t index, events::sequence last,
                 done_handler done);
  /// Asks an entity on the engine's own account; as `missing` says where there is none.
  template <class Handle, class Order>
  void ask(const Handle& handle, const Order& order, std::string_view what, const std::string& id,
           done_handler done) {
    if (!handle) return done(tl::unexpected{missing(what, id)});
    self_->request(handle, caf::infinite, order)
        .then([done](const answer& outcome) { done(outcome); },
              [done](const caf::error& problem) { done(tl::unexpected{from_caf(problem)}); });
  }

  // engine_config.cpp
  void apply_plan(const events::views& now, const apply_config& order, done_handler done);
  void plan_removals(const events::config_plan& plan, std::string_view kind,
                     std::vector<step>& steps);
  void plan_changes(const events::config_plan& plan, const events::config& next,
                    std::vector<step>& steps);
  step on_fresh_views(std::function<void(const events::views&, done_handler)> run);
  template <class Definition>
  step add_step(const std::vector<std::string>& streams, std::string_view kind,
                const std::vector<Definition>& all);
  step webhooks_step(std::vector<events::webhook_definition> all);
  step targets_step(std::vector<events::target_definition> all);
  step settings_step(const std::vector<std::string>& changed,
                     const std::map<std::string, events::raw_json>& all);
  step applied_step(events::config_applied fact);

  // engine_folders.cpp
  void spread_folders();
  result<void> plan_found(additions& to, const events::views& now,
                          const events::folder_definition& folder, const std::string& path);
  void note_search(const events::folder_searched& fact, done_handler done);

  // engine_supervision.cpp
  void spawn(const events::source_state& state);
  void spawn(const events::job_state& state);
  void spawn(const events::api_state& state);
  void spawn_notifier();
  void spawn_publisher();
  void spawn_model();
  void spawn_finder();
  void spawn_from_views(const std::string& stream);
  void limit(const events::source_definition& source, bool paused);
  [[nodiscard]] std::map<std::string, compared_source> compared_of(const events::views& now,
                                                                   const std::string& api) const;
  [[nodiscard]] std::optional<std::string> authority_of(const events::views& now,
                                                        const std::string& api) const;

  engine_self_actor::pointer self_;
  core core_;
  engine_parts parts_;
  std::shared_ptr<const events::settings> values_;
  std::shared_ptr<const events::model_definition> model_; ///< Null: none is asked.
  std::deque<mutation> mutations_;
  bool mutating_ = false;
  bool watching_ = false; ///< Files are watched, unless the engine is stopped or stopping.
  std::map<caf::actor_addr, std::string> children_;               ///< Stream by address.
  std::map<std::string, std::deque<events::timestamp>> failures_; ///< Of the last minute.
  std::set<std::string> restarting_; ///< Streams of actors that start again after a pause.
  std::set<std::string> parked_;     ///< Of those that failed too often.
  caf::error stopping_;              ///< Set once the actor is told to exit.
};

engine_self_actor::behavior_type
engine_behavior(engine_self_actor::stateful_pointer<engine_actor_state> self, engine_parts parts);

} // namespace apisync::actors
