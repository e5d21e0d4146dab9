#pragma once

#include "events/views.hpp"

#include <optional>
#include <string>
#include <string_view>

/// What webhooks tell of an event; docs/webhooks.md.
namespace apisync::events {

/// An event as people outside are told of it.
struct notification {
  static constexpr std::size_t max_data = 256U << 10; ///< Bytes; longer data is left out.

  sequence event = 0;
  std::string type;
  timestamp time;
  std::string by;
  std::string source, api, owner;    ///< That it concerns; empty for none.
  std::optional<change_level> level; ///< Of a revision's gravest change.
  std::string summary;               ///< One sentence.
  raw_json data;                     ///< As docs/events.md has it.
};

/// The notification of a record, or nothing for an event that webhooks do not tell of: its type is
/// no topic, or it says what was told before (a source that still fails). `now` has the sources and
/// APIs that it concerns, as they are declared now. Fails with `corrupt` as `decode` does.
result<std::optional<notification>> notification_of(const record_view& record, const views& now);

/// Whether a webhook wants it.
bool wants(const webhook_definition& webhook, const notification& news);

/// What names a delivery: `WEBHOOK.SEQUENCE.HASH`. The same for every attempt, and differs between
/// services, so that receivers recognise repeats.
std::string delivery_id(const webhook_definition& webhook, const notification& news);

/// The body that is sent: one JSON object.
std::string delivery_body(const webhook_definition& webhook, const notification& news);

} // namespace apisync::events
