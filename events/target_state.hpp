#pragma once

#include "events/job_state.hpp"
#include "events/target_event.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace apisync::events {

/// The fold of stream `target/ID`: what is at the place, as far as it is known, and what became of
/// the attempts to bring the newest document there. Documents in between are passed over.
struct target_state {
  target_state() = default;

  target_definition definition;
  bool exists = false;
  std::optional<target_written> written; ///< Last; absent: nothing, or it was ordered anew.
  std::uint32_t failures = 0;            ///< In a row.
  std::optional<timestamp> next_attempt; ///< Nothing is written before; absent: at once.
  std::optional<timestamp> last_success;
  std::optional<last_problem> problem;  ///< Cleared by a success.
  std::uint64_t writes = 0, failed = 0; ///< Documents that were brought there; attempts.
};

/// Takes over one fact.
void apply(target_state& state, const target_event& event, const stamp& when);

/// Adds, or adds again after a removal. `already_exists` for an id in use.
result<std::vector<target_event>> decide_add(const target_state& state,
                                             const target_definition& definition);
result<std::vector<target_event>> decide_change(const target_state& state,
                                                const target_definition& definition);
result<std::vector<target_event>> decide_remove(const target_state& state);
/// `conflict` where nothing is written by definition.
result<std::vector<target_event>> decide_order(const target_state& state);

/// How an attempt to write ended.
struct write_ending {
  std::uint64_t revision = 0;
  std::optional<target_written> written; ///< Absent: it failed.
  std::string reason, where;
  std::optional<std::chrono::seconds> retry_after;
};

/// The event that ends an attempt. After a failure there is always another: with exponential
/// backoff and full jitter, never before `retry_after`, and once the retries of the settings are
/// used up, after the interval of probes. Nothing where the target has been removed meanwhile.
std::vector<target_event> decide_end(const target_state& state, const write_ending& ending,
                                     const attempt_context& at);

} // namespace apisync::events
