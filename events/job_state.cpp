#include "events/job_state.hpp"

#include "events/backoff.hpp"
#include "events/cron.hpp"
#include "events/overload.hpp"

#include <algorithm>

namespace apisync::events {

using namespace std::chrono;

std::string_view to_string(job_status value) {
  switch (value) {
  case job_status::pending:
    return "pending";
  case job_status::running:
    return "running";
  case job_status::completed:
    return "completed";
  case job_status::failed:
    return "failed";
  }
  return "pending";
}

std::string_view to_string(sync_outcome value) {
  switch (value) {
  case sync_outcome::none:
    return "none";
  case sync_outcome::changed:
    return "changed";
  case sync_outcome::unchanged:
    return "unchanged";
  case sync_outcome::quarantined:
    return "quarantined";
  case sync_outcome::failed:
    return "failed";
  case sync_outcome::interrupted:
    return "interrupted";
  }
  return "none";
}

// -- fold ---------------------------------------------------------------------

namespace {

void start(job_state& state, timestamp started) {
  state.status = job_status::running;
  state.last_attempt = started;
  state.next_attempt.reset();
}

/// A sync that runs already may have looked before the order: it is due again then, at the end.
/// Rows, which are the starts of syncs that nobody ordered, serve no order.
void request(job_state& state, const stamp& when) {
  state.request = when.sequence;
  if (state.status == job_status::running) return;
  if (!state.next_attempt || *state.next_attempt > when.time) state.next_attempt = when.time;
}

void end(job_state& state, const sync_end& fact, sync_outcome outcome) {
  state.last_ended = fact.ended;
  state.last_duration = fact.duration;
  state.next_attempt = state.request != 0 ? fact.ended : fact.next_attempt;
  state.last_outcome = outcome;
}

void end_well(job_state& state, const sync_end& fact, sync_outcome outcome) {
  end(state, fact, outcome);
  state.status = job_status::completed;
  state.retry_count = 0;
  state.failures = 0;
  state.probes = 0;
  state.last_success = fact.ended;
  state.problem.reset();
  state.failure.reset();
  state.gone_since.reset();
  note(state.rhythm, fact.ended, outcome == sync_outcome::changed);
}

void end_badly(job_state& state, const sync_end& fact, sync_outcome outcome, std::string reason,
               std::string where) {
  end(state, fact, outcome);
  ++state.failures;
  state.problem = {std::move(reason), std::move(where), fact.ended};
}

} // namespace

void apply(job_state& state, const start_row& row) {
  start(state, row.started);
}

void apply(job_state& state, const unchanged_row& row) {
  end_well(state, {row.ended, row.duration, row.next_attempt}, sync_outcome::unchanged);
  state.last_reason = row.reason;
}

void apply(job_state& state, job_event event, const stamp& when) {
  std::visit(
      overload{
          [&](job_added& fact) {
            state = job_state{};
            state.number = fact.number;
            state.definition = std::move(fact.definition);
            state.next_attempt = fact.next_attempt;
            state.exists = true;
          },
          [&](job_changed& fact) {
            state.definition = std::move(fact.definition);
            if (state.status != job_status::running && state.request == 0)
              state.next_attempt = fact.next_attempt;
          },
          [&](const job_removed&) {
            state.exists = false;
            state.next_attempt.reset();
            state.request = 0;
          },
          [&](const sync_requested&) { request(state, when); },
          [&](const sync_started& fact) {
            start(state, fact.started);
            state.request = 0;
          },
          [&](sync_unchanged& fact) {
            end_well(state, fact.end, sync_outcome::unchanged);
            state.last_reason = std::move(fact.reason);
          },
          [&](const sync_changed& fact) { end_well(state, fact.end, sync_outcome::changed); },
          [&](sync_failed& fact) {
            end_badly(state, fact.end, sync_outcome::failed, std::move(fact.reason),
                      std::move(fact.where));
            if (fact.kind != failure_kind::gone)
              state.gone_since.reset();
            else if (!state.gone_since)
              state.gone_since = fact.end.ended;
            state.failure = fact.kind;
            state.retry_count = fact.retry_count;
            state.probes = fact.probes.value_or(0);
            state.status = fact.exhausted ? job_status::failed : job_status::pending;
          },
          [&](sync_quarantined& fact) {
            end_badly(state, fact.end, sync_outcome::quarantined, std::move(fact.reason),
                      std::move(fact.where));
            state.failure.reset();
            state.gone_since.reset();
            state.status = job_status::failed;
          },
          [&](sync_interrupted& fact) {
            end(state, fact.end, sync_outcome::interrupted);
            state.status = job_status::pending;
            state.last_reason = std::move(fact.reason);
          },
      },
      event);
}

// -- decisions ----------------------------------------------------------------

namespace {

milliseconds interval_of(const job_definition& job, const settings& values,
                         const change_rhythm& rhythm, timestamp now) {
  const auto usual = job.interval.value_or(values.interval);
  if (job.schedule != schedule_kind::interval || !job.adaptive.value_or(values.adaptive))
    return usual;
  const auto low = job.min_interval.value_or(values.min_interval);
  const auto high = std::max(low, job.max_interval.value_or(values.max_interval));
  return adapted(rhythm, now, usual, low, high);
}

} // namespace

milliseconds present_interval(const job_state& state, const settings& values, timestamp now) {
  return interval_of(state.definition, values, state.rhythm, now);
}

namespace {

std::optional<timestamp> scheduled(const job_state& state, const attempt_context& at,
                                   bool changed) {
  const auto& job = state.definition;
  switch (job.schedule) {
  case schedule_kind::interval: {
    auto after = state.rhythm;
    note(after, at.now, changed);
    return at.now + scaled(interval_of(job, at.values, after, at.now), 0.9 + 0.2 * at.chance);
  }
  case schedule_kind::cron:
    if (auto expression = parse_cron(job.cron)) return expression->next(at.now);
    return std::nullopt;
  case schedule_kind::change:
  case schedule_kind::once:
    return std::nullopt;
  }
  return std::nullopt;
}

std::optional<timestamp> probe(const job_state& state, failure_kind kind,
                               const attempt_context& at) {
  const auto& job = state.definition;
  if (job.schedule == schedule_kind::once) return std::nullopt;
  const auto interval = present_interval(state, at.values, at.now);
  const auto cap = std::max(interval, at.values.probe_interval);
  const auto beyond = state.failures > job.max_retries ? state.failures - job.max_retries : 0;
  const auto pause = kind == failure_kind::auth ? cap : doubled(interval, beyond, cap);
  return at.now + scaled(pause, 0.9 + 0.1 * at.chance);
}

sync_failed failed(const job_state& state, const ended_failed& ending, const attempt_context& at) {
  sync_failed fact{{}, ending.kind, ending.reason, ending.where, state.retry_count, false, {}};
  // What has never been there may be on its way: a service that is still starting.
  const bool may_pass = ending.kind == failure_kind::transient ||
                        (ending.kind == failure_kind::gone && !state.last_success);
  const bool worth_a_retry = may_pass && state.status != job_status::failed;
  if (worth_a_retry && state.retry_count < state.definition.max_retries) {
    auto next = at.now + full_jitter(at.values.retry_base, state.retry_count, at.values.retry_cap,
                                     at.chance);
    if (ending.retry_after) next = std::max(next, at.now + *ending.retry_after);
    fact.end.next_attempt = next;
    fact.retry_count = state.retry_count + 1;
    return fact;
  }
  fact.exhausted = true;
  fact.probes = state.status == job_status::failed ? state.probes + 1 : 0;
  fact.end.next_attempt = probe(state, ending.kind, at);
  if (ending.retry_after && fact.end.next_attempt)
    fact.end.next_attempt = std::max(*fact.end.next_attempt, at.now + *ending.retry_after);
  return fact;
}

} // namespace

job_event decide_end(const job_state& state, const sync_ending& ending, const attempt_context& at) {
  const bool changed = std::holds_alternative<ended_changed>(ending);
  sync_end end{at.now, at.now - at.started, scheduled(state, at, changed)};
  return std::visit(overload{
                        [&](const ended_changed& how) -> job_event {
                          return sync_changed{end, how.revision, how.conflicts};
                        },
                        [&](const ended_unchanged& how) -> job_event {
                          return sync_unchanged{end, how.reason};
                        },
                        [&](const ended_failed& how) -> job_event {
                          auto fact = failed(state, how, at);
                          fact.end.ended = end.ended;
                          fact.end.duration = end.duration;
                          return fact;
                        },
                        [&](const ended_quarantined& how) -> job_event {
                          return sync_quarantined{end, how.reason, how.where};
                        },
                        [&](const ended_interrupted& how) -> job_event {
                          end.next_attempt = at.now;
                          return sync_interrupted{end, how.reason};
                        },
                    },
                    ending);
}

std::optional<timestamp> first_attempt(const job_definition& job, timestamp now) {
  switch (job.schedule) {
  case schedule_kind::interval:
  case schedule_kind::once:
    return now;
  case schedule_kind::cron:
    if (auto expression = parse_cron(job.cron)) return expression->next(now);
    return std::nullopt;
  case schedule_kind::change:
    return now; // once, to know what is there
  }
  return std::nullopt;
}

namespace {

result<void> check_with_cron(const job_definition& job) {
  if (auto valid = check(job); !valid) return valid;
  if (job.schedule != schedule_kind::cron) return {};
  if (auto expression = parse_cron(job.cron); !expression)
    return tl::unexpected{expression.error()};
  return {};
}

result<void> changeable(const job_state& state, declared_by who) {
  const auto& id = state.definition.id;
  if (!state.exists) return fail(errc::not_found, "there is no job '" + id + "'");
  if (who == declared_by::api && state.definition.declared != declared_by::api)
    return fail(errc::forbidden,
                "job '" + id + "' is declared by the configuration file; change it there");
  return {};
}

} // namespace

result<std::vector<job_event>> decide_request(const job_state& state) {
  if (!state.exists) return fail(errc::not_found, "there is no job '" + state.definition.id + "'");
  return std::vector<job_event>{sync_requested{}};
}

result<std::vector<job_event>> decide_add(const job_state& state, const job_definition& definition,
                                          std::uint32_t number, timestamp now) {
  if (state.exists)
    return fail(errc::already_exists, "there is a job '" + definition.id + "' already");
  if (auto valid = check_with_cron(definition); !valid) return tl::unexpected{valid.error()};
  return std::vector<job_event>{job_added{number, definition, first_attempt(definition, now)}};
}

result<std::vector<job_event>> decide_change(const job_state& state,
                                             const job_definition& definition, timestamp now,
                                             declared_by who) {
  if (auto allowed = changeable(state, who); !allowed) return tl::unexpected{allowed.error()};
  if (auto valid = check_with_cron(definition); !valid) return tl::unexpected{valid.error()};
  if (definition == state.definition) return std::vector<job_event>{};
  return std::vector<job_event>{job_changed{definition, first_attempt(definition, now)}};
}

result<std::vector<job_event>> decide_remove(const job_state& state, declared_by who) {
  if (auto allowed = changeable(state, who); !allowed) return tl::unexpected{allowed.error()};
  return std::vector<job_event>{job_removed{}};
}

} // namespace apisync::events
