#include "events/webhook_event.hpp"

#include "events/event.hpp"
#include "events/secret_reference.hpp"

#include <algorithm>
#include <array>

namespace apisync::events {

namespace {

constexpr std::array default_list{
    revision_added::type, conflict_opened::type, source_quarantined::type, sync_failed::type,
    actor_failed::type,   drift_began::type,     drift_ended::type};
constexpr std::array all_list{
    engine_started::type,  engine_paused::type,       engine_resumed::type,
    engine_stopped::type,  config_applied::type,      settings_changed::type,
    actor_failed::type,    source_added::type,        source_removed::type,
    source_paused::type,   source_resumed::type,      source_quarantined::type,
    source_released::type, quarantine_accepted::type, sync_failed::type,
    api_added::type,       api_removed::type,         revision_added::type,
    conflict_opened::type, conflict_resolved::type,   conflict_closed::type,
    api_promoted::type,    api_paused::type,          api_resumed::type,
    api_orphaned::type,    api_found_again::type,     drift_began::type,
    drift_changed::type,   drift_ended::type,         host_paused::type,
    host_resumed::type,    host_circuit_opened::type, host_circuit_closed::type,
    target_failed::type};

} // namespace

std::span<const std::string_view> topics() {
  return all_list;
}

std::span<const std::string_view> default_topics() {
  return default_list;
}

result<void> check(const webhook_definition& webhook) {
  const auto where = "webhook/" + webhook.id;
  if (!valid_id(webhook.id))
    return fail(errc::invalid_argument, "'" + webhook.id + "' is not a webhook's id", where);
  if (webhook.url.empty())
    return fail(errc::invalid_argument, "a webhook needs a 'url' to send to", where);
  if (webhook.secrets.empty() ||
      !std::all_of(webhook.secrets.begin(), webhook.secrets.end(), is_secret_reference))
    return fail(errc::invalid_argument,
                "a webhook needs a 'secret' to sign with, as env:NAME or file:PATH", where);
  for (const auto& event : webhook.events)
    if (std::find(all_list.begin(), all_list.end(), event) == all_list.end())
      return fail(errc::invalid_argument, "'" + event + "' is no event that webhooks tell of",
                  where);
  return {};
}

} // namespace apisync::events
