#include "events/notification.hpp"

#include "events/json_object.hpp"
#include "events/overload.hpp"

#include <algorithm>

namespace apisync::events {

namespace {

template <class List, class Value>
bool contains(const List& list, const Value& value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

/// Which source and API a stream's events concern.
void place(notification& out, std::string_view stream, const views& now) {
  const auto part = split_stream(stream);
  if (part.kind == "job") {
    if (const auto* job = now.job(part.id)) out.source = job->definition.source;
  } else if (part.kind == "source") {
    out.source = part.id;
  } else if (part.kind == "api") {
    out.api = part.id;
  } else if (part.kind == "target") {
    if (const auto* target = now.target(part.id)) out.api = target->definition.api;
  }
  if (const auto* source = now.source(out.source); source && out.api.empty())
    out.api = source->definition.api;
  if (const auto* api = now.api_ever(out.api)) out.owner = api->definition.owner;
}

std::string counted(std::uint32_t count, std::string_view what) {
  return std::to_string(count) + ' ' + std::string{what} + (count == 1 ? "" : "s");
}

std::string counts_in_words(const change_counts& counts) {
  return counted(counts.error, "error") + ", " + counted(counts.warning, "warning") + ", " +
         std::to_string(counts.info) + " info";
}

std::string change_summary(const revision_added& fact) {
  if (fact.verdict == "first") return "the first document";
  const std::string_view meaning = fact.verdict == "breaking"  ? "breaks users: "
                                   : fact.verdict == "warning" ? "may break users: "
                                                               : "";
  return std::string{meaning} + counts_in_words(fact.counts);
}

std::optional<change_level> gravest(const change_counts& counts) {
  if (counts.error > 0) return change_level::error;
  if (counts.warning > 0) return change_level::warning;
  if (counts.info > 0) return change_level::info;
  return std::nullopt;
}

std::string with_place(std::string reason, const std::string& where) {
  return where.empty() ? reason : reason + " (" + where + ")";
}

std::string about(const notification& of, std::string_view stream) {
  if (!of.api.empty() && split_stream(stream).kind == "api") return "API " + of.api;
  if (split_stream(stream).kind == "target")
    return "target " + std::string{split_stream(stream).id};
  if (!of.source.empty()) return "source " + of.source;
  return "apisync";
}

/// What happened, in words, for the topics that have any to add to their type.
struct words {
  notification& out;

  [[nodiscard]] std::string told(const drift_report& drift) const {
    out.source = drift.source;
    out.level = gravest(drift.counts);
    return drift.source;
  }

  std::string operator()(const revision_added& fact) const {
    out.level = gravest(fact.counts);
    return "revision " + std::to_string(fact.number) + ": " + change_summary(fact);
  }
  std::string operator()(const conflict_opened& fact) const {
    out.source = fact.conflict.source;
    return "conflict " + fact.conflict.id + " at " + fact.conflict.pointer + " with source " +
           fact.conflict.source;
  }
  std::string operator()(const conflict_resolved& fact) const {
    out.source = fact.source;
    return "conflict " + fact.id + " at " + fact.pointer + " resolved: " + fact.choice;
  }
  std::string operator()(const conflict_closed& fact) const {
    return "conflict " + fact.id + " closed: " + fact.reason;
  }
  std::string operator()(const source_quarantined& fact) const {
    return "quarantined: " + with_place(fact.reason, fact.where);
  }
  std::string operator()(const sync_failed& fact) const {
    return "syncs fail: " + with_place(fact.reason, fact.where);
  }
  std::string operator()(const actor_failed& fact) const {
    return fact.actor + " died" + (fact.parked ? " and is not started again: " : ": ") +
           fact.reason;
  }
  std::string operator()(const target_failed& fact) const {
    return "revision " + std::to_string(fact.revision) +
           " cannot be written to its target: " + with_place(fact.reason, fact.where);
  }
  std::string operator()(const api_orphaned& fact) const {
    out.source = fact.source;
    return "the document is gone from everywhere since " + to_rfc3339(fact.since);
  }
  std::string operator()(const api_found_again& fact) const {
    out.source = fact.source;
    return "the document is there again";
  }
  std::string operator()(const drift_began& fact) const {
    return "source " + told(fact.drift) + " differs from revision " +
           std::to_string(fact.drift.revision) + ": " + counts_in_words(fact.drift.counts);
  }
  std::string operator()(const drift_changed& fact) const {
    return "source " + told(fact.drift) + " differs in another way from revision " +
           std::to_string(fact.drift.revision) + ": " + counts_in_words(fact.drift.counts);
  }
  std::string operator()(const drift_ended& fact) const {
    out.source = fact.source;
    return "source " + fact.source + " differs no more: " + fact.reason;
  }
  std::string operator()(const host_paused& fact) const { return "host " + fact.host + " paused"; }
  std::string operator()(const host_resumed& fact) const {
    return "host " + fact.host + " resumed";
  }
  std::string operator()(const host_circuit_opened& fact) const {
    return "host " + fact.host + " is out of order: " + fact.reason + "; it is tried again at " +
           to_rfc3339(fact.until);
  }
  std::string operator()(const host_circuit_closed& fact) const {
    return "host " + fact.host + " answers again";
  }
  std::string operator()(const config_applied& fact) const {
    return "configuration " + fact.file + " applied";
  }
  template <class Other>
  std::string operator()(const Other&) const {
    std::string text{Other::type};
    std::replace(text.begin(), text.end(), '_', ' ');
    return text;
  }
};

/// A source or target that goes on failing was told of when it began.
bool is_news(const any_event& event) {
  if (const auto* target = std::get_if<target_event>(&event))
    if (const auto* failed = std::get_if<target_failed>(target)) return failed->attempts == 1;
  const auto* job = std::get_if<job_event>(&event);
  const auto* failed = job ? std::get_if<sync_failed>(job) : nullptr;
  return failed == nullptr || (failed->exhausted && failed->probes == 0U);
}

} // namespace

result<std::optional<notification>> notification_of(const record_view& record, const views& now) {
  if (!contains(topics(), record.type)) return std::nullopt;
  const auto event = decode(record);
  if (!event) return tl::unexpected{event.error()};
  if (!is_news(*event)) return std::nullopt;
  notification out;
  out.event = record.sequence;
  out.type = record.type;
  out.time = record.time;
  out.by = record.by;
  std::string said;
  std::visit([&](const auto& group) { said = std::visit(words{out}, group); }, *event);
  auto subject = record.stream;
  if (const auto* engine = std::get_if<engine_event>(&*event))
    if (const auto* fact = std::get_if<actor_failed>(engine)) subject = fact->actor;
  place(out, subject, now);
  out.summary = about(out, record.stream) + ": " + said;
  out.data.text = simdjson::minify(record.data);
  return out;
}

bool wants(const webhook_definition& webhook, const notification& news) {
  const bool topic = webhook.events.empty() ? contains(default_topics(), news.type)
                                            : contains(webhook.events, news.type);
  if (!topic) return false;
  if (!webhook.apis.empty() && !contains(webhook.apis, news.api)) return false;
  if (!webhook.owners.empty() && !contains(webhook.owners, news.owner)) return false;
  if (webhook.level && news.type == revision_added::type)
    return news.level && *news.level <= *webhook.level;
  return true;
}

std::string delivery_id(const webhook_definition& webhook, const notification& news) {
  constexpr std::size_t hash_digits = 16;
  sha256 hash;
  hash.update(to_rfc3339(news.time)).update("\n").update(news.type).update("\n");
  return webhook.id + '.' + std::to_string(news.event) + '.' +
         hash.update(news.data.text).finish().hex().substr(0, hash_digits);
}

std::string delivery_body(const webhook_definition& webhook, const notification& news) {
  const bool whole = news.data.text.size() <= notification::max_data;
  json_object out;
  out.member("id", delivery_id(webhook, news))
      .member("webhook", webhook.id)
      .member("type", news.type)
      .member("timestamp", news.time)
      .member("sequence", news.event)
      .member("by", news.by)
      .optional("api", news.api)
      .optional("owner", news.owner)
      .optional("source", news.source)
      .member("summary", news.summary)
      .member("data", whole ? written_json{news.data.text} : written_json{});
  return out.finish().text;
}

} // namespace apisync::events
