#include "actors/job.hpp"
#include "actors/source.hpp"
#include "events/overload.hpp"

namespace apisync::actors {

caf::result<sync_ended> job_actor_state::run(const run_sync& order) {
  if (sync_)
    return to_caf({errc::conflict, "a sync of this job is running already", core_.stream()});
  if (removing_ || !core_.state().exists)
    return to_caf({errc::not_found, "the job is being removed", core_.stream()});
  const auto now = parts_.now();
  const auto number = ++syncs_;
  sync_.emplace();
  sync_->number = number;
  sync_->request = core_.state().request;
  sync_->waited = order.waited || sync_->request != 0;
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
            if (what.code == errc::cancelled)
              return end(number, events::ended_interrupted{what.message});
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
        {{"system", sync_->correlation, sync_->request}, {}});
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
  if (sync_->ending) return; // interrupted meanwhile, and its start is not on disk yet
  const auto& outcome = *result.outcome;
  if (!outcome) {
    const auto& failure = outcome.error();
    if (failure.problem.code == errc::cancelled)
      return end(number, events::ended_interrupted{failure.problem.message});
    sync_->fetch_failure = to_kind(failure.type);
    return end(number, events::ended_failed{to_kind(failure.type), failure.problem.message,
                                            failure.problem.where, failure.retry_after});
  }
  if (outcome->versions.empty()) return see(number, result, events::ended_unchanged{"same"});
  take(number, result);
}

void job_actor_state::take(std::uint64_t number, const fetch_result& result) {
  sync_->at = sync::phase::taking;
  sync_->api = result.definition->api;
  take_in order{result.definition, (*result.outcome)->versions, result.accepted_hash,
                sync_->correlation};
  ask<taken_in>(
      parts_.entities->api(result.definition->api), order, number,
      [this, number, result](const taken_in& outcome) { taken(number, result, outcome); });
}

void job_actor_state::taken(std::uint64_t number, const fetch_result& result,
                            const taken_in& outcome) {
  sync_->at = sync::phase::recording;
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
  sync_->at = sync::phase::recording;
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
  if (!sync_) return;
  switch (sync_->at) {
  case sync::phase::fetching:
    return end(sync_->number, events::ended_interrupted{order.reason});
  case sync::phase::taking:
    if (auto api = parts_.entities->api(sync_->api))
      self_->send(api, cancel_take{sync_->correlation, order.reason});
    return; // the answer, or the API's end, ends the sync
  case sync::phase::recording:
    return;
  }
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
  report.started = done.started;
  report.duration = state.last_duration;
  report.next_attempt = state.next_attempt;
  report.interval = present_interval(state, *parts_.values, done.ended);
  report.failure = done.fetch_failure;
  report.gone_since = state.gone_since;
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
  if (removing_) remove_now(*std::exchange(removing_, std::nullopt));
}

} // namespace apisync::actors
