#include "events/webhook_state.hpp"

#include "events/backoff.hpp"
#include "events/overload.hpp"

#include <algorithm>

namespace apisync::events {

namespace {

using facts = std::vector<webhook_event>;

// -- fold ---------------------------------------------------------------------

/// Whoever is declared there now is asked at once.
void start_over(webhook_state& state) {
  state.trying = 0;
  state.attempts = 0;
  state.failures = 0;
  state.next_attempt.reset();
  state.problem.reset();
}

void settle(webhook_state& state, sequence event) {
  std::erase(state.again, event);
  if (event <= state.position) return;
  state.position = event;
  state.trying = 0;
  state.attempts = 0;
}

void fail(webhook_state& state, const std::string& reason, const std::string& where,
          timestamp time) {
  ++state.failed;
  ++state.failures;
  state.problem = {reason, where, time};
}

void made(webhook_state& state, const delivery_made& fact, timestamp time) {
  settle(state, fact.event);
  state.dead.erase(fact.event);
  state.failures = 0;
  state.next_attempt.reset();
  state.problem.reset();
  state.last_success = time;
  ++state.delivered;
}

void abandoned(webhook_state& state, const delivery_abandoned& fact, timestamp time) {
  settle(state, fact.event);
  fail(state, fact.reason, fact.where, time);
  state.next_attempt = fact.next_attempt;
  if (!fact.next_attempt) state.failures = 0; // it refused this one: it is there
  ++state.abandoned;
  state.dead[fact.event] = std::make_shared<const dead_letter>(dead_letter{
      fact.event, fact.event_type, fact.api, time, fact.attempts, fact.reason, fact.where});
  if (state.dead.size() > webhook_state::max_dead) state.dead.erase(state.dead.begin());
}

} // namespace

void apply(webhook_state& state, const webhook_event& event, const stamp& when) {
  std::visit(overload{
                 [&](const webhook_added& fact) {
                   state = webhook_state{};
                   state.definition = fact.definition;
                   state.exists = true;
                   state.position = when.sequence;
                 },
                 [&](const webhook_changed& fact) {
                   const bool was_enabled = state.definition.enabled;
                   state.definition = fact.definition;
                   start_over(state);
                   if (!was_enabled && fact.definition.enabled) state.position = when.sequence;
                   if (!fact.definition.enabled) state.again.clear();
                 },
                 [&](const webhook_removed&) {
                   start_over(state);
                   state.exists = false;
                 },
                 [&](const webhook_advanced& fact) {
                   state.position = std::max(state.position, fact.position);
                   state.trying = 0;
                   state.attempts = 0;
                 },
                 [&](const delivery_made& fact) { made(state, fact, when.time); },
                 [&](const delivery_failed& fact) {
                   fail(state, fact.reason, fact.where, when.time);
                   state.trying = fact.event;
                   state.attempts = fact.attempts;
                   state.next_attempt = fact.next_attempt;
                 },
                 [&](const delivery_abandoned& fact) { abandoned(state, fact, when.time); },
                 [&](const redelivery_ordered& fact) {
                   for (const auto wanted : fact.events)
                     if (std::find(state.again.begin(), state.again.end(), wanted) ==
                         state.again.end())
                       state.again.push_back(wanted);
                 },
             },
             event);
}

// -- decisions ----------------------------------------------------------------

namespace {

result<void> exists(const webhook_state& state) {
  if (!state.exists)
    return apisync::fail(errc::not_found, "there is no webhook '" + state.definition.id + "'");
  return {};
}

} // namespace

result<facts> decide_add(const webhook_state& state, const webhook_definition& definition) {
  if (state.exists)
    return apisync::fail(errc::already_exists,
                         "there is a webhook '" + definition.id + "' already");
  if (auto valid = check(definition); !valid) return tl::unexpected{valid.error()};
  return facts{webhook_added{definition}};
}

result<facts> decide_change(const webhook_state& state, const webhook_definition& definition) {
  if (auto there = exists(state); !there) return tl::unexpected{there.error()};
  if (auto valid = check(definition); !valid) return tl::unexpected{valid.error()};
  if (definition == state.definition) return facts{};
  return facts{webhook_changed{definition}};
}

result<facts> decide_remove(const webhook_state& state) {
  if (auto there = exists(state); !there) return tl::unexpected{there.error()};
  return facts{webhook_removed{}};
}

facts decide_advance(const webhook_state& state, sequence position) {
  if (!state.exists || position <= state.position) return {};
  return {webhook_advanced{position}};
}

facts decide_end(const webhook_state& state, const delivery_attempt& attempt,
                 const delivery_ending& ending, const attempt_context& at) {
  if (!state.exists) return {};
  const bool again = attempt.event <= state.position;
  const auto attempts = state.trying == attempt.event ? state.attempts + 1 : 1;
  if (ending.taken) return {delivery_made{attempt.event, attempts, ending.status}};

  auto next =
      at.now + full_jitter(at.values.retry_base, state.failures, at.values.retry_cap, at.chance);
  if (ending.retry_after) next = std::max(next, at.now + *ending.retry_after);
  if (!again && !ending.refused && attempts <= state.definition.max_retries)
    return {delivery_failed{attempt.event, attempts, ending.reason, ending.where, next}};
  delivery_abandoned fact{attempt.event, attempt.type, attempt.api, attempts,
                          ending.reason, ending.where, {}};
  if (!ending.refused) fact.next_attempt = next;
  return {fact};
}

result<facts> decide_again(const webhook_state& state, const std::vector<sequence>& wanted) {
  if (auto there = exists(state); !there) return tl::unexpected{there.error()};
  if (!state.definition.enabled)
    return apisync::fail(errc::conflict,
                         "webhook '" + state.definition.id + "' is not enabled: nothing is sent");
  redelivery_ordered fact;
  const auto order = [&](sequence event) {
    const auto waits = [&](const std::vector<sequence>& list) {
      return std::find(list.begin(), list.end(), event) != list.end();
    };
    if (!waits(state.again) && !waits(fact.events)) fact.events.push_back(event);
  };
  for (const auto event : wanted) {
    if (event > state.position)
      return apisync::fail(errc::invalid_argument, "event " + std::to_string(event) +
                                                       " is not settled yet: it is still to be "
                                                       "told, if it is wanted");
    order(event);
  }
  if (wanted.empty())
    for (const auto& [event, letter] : state.dead)
      order(event);
  if (state.again.size() + fact.events.size() > webhook_state::max_again)
    return apisync::fail(errc::overloaded,
                         "at most " + std::to_string(webhook_state::max_again) +
                             " redeliveries can wait; try again when some are made");
  if (fact.events.empty()) return facts{};
  return facts{fact};
}

} // namespace apisync::events
