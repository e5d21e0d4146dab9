#pragma once

#include "events/views.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>

namespace apisync::events {

/// How a source is, at a glance: the first of these that holds, from the last.
enum class source_condition : std::uint8_t {
  fresh,      ///< No sync has ended yet; `new` in JSON.
  healthy,    ///< The last syncs ended well.
  failing,    ///< The last sync of one of its jobs ended badly.
  paused,     ///< By a person.
  quarantined ///< What it serves is kept out.
};
constexpr auto all_values(source_condition) {
  return std::array{source_condition::fresh, source_condition::healthy, source_condition::failing,
                    source_condition::paused, source_condition::quarantined};
}
std::string_view to_string(source_condition value);
source_condition condition_of(const views& in, const source_state& source);

/// How an API is: the last of these that holds.
enum class api_condition : std::uint8_t {
  empty,      ///< No revision.
  current,    ///< None of the others.
  conflicted, ///< With open conflicts.
  paused,     ///< By a person.
  orphaned,   ///< Its document is gone from everywhere.
};
constexpr auto all_values(api_condition) {
  return std::array{api_condition::empty, api_condition::current, api_condition::conflicted,
                    api_condition::paused, api_condition::orphaned};
}
std::string_view to_string(api_condition value);
api_condition condition_of(const api_state& api);

enum class webhook_condition : std::uint8_t {
  ready,    ///< Its last attempt succeeded, or there was none since it was declared.
  failing,  ///< The last attempt failed.
  disabled, ///< By its definition.
};
constexpr auto all_values(webhook_condition) {
  return std::array{webhook_condition::ready, webhook_condition::failing,
                    webhook_condition::disabled};
}
std::string_view to_string(webhook_condition value);
webhook_condition condition_of(const webhook_state& webhook);

enum class target_condition : std::uint8_t {
  waiting,  ///< For the first document, or for one that is on its way there.
  written,  ///< The place has the newest document.
  failing,  ///< The last attempt failed.
  disabled, ///< By its definition.
};
constexpr auto all_values(target_condition) {
  return std::array{target_condition::waiting, target_condition::written, target_condition::failing,
                    target_condition::disabled};
}
std::string_view to_string(target_condition value);
target_condition condition_of(const views& in, const target_state& target);

enum class folder_condition : std::uint8_t {
  waiting,  ///< For its first search.
  searched, ///< All of it.
  failing,  ///< It could not be searched, or not to its end.
};
constexpr auto all_values(folder_condition) {
  return std::array{folder_condition::waiting, folder_condition::searched,
                    folder_condition::failing};
}
std::string_view to_string(folder_condition value);
folder_condition condition_of(const views& in, const folder_definition& folder);

/// What a target is to have: a revision of its API, or null where there is none to write yet.
const revision* wanted_revision(const api_state& api, const target_definition& target);

/// Jobs that are due and not running, at the time of the last event.
std::uint64_t queue_length(const views& in);
/// Jobs that are running.
std::uint64_t active_jobs(const views& in);
std::uint64_t open_conflicts(const views& in);
/// Sources that differ from the canonical documents of their APIs, by role.
struct drift_counts {
  std::uint64_t observers = 0, contributors = 0;
};
drift_counts drifting(const views& in);
/// Deliveries of all webhooks that were given up and not made since, as far as they are remembered.
std::uint64_t dead_letters(const views& in);

/// The time from the last start to the last event; zero before the first start.
std::chrono::microseconds uptime(const views& in);

/// The API that has gone longest without a confirmation (`views::confirmed`).
struct api_age {
  std::string id;
  std::chrono::microseconds age{};
};
std::optional<api_age> oldest_api(const views& in);

/// The answers of `GET /v1/status`, `/v1/metrics` and `/v1/config`: one JSON object each, as
/// docs/http-api.md has them.
std::string status_json(const views& in);
std::string metrics_json(const views& in);
std::string config_json(const views& in);

/// What a replay prints: `sequence`, `status`, `metrics` as above, and `history`.
std::string replay_json(const views& in);

} // namespace apisync::events
