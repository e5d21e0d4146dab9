#include "events/target_state.hpp"

#include "events/backoff.hpp"
#include "events/overload.hpp"

#include <algorithm>

namespace apisync::events {

namespace {

using facts = std::vector<target_event>;

/// Whoever is declared there now is tried at once.
void start_over(target_state& state) {
  state.written.reset();
  state.failures = 0;
  state.next_attempt.reset();
  state.problem.reset();
}

result<void> exists(const target_state& state) {
  if (!state.exists)
    return fail(errc::not_found, "there is no target '" + state.definition.id + "'");
  return {};
}

} // namespace

void apply(target_state& state, const target_event& event, const stamp& when) {
  std::visit(overload{
                 [&](const target_added& fact) {
                   state = target_state{};
                   state.definition = fact.definition;
                   state.exists = true;
                 },
                 [&](const target_changed& fact) {
                   start_over(state);
                   state.definition = fact.definition;
                 },
                 [&](const target_removed&) {
                   start_over(state);
                   state.exists = false;
                 },
                 [&](const target_written& fact) {
                   start_over(state);
                   state.written = fact;
                   state.last_success = when.time;
                   if (!fact.found) ++state.writes;
                 },
                 [&](const target_failed& fact) {
                   state.failures = fact.attempts;
                   state.next_attempt = fact.next_attempt;
                   state.problem = {fact.reason, fact.where, when.time};
                   ++state.failed;
                 },
                 [&](const target_ordered&) { start_over(state); },
             },
             event);
}

result<facts> decide_add(const target_state& state, const target_definition& definition) {
  if (state.exists)
    return fail(errc::already_exists, "there is a target '" + definition.id + "' already");
  if (auto valid = check(definition); !valid) return tl::unexpected{valid.error()};
  return facts{target_added{definition}};
}

result<facts> decide_change(const target_state& state, const target_definition& definition) {
  if (auto there = exists(state); !there) return tl::unexpected{there.error()};
  if (auto valid = check(definition); !valid) return tl::unexpected{valid.error()};
  if (definition == state.definition) return facts{};
  return facts{target_changed{definition}};
}

result<facts> decide_remove(const target_state& state) {
  if (auto there = exists(state); !there) return tl::unexpected{there.error()};
  return facts{target_removed{}};
}

result<facts> decide_order(const target_state& state) {
  if (auto there = exists(state); !there) return tl::unexpected{there.error()};
  if (!state.definition.enabled)
    return fail(errc::conflict,
                "target '" + state.definition.id + "' is not enabled: nothing is written");
  return facts{target_ordered{}};
}

facts decide_end(const target_state& state, const write_ending& ending, const attempt_context& at) {
  if (!state.exists) return {};
  const auto attempts = state.failures + 1;
  if (ending.written) {
    auto fact = *ending.written;
    fact.attempts = attempts;
    return {fact};
  }
  auto next =
      at.now + full_jitter(at.values.retry_base, state.failures, at.values.retry_cap, at.chance);
  if (ending.retry_after) next = std::max(next, at.now + *ending.retry_after);
  return {target_failed{ending.revision, attempts, ending.reason, ending.where, next}};
}

} // namespace apisync::events
