#include "actors/job.hpp"

namespace apisync::actors {

void job_actor_state::open(job_parts parts, events::job_state state, std::uint64_t version) {
  parts_ = std::move(parts);
  chance_ = chance{parts_.seed, state.definition.id};
  const auto stream = "job/" + state.definition.id;
  core_.open(parts_.journal, stream, std::move(state), version, parts_.limits.commands_pending);
  syncs_ = version;
}

void job_actor_state::start_planning(const begin_planning& order) {
  const auto& state = core_.state();
  if (state.status == events::job_status::running) return recover_interrupted();
  plan();
  // Told after the plan, and by the one who planned: the scheduler knows the job by then.
  if (order.look)
    self_->request(parts_.scheduler, caf::infinite, trigger_job{state.definition.id, false, false})
        .then([](const sync_ended&) {}, [](const caf::error&) {}); // the next poll will look
}

/// The process, or this actor, ended under a sync: it is recorded as interrupted and due at once.
void job_actor_state::recover_interrupted() {
  core_.submit(
      [this](const events::job_state& state) -> result<std::vector<events::job_event>> {
        const auto now = parts_.now();
        return std::vector{
            decide_end(state, events::ended_interrupted{"crash"},
                       {now, std::min(state.last_attempt.value_or(now), now), 0, *parts_.values})};
      },
      [this](const change_result& outcome) {
        if (outcome) plan();
      });
}

/// Tells the scheduler when this job is due.
void job_actor_state::plan() {
  const auto& state = core_.state();
  self_->send(parts_.scheduler,
              plan_job{state.definition.id, state.definition.source, state.definition.priority,
                       state.next_attempt, present_interval(state, *parts_.values, parts_.now()),
                       state.request != 0, state.last_attempt, state.failure, state.gone_since});
}

// -- changes ------------------------------------------------------------------

caf::result<answer> job_actor_state::request(const request_sync& order) {
  if (!removed_.empty()) return to_caf({errc::not_found, "the job is being removed", {}});
  auto reply = self_->make_response_promise<answer>();
  core_.submit([](const events::job_state& state) { return decide_request(state); },
               [reply](const change_result& outcome) mutable {
                 if (outcome)
                   reply.deliver(answer{outcome->last, "{}"});
                 else
                   reply.deliver(to_caf(outcome.error()));
               },
               order.asked);
  return reply;
}

caf::result<answer> job_actor_state::change(const change_job& order) {
  auto reply = self_->make_response_promise<answer>();
  core_.submit(
      [this, order](const events::job_state& state) {
        return decide_change(state, order.definition, parts_.now(), order.who);
      },
      [this, reply](const change_result& outcome) mutable {
        if (!outcome) {
          reply.deliver(to_caf(outcome.error()));
          return;
        }
        if (!sync_) plan();
        reply.deliver(answer{outcome->last, "{}"});
      },
      order.asked);
  return reply;
}

caf::result<answer> job_actor_state::remove(const remove_job& order) {
  if (auto allowed = decide_remove(core_.state(), order.who); !allowed)
    return to_caf(allowed.error());
  auto reply = self_->make_response_promise<answer>();
  removed_.push_back(reply);
  if (removed_.size() > 1) return reply; // it is being removed already
  if (sync_)
    removing_ = order; // goes on in `ended`
  else
    remove_now(order);
  return reply;
}

void job_actor_state::remove_now(const remove_job& order) {
  core_.submit(
      [who = order.who](const events::job_state& state) { return decide_remove(state, who); },
      [this](const change_result& outcome) {
        if (!outcome) return removed(tl::unexpected{outcome.error()});
        self_->send(parts_.scheduler, unplan_job{core_.state().definition.id});
        removed(answer{outcome->last, "{}"});
        self_->quit();
      },
      order.asked);
}

void job_actor_state::removed(const result<answer>& outcome) {
  for (auto& promise : std::exchange(removed_, {}))
    if (outcome)
      promise.deliver(*outcome);
    else
      promise.deliver(to_caf(outcome.error()));
}

void job_actor_state::fail_all(const error& problem) {
  core_.fail_all(problem);
  if (sync_) sync_->reply.deliver(to_caf(problem));
  sync_.reset();
  removed(tl::unexpected{problem});
}

job_actor::behavior_type job_behavior(job_actor::stateful_pointer<job_actor_state> self,
                                      job_parts parts, events::job_state state,
                                      std::uint64_t version) {
  self->set_exit_handler([self](const caf::exit_msg& message) {
    self->state.fail_all({errc::unavailable, "the service is shutting down", {}});
    self->quit(message.reason);
  });
  self->state.open(std::move(parts), std::move(state), version);
  return {
      [self](const run_sync& order) { return self->state.run(order); },
      [self](const request_sync& order) { return self->state.request(order); },
      [self](const cancel_sync& order) { self->state.cancel(order); },
      [self](const change_job& order) { return self->state.change(order); },
      [self](const remove_job& order) { return self->state.remove(order); },
      [self](const settings_are& order) { self->state.settings(order); },
      [self](const begin_planning& order) { self->state.start_planning(order); },
  };
}

} // namespace apisync::actors
