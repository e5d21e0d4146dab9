#pragma once

#include "events/event.hpp"
#include "events/job_state.hpp"
#include "events/target_event.hpp"
#include "events/webhook_event.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace apisync::events {

/// What has been counted since the log began. Rows of syncs count as events of their own.
struct metrics {
  metrics() = default;

  std::uint64_t changed = 0, unchanged = 0, quarantined = 0, failed = 0; ///< Ended syncs.
  std::uint64_t interrupted = 0;                                         ///< Not in the total.
  std::chrono::microseconds duration{};                                  ///< Of all in the total.
  std::optional<timestamp> last_sync; ///< The latest end of a sync in the total.
  std::uint64_t revisions = 0, breaking_revisions = 0, texts_followed = 0;
  std::uint64_t conflicts_opened = 0, conflicts_resolved = 0, conflicts_closed = 0;
  std::uint64_t quarantines = 0;                       ///< Documents, not syncs.
  std::uint64_t deliveries = 0, failed_deliveries = 0; ///< Of webhooks: made, attempts that failed.
  std::uint64_t abandoned_deliveries = 0;              ///< Dead letters.
  std::uint64_t targets_written = 0, failed_writes = 0; ///< Documents brought there; attempts.
  std::uint64_t model_requests = 0, model_tokens = 0;   ///< Sent; sent and received.
  std::uint64_t model_answers = 0, model_failures = 0;  ///< Questions that ended so.
  std::uint64_t model_repeated = 0;                     ///< Answers taken from the log.
  std::uint64_t model_resolved = 0, model_proposed = 0, model_refused = 0; ///< Conflicts.
  std::uint64_t drifts_began = 0, drifts_ended = 0; ///< Of sources against their API.
  std::uint64_t documents_pushed = 0;
  std::map<std::string, std::uint64_t> model_refused_by; ///< Conflicts, by the check that failed.

  [[nodiscard]] std::uint64_t successful() const { return changed + unchanged; }
  [[nodiscard]] std::uint64_t total() const { return successful() + quarantined + failed; }
};

/// Takes over one fact.
void count(metrics& values, const job_event& event);
void count(metrics& values, const unchanged_row& row);
void count(metrics& values, const source_event& event);
void count(metrics& values, const api_event& event);
void count(metrics& values, const webhook_event& event);
void count(metrics& values, const target_event& event);

} // namespace apisync::events
