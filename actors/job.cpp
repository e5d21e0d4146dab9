#include "actors/job.hpp"

#include "actors/source.hpp"
#include "events/overload.hpp"

namespace apisync::actors {

void job_actor_state::open(job_parts parts, events::job_state state, std::uint64_t version) {
  parts_ = std::move(parts);
  chance_ = chance{parts_.seed, state.definition.id};
  const auto stream = "job/" + state.definition.id;
  core_.open(parts_.journal, stream, std::move(state), version, parts_.limits.commands_pending);
  syncs_ = version;
}

void job_actor_state::start_planning() {
  if (core_.state().status == events::job_status::running)
    recover_interrupted();
  else
    plan();
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
  self_->send(parts_.scheduler, plan_job{state.definition.id, state.definition.source,
                                         state.definition.priority, state.next_attempt});
}

caf::result<sync_ended> job_actor_state::run(const run_sync& order) {
  if (sync_)
    return to_caf({errc::conflict, "a sync of this job is running already", core_.stream()});
  if (removing_ || !core_.state().exists)
    return to_caf({errc::not_found, "the job is being removed", core_.stream()});
  const auto now = parts_.now();
  const auto number = ++syncs_;
  sync_.emplace();
  sync_->number = number;
  sync_->waited = order.waited;
  sync_->started = now;
  sync_->correlation = core_.state().definition.id + "-" + std::to_string(number);
  sync_->reply = self_->make_response_promise<sync_ended>();
  auto reply = sync_->reply;
  record_start();
  if (current(number))
    ask<fetch_result>(parts_.entities->source(core_.state().definition.source), fetch_now{}, number,
                      [this, number](const fetch_result& result) { fetched(number, result); });
  return reply;
}

template <class Answer, class Target, class Message, class Then>
void job_actor_state::ask(const Target& target, const Message& message, std::uint64_t number,
                          Then then) {
  if (!target)
    return end(number,
               events::ended_failed{
                   events::failure_kind::transient, "a part of the service is restarting", {}, {}});
  self_->request(target, caf::infinite, message)
      .then(
          [this, number, then](const Answer& value) {
            if (current(number)) then(value);
          },
          [this, number](const caf::error& problem) {
            const auto what = from_caf(problem);
            end(number, events::ended_failed{
                            events::failure_kind::transient, what.message, what.where, {}});
          });
}

// -- start --------------------------------------------------------------------

void job_actor_state::record_start() {
  const auto number = sync_->number;
  const auto started = sync_->started;
  if (sync_->waited)
    return core_.submit(
        [started](const events::job_state&) -> result<std::vector<events::job_event>> {
          return std::vector<events::job_event>{events::sync_started{started}};
        },
        [this, number](const change_result& outcome) {
          if (outcome) start_recorded(number);
        },
        {{"system", sync_->correlation, 0}, {}});
  const events::start_row row{core_.state().number, started};
  self_->request(parts_.scheduler, caf::infinite, row)
      .then(
          [this, number, row](const storage::appended&) {
            core_.apply_row(row);
            start_recorded(number);
          },
          [this](const caf::error& problem) { self_->quit(problem); });
}

void job_actor_state::start_recorded(std::uint64_t number) {
  if (!current(number)) return;
  sync_->start_on_disk = true;
  if (sync_->ending) record_end();
}

// -- steps --------------------------------------------------------------------

namespace {

events::failure_kind to_kind(sources::failure_class type) {
  switch (type) {
  case sources::failure_class::transient:
    return events::failure_kind::transient;
  case sources::failure_class::permanent:
    return events::failure_kind::permanent;
  case sources::failure_class::auth:
    return events::failure_kind::auth;
  case sources::failure_class::gone:
    return events::failure_kind::gone;
  }
  return events::failure_kind::transient;
}

} // namespace

void job_actor_state::fetched(std::uint64_t number, const fetch_result& result) {
  const auto& outcome = *result.outcome;
  if (!outcome) {
    const auto& failure = outcome.error();
    if (failure.problem.code == errc::cancelled)
      return end(number, events::ended_interrupted{failure.problem.message});
    return end(number, events::ended_failed{to_kind(failure.type), failure.problem.message,
                                            failure.problem.where, failure.retry_after});
  }
  if (outcome->versions.empty()) return see(number, result, events::ended_unchanged{"same"});
  take(number, result);
}

void job_actor_state::take(std::uint64_t number, const fetch_result& result) {
  take_in order{result.definition, (*result.outcome)->versions, result.accepted_hash,
                sync_->correlation};
  ask<taken_in>(
      parts_.entities->api(result.definition->api), order, number,
      [this, number, result](const taken_in& outcome) { taken(number, result, outcome); });
}

void job_actor_state::taken(std::uint64_t number, const fetch_result& result,
                            const taken_in& outcome) {
  if (outcome.refused) {
    const record_refused order{*outcome.refused, to_seen((*result.outcome)->seen),
                               sync_->correlation};
    return ask<answer>(parts_.entities->source(result.definition->id), order, number,
                       [this, number, refused = *outcome.refused](const answer&) {
                         end(number, events::ended_quarantined{refused.reason, refused.where});
                       });
  }
  if (outcome.changed)
    return see(number, result, events::ended_changed{outcome.revision, outcome.conflicts});
  see(number, result, events::ended_unchanged{outcome.unchanged});
}

/// Has the source record what was seen, then ends. A source whose quarantined document is still
/// there unchanged stays in quarantine.
void job_actor_state::see(std::uint64_t number, const fetch_result& result,
                          events::sync_ending then) {
  if (result.definition->kind == events::source_kind::manual) return end(number, std::move(then));
  const record_seen order{to_seen((*result.outcome)->seen), sync_->correlation};
  ask<answer>(parts_.entities->source(result.definition->id), order, number,
              [this, number, then = std::move(then)](const answer&) { end(number, then); });
}

// -- end ----------------------------------------------------------------------

void job_actor_state::end(std::uint64_t number, events::sync_ending ending) {
  if (!current(number) || sync_->ending) return;
  sync_->ending = std::move(ending);
  sync_->ended = std::max(parts_.now(), sync_->started);
  if (sync_->start_on_disk) record_end();
}

void job_actor_state::cancel(const cancel_sync& order) {
  if (sync_) end(sync_->number, events::ended_interrupted{order.reason});
}

void job_actor_state::record_end() {
  const auto decide = [this, ending = *sync_->ending, ended = sync_->ended,
                       started = sync_->started](const events::job_state& state) {
    return decide_end(state, ending, {ended, started, chance_.next(), *parts_.values});
  };
  if (!sync_->waited && std::holds_alternative<events::ended_unchanged>(*sync_->ending)) {
    const auto fact = std::get<events::sync_unchanged>(decide(core_.state()));
    const events::unchanged_row row{core_.state().number, fact.end.ended, fact.end.duration,
                                    fact.reason, fact.end.next_attempt};
    self_->request(parts_.scheduler, caf::infinite, row)
        .then(
            [this, row](const storage::appended& where) {
              core_.apply_row(row);
              ended(where);
            },
            [this](const caf::error& problem) { self_->quit(problem); });
    return;
  }
  core_.submit(
      [decide](const events::job_state& state) -> result<std::vector<events::job_event>> {
        return std::vector<events::job_event>{decide(state)};
      },
      [this](const change_result& outcome) { ended(outcome); },
      {{"system", sync_->correlation, 0}, {}});
}

void job_actor_state::ended(const change_result& outcome) {
  if (!sync_) return;
  auto done = std::move(*sync_);
  sync_.reset();
  if (!outcome) {
    done.reply.deliver(to_caf(outcome.error()));
    return;
  }
  const auto& state = core_.state();
  sync_ended report;
  report.job = state.definition.id;
  report.source = state.definition.source;
  report.outcome = state.last_outcome;
  report.sequence = outcome->last;
  report.next_attempt = state.next_attempt;
  std::visit(overload{
                 [&](const events::ended_changed& how) {
                   report.revision = how.revision;
                   report.conflicts = how.conflicts;
                 },
                 [&](const events::ended_unchanged& how) { report.reason = how.reason; },
                 [&](const events::ended_interrupted& how) { report.reason = how.reason; },
                 [&](const auto& how) {
                   report.reason = how.reason;
                   report.where = how.where;
                 },
             },
             *done.ending);
  done.reply.deliver(report);
  if (removing_) {
    auto order = std::move(*removing_);
    removing_.reset();
    static_cast<void>(remove(order));
  }
}

// -- changes ------------------------------------------------------------------

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
  if (!removed_.pending()) removed_ = self_->make_response_promise<answer>();
  auto reply = removed_;
  if (sync_) {
    removing_ = order; // goes on in `ended`
    return reply;
  }
  core_.submit(
      [who = order.who](const events::job_state& state) { return decide_remove(state, who); },
      [this](const change_result& outcome) {
        auto promise = std::exchange(removed_, {});
        if (!outcome) {
          promise.deliver(to_caf(outcome.error()));
          return;
        }
        self_->send(parts_.scheduler, unplan_job{core_.state().definition.id});
        promise.deliver(answer{outcome->last, "{}"});
        self_->quit();
      },
      order.asked);
  return reply;
}

void job_actor_state::fail_all(const error& problem) {
  core_.fail_all(problem);
  if (sync_) sync_->reply.deliver(to_caf(problem));
  sync_.reset();
  if (removed_.pending()) removed_.deliver(to_caf(problem));
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
      [self](const cancel_sync& order) { self->state.cancel(order); },
      [self](const change_job& order) { return self->state.change(order); },
      [self](const remove_job& order) { return self->state.remove(order); },
      [self](const settings_are& order) { self->state.settings(order); },
      [self](const begin_planning&) { self->state.start_planning(); },
  };
}

} // namespace apisync::actors
