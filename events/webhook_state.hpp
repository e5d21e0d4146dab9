#pragma once

#include "events/job_state.hpp"
#include "events/webhook_event.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace apisync::events {

/// An event that a receiver has not taken, and will not be told of unless somebody orders it.
struct dead_letter {
  sequence event = 0;
  std::string type, api; ///< Of the event.
  timestamp time;        ///< When it was given up.
  std::uint32_t attempts = 0;
  std::string reason, where;
};

/// The fold of stream `webhook/ID`. The log itself is the queue: what comes after `position` is
/// still to be told, however much it is.
struct webhook_state {
  static constexpr std::size_t max_dead = 1'000;  ///< Remembered; older ones are in the log only.
  static constexpr std::size_t max_again = 1'000; ///< Ordered redeliveries that wait.

  webhook_state() = default;

  webhook_definition definition;
  bool exists = false;
  sequence position = 0;      ///< Up to here, everything is told, given up or not wanted.
  sequence trying = 0;        ///< The event whose last attempt failed; 0: none.
  std::uint32_t attempts = 0; ///< Failed ones, of `trying`.
  std::uint32_t failures = 0; ///< Failed attempts in a row, of all events.
  std::optional<timestamp> next_attempt; ///< Nothing is sent before; absent: at once.
  std::optional<timestamp> last_success;
  std::optional<last_problem> problem;                    ///< Cleared by a success.
  std::uint64_t delivered = 0, failed = 0, abandoned = 0; ///< Deliveries, attempts, deliveries.
  std::map<sequence, std::shared_ptr<const dead_letter>> dead;
  std::vector<sequence> again; ///< Settled events to be told once more, in this order.
};

/// Takes over one fact.
void apply(webhook_state& state, const webhook_event& event, const stamp& when);

/// Adds, or adds again after a removal. `already_exists` for an id in use.
result<std::vector<webhook_event>> decide_add(const webhook_state& state,
                                              const webhook_definition& definition);
result<std::vector<webhook_event>> decide_change(const webhook_state& state,
                                                 const webhook_definition& definition);
result<std::vector<webhook_event>> decide_remove(const webhook_state& state);

/// How far everything is settled without a delivery; nothing where that is known already.
std::vector<webhook_event> decide_advance(const webhook_state& state, sequence position);

/// One attempt to tell an event: what it was about, and how it ended.
struct delivery_attempt {
  sequence event = 0;
  std::string type, api;
};
struct delivery_ending {
  bool taken = false;
  bool refused =
      false; ///< Not taken, and it never will be: the receiver is well, the event is not.
  std::uint32_t status = 0;
  std::string reason, where;
  std::optional<std::chrono::seconds> retry_after;
};

/// The event that ends an attempt. After a failure there is another with exponential backoff and
/// full jitter, counted over all failures in a row and never before `retry_after`; once the retries
/// of this event are used up, or it was refused, it is given up. An event that was settled before
/// gets one attempt only. Nothing where the webhook has been removed meanwhile.
std::vector<webhook_event> decide_end(const webhook_state& state, const delivery_attempt& attempt,
                                      const delivery_ending& ending, const attempt_context& at);

/// Orders settled events to be told once more; none given: every dead letter. `invalid_argument`
/// for events that are still to be told anyway, `conflict` where nothing is sent, `overloaded` for
/// too many.
result<std::vector<webhook_event>> decide_again(const webhook_state& state,
                                                const std::vector<sequence>& wanted);

} // namespace apisync::events
