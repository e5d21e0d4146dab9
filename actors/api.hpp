#pragma once

#include "actors/directory.hpp"
#include "actors/environment.hpp"
#include "actors/interfaces.hpp"

#include <caf/typed_event_based_actor.hpp>

#include <deque>
#include <functional>
#include <set>

namespace apisync::actors {

struct api_parts {
  journal_actor journal;
  resolver_actor resolver;
  std::shared_ptr<directory> entities;
  std::shared_ptr<const events::settings> values;
  std::shared_ptr<const events::model_definition> model; ///< Null: none is asked.
  std::map<std::string, compared_source> sources;        ///< Of the API, by id.
  wall_clock now;
  queue_limits limits;
};

/// An API. Everything that needs its documents (taking in, edits, resolutions, rollbacks) is done
/// one after the other: the resolver computes on the state as it is, the outcome is decided on the
/// same state, appended, applied, and then the next begins.
class api_actor_state {
public:
  static inline constexpr auto name = "api";

  explicit api_actor_state(api_actor::pointer self) : self_{self}, core_{self} {}

  void open(api_parts parts, events::api_state state, std::uint64_t version);
  caf::result<taken_in> take(const take_in& order);
  void cancel(const cancel_take& order);
  caf::result<answer> edit(const edit_spec& order);
  caf::result<answer> rollback(const rollback_api& order);
  caf::result<answer> drop(const drop_contributions& order);
  caf::result<answer> promote(const promote_api& order);
  caf::result<answer> resolve(const resolve_conflicts& order);
  caf::result<answer> undo(const undo_resolutions& order);
  caf::result<answer> forget(const forget_rule& order);
  caf::result<answer> change(const change_api& order);
  caf::result<answer> remove(const remove_api& order);
  void source(const source_is& order);
  void source_removed(const source_gone& order);
  caf::result<answer> pause(const pause_api& order);
  void presence(const presence_is& news);
  void settings(const settings_are& order);
  void fail_all(const error& problem);

private:
  using core = aggregate<api_actor::pointer, events::api_state, events::api_event>;
  using work_done = std::function<void(result<integrated_ptr>, const change_result&)>;

  /// A piece of work on documents: `begin` makes its task when its turn has come.
  struct work {
    std::function<result<integrate_task>()> begin;
    work_done done;
    asked_by asked;
    std::shared_ptr<const change_api> declared = {}; ///< Recorded with what the work comes to.
    std::uint64_t number = 0; ///< Tells a late outcome of work that was given up.
    bool submitted = false;   ///< On its way into the log.
  };

  void enqueue(work next);
  void take_next();
  void integrated_is(std::uint64_t number, const integrated_ptr& outcome);
  void finish(result<integrated_ptr> outcome, const change_result& change);
  void take_versions(std::shared_ptr<const take_in> order, std::size_t index, taken_in so_far,
                     caf::typed_response_promise<taken_in> reply);
  caf::result<answer> do_work(std::function<result<integrate_task>()> begin, asked_by asked,
                              std::shared_ptr<const change_api> declared = {});
  [[nodiscard]] std::size_t accounted_for(const take_in& order) const;
  void compare(std::vector<std::string> sources);
  void merge_selection(const std::string& id);
  [[nodiscard]] std::vector<std::string> uncompared() const;
  // api_model.cpp
  void consider_model();
  [[nodiscard]] std::vector<std::string> unasked() const;
  void ask_all(const std::vector<model_prompt>& prompts);
  void ask(const model_prompt& prompt);
  void answered(const events::model_asked& asked, events::model_answered come, std::string text);
  void pass_over(const std::vector<std::string>& ids, const error& why);

  caf::result<answer> change_state(core::decision decide, asked_by asked);
  void apply_rules();
  void lay_overlays();
  [[nodiscard]] api_context context() const;
  [[nodiscard]] std::vector<std::string> brought_since(std::uint64_t revision) const;
  [[nodiscard]] result<std::shared_ptr<const events::conflict_state>>
  decided_conflict(const std::string& id) const;
  [[nodiscard]] result<void> check_head(const std::optional<std::string>& if_match) const;

  api_actor::pointer self_;
  core core_;
  api_parts parts_;
  std::deque<work> queue_;
  std::optional<work> current_;
  std::uint64_t works_ = 0;
  bool making_questions_ = false;
  std::size_t questions_ = 0;         ///< That an answer is waited for.
  std::set<std::string> asking_;      ///< Their conflicts.
  std::set<std::string> passed_over_; ///< Conflicts that no question could be made of.
};

/// An event-sourced API. At most one may own a stream `api/ID`.
api_actor::behavior_type api_behavior(api_actor::stateful_pointer<api_actor_state> self,
                                      api_parts parts, events::api_state state,
                                      std::uint64_t version);

} // namespace apisync::actors
