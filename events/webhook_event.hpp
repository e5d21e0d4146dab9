#pragma once

#include "events/change_level.hpp"
#include "events/fields.hpp"
#include "events/record.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

/// Webhooks, as people declare them, and what happens to them: the events of streams `webhook/ID`.
namespace apisync::events {

/// Where events are told to. What is secret is named, never written: a definition is kept in the
/// log.
struct webhook_definition {
  std::string id;
  std::string url;                       ///< The address, or `env:NAME` or `file:PATH`.
  std::vector<std::string> secrets;      ///< References; each signs, so that one can be replaced.
  std::vector<std::string> events;       ///< Types; empty: `default_topics`.
  std::optional<change_level> level;     ///< Of a revision's gravest change, at least.
  std::vector<std::string> apis, owners; ///< Only what concerns these; empty: everything.
  std::vector<std::string> allow_addresses;  ///< Beyond the public ones.
  std::chrono::milliseconds timeout{10'000}; ///< Of one attempt.
  std::uint32_t max_retries = 10;            ///< Of one delivery, before it is given up.
  bool enabled = true;                       ///< Otherwise nothing is sent, later neither.

  bool operator==(const webhook_definition&) const = default;
  static void fields(auto& self, auto& visit) {
    visit.required("id", self.id);
    visit.required("url", self.url);
    visit("secrets", self.secrets);
    visit("events", self.events);
    visit("level", self.level);
    visit("apis", self.apis);
    visit("owners", self.owners);
    visit("allowAddresses", self.allow_addresses);
    visit("timeout", self.timeout);
    visit("maxRetries", self.max_retries);
    visit("enabled", self.enabled);
  }
};

/// Types of events that webhooks can tell of, in the order of the catalogue, and those that they
/// tell of where a definition names none: what somebody should look at.
std::span<const std::string_view> topics();
std::span<const std::string_view> default_topics();

/// Checks what a webhook cannot do without: its id, an address, and at least one secret, by
/// reference; and that its events are topics.
result<void> check(const webhook_definition& webhook);

/// From now on, what happens is told there.
struct webhook_added {
  static constexpr std::string_view type = "webhook_added";
  static constexpr std::uint32_t schema = 1;
  webhook_definition definition;

  static void fields(auto& self, auto& visit) { visit.required("definition", self.definition); }
};

struct webhook_changed {
  static constexpr std::string_view type = "webhook_changed";
  static constexpr std::uint32_t schema = 1;
  webhook_definition definition;

  static void fields(auto& self, auto& visit) { visit.required("definition", self.definition); }
};

struct webhook_removed {
  static constexpr std::string_view type = "webhook_removed";
  static constexpr std::uint32_t schema = 1;
  static void fields(auto&, auto&) {}
};

/// Everything up to a position is settled, though nothing was sent: recorded now and then, so that
/// a start need not look at it again.
struct webhook_advanced {
  static constexpr std::string_view type = "webhook_advanced";
  static constexpr std::uint32_t schema = 1;
  sequence position = 0;

  static void fields(auto& self, auto& visit) { visit.required("position", self.position); }
};

/// The receiver has taken an event.
struct delivery_made {
  static constexpr std::string_view type = "delivery_made";
  static constexpr std::uint32_t schema = 1;
  sequence event = 0;         ///< Which record was told.
  std::uint32_t attempts = 1; ///< This one included.
  std::uint32_t status = 0;   ///< HTTP.

  static void fields(auto& self, auto& visit) {
    visit.required("event", self.event);
    visit("attempts", self.attempts);
    visit("status", self.status);
  }
};

/// An attempt failed; there will be another.
struct delivery_failed {
  static constexpr std::string_view type = "delivery_failed";
  static constexpr std::uint32_t schema = 1;
  sequence event = 0;
  std::uint32_t attempts = 1; ///< So far.
  std::string reason, where;
  timestamp next_attempt;

  static void fields(auto& self, auto& visit) {
    visit.required("event", self.event);
    visit("attempts", self.attempts);
    visit.required("reason", self.reason);
    visit("where", self.where);
    visit.required("nextAttempt", self.next_attempt);
  }
};

/// The event is a dead letter: its retries are used up, or the receiver will never take it. Those
/// after it are told.
struct delivery_abandoned {
  static constexpr std::string_view type = "delivery_abandoned";
  static constexpr std::uint32_t schema = 1;
  sequence event = 0;
  std::string event_type; ///< Of the record that was to be told.
  std::string api;        ///< That it concerns, if one.
  std::uint32_t attempts = 1;
  std::string reason, where;
  std::optional<timestamp> next_attempt; ///< Of whatever comes next; absent: at once.

  static void fields(auto& self, auto& visit) {
    visit.required("event", self.event);
    visit.required("eventType", self.event_type);
    visit("api", self.api);
    visit("attempts", self.attempts);
    visit.required("reason", self.reason);
    visit("where", self.where);
    visit("nextAttempt", self.next_attempt);
  }
};

/// A person wants settled events told once more.
struct redelivery_ordered {
  static constexpr std::string_view type = "redelivery_ordered";
  static constexpr std::uint32_t schema = 1;
  std::vector<sequence> events;

  static void fields(auto& self, auto& visit) { visit.required("events", self.events); }
};

using webhook_event =
    std::variant<webhook_added, webhook_changed, webhook_removed, webhook_advanced, delivery_made,
                 delivery_failed, delivery_abandoned, redelivery_ordered>;

} // namespace apisync::events
