#pragma once

#include "events/fields.hpp"
#include "events/hook.hpp"
#include "events/overlay.hpp"
#include "events/record.hpp"
#include "events/rule.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// What people declare: sources, jobs, APIs and settings, by a configuration file or through the
/// HTTP API. Plain values, kept in events as they were declared.
namespace apisync::events {

// -- sources ------------------------------------------------------------------

/// `push`: somebody brings the document, for what cannot be reached from here.
enum class source_kind : std::uint8_t { file, http, git, manual, push };
constexpr auto all_values(source_kind) {
  return std::array{source_kind::file, source_kind::http, source_kind::git, source_kind::manual,
                    source_kind::push};
}
std::string_view to_string(source_kind value);

/// `authority`: the API is what it says. `contributor`: its changes are merged in. `observer`:
/// compared, never merged.
enum class source_role : std::uint8_t { authority, contributor, observer };
constexpr auto all_values(source_role) {
  return std::array{source_role::authority, source_role::contributor, source_role::observer};
}
std::string_view to_string(source_role value);

/// Who declared an entity, and so where it is changed: the configuration file, the HTTP API, or a
/// folder of the file's in which it was found.
enum class declared_by : std::uint8_t { file, api, folder };
constexpr auto all_values(declared_by) {
  return std::array{declared_by::file, declared_by::api, declared_by::folder};
}
std::string_view to_string(declared_by value);

enum class priority : std::uint8_t { high, medium, low };
constexpr auto all_values(priority) {
  return std::array{priority::high, priority::medium, priority::low};
}
std::string_view to_string(priority value);

/// What becomes of a name that stands twice in an object.
enum class duplicate_names : std::uint8_t {
  refuse,
  last ///< The last one counts, as other tools read it, with a warning.
};
constexpr auto all_values(duplicate_names) {
  return std::array{duplicate_names::refuse, duplicate_names::last};
}
std::string_view to_string(duplicate_names value);

/// What becomes of references to other files.
enum class outside_references : std::uint8_t {
  bundle, ///< What they lead to is brought in.
  keep
};
constexpr auto all_values(outside_references) {
  return std::array{outside_references::bundle, outside_references::keep};
}
std::string_view to_string(outside_references value);

/// Which part of a source's document counts. Empty: all of it. Patterns are globs.
struct selection_side {
  std::vector<std::string> paths, methods, tags;
  std::vector<std::string> operation_ids;
  std::vector<std::string> extensions; ///< `x-NAME` or `x-NAME=VALUE`.

  bool operator==(const selection_side&) const = default;
};

struct selection_definition {
  selection_side include, exclude;

  bool operator==(const selection_definition&) const = default;
  static void fields(auto& self, auto& visit) {
    visit("includePaths", self.include.paths);
    visit("excludePaths", self.exclude.paths);
    visit("includeMethods", self.include.methods);
    visit("excludeMethods", self.exclude.methods);
    visit("includeTags", self.include.tags);
    visit("excludeTags", self.exclude.tags);
    visit("includeOperationIds", self.include.operation_ids);
    visit("excludeOperationIds", self.exclude.operation_ids);
    visit("includeExtensions", self.include.extensions);
    visit("excludeExtensions", self.exclude.extensions);
  }
};

/// How the server of a source is spoken to. What is secret is named, never written.
struct connection_definition {
  std::optional<std::chrono::milliseconds> timeout;         ///< Of the whole, 1 s to 10 min.
  std::optional<std::chrono::milliseconds> connect_timeout; ///< With the handshake, to 10 min.
  /// Without a byte, whole seconds, 1 s to 10 min. Absent: as long as `timeout`.
  std::optional<std::chrono::milliseconds> stall_timeout;
  std::string ca;          ///< PEM of who is trusted instead of the system's; a reference.
  std::string certificate; ///< PEM of the client's own, with its chain; a reference.
  std::string key;         ///< PEM of its private key; a reference. Empty: beside the certificate.

  bool operator==(const connection_definition&) const = default;
  static void fields(auto& self, auto& visit) {
    visit("timeout", self.timeout);
    visit("connectTimeout", self.connect_timeout);
    visit("stallTimeout", self.stall_timeout);
    visit("ca", self.ca);
    visit("certificate", self.certificate);
    visit("key", self.key);
  }
};

struct source_definition {
  std::string id;
  std::string api; ///< The id of the API that it describes.
  source_kind kind = source_kind::file;
  source_role role = source_role::authority;
  std::string path;          ///< file: as declared; git: inside the repository.
  std::string url;           ///< http: the address; git: the repository.
  std::string ref;           ///< git; empty: the default branch.
  std::uint32_t history = 0; ///< git: how many older commits the first sync takes in.
  std::map<std::string, std::string>
      headers; ///< http, git; values are `env:NAME`, `file:PATH` or plain.
  std::vector<std::string> allow_addresses;          ///< http, git: beyond the public ones.
  std::optional<std::chrono::milliseconds> interval; ///< Absent: the setting `interval`.
  bool watch = true;                                 ///< file: sync on change.
  events::priority priority = events::priority::medium;
  std::optional<std::uint32_t> max_retries; ///< Absent: the setting `maxRetries`.
  std::optional<selection_definition> select;
  std::optional<duplicate_names> duplicates; ///< Absent: they are refused.
  declared_by declared = declared_by::api;
  std::vector<std::string> after = {}; ///< Ids of sources and APIs whose syncs go before its own.
  std::optional<bool> adaptive = {};   ///< Absent: the setting `adaptive`.
  std::optional<std::chrono::milliseconds> min_interval = {},
                                           max_interval = {}; ///< Where adaptive.
  std::optional<outside_references> references = {};          ///< Absent: bundled.
  std::optional<hook_definition> hook = {};             ///< Absent: no signed delivery is taken.
  std::optional<connection_definition> connection = {}; ///< http, git.
  std::string folder = {}; ///< file: the folder that found it; empty: somebody declared it.

  bool operator==(const source_definition&) const = default;
  static void fields(auto& self, auto& visit) {
    visit.required("id", self.id);
    visit.required("api", self.api);
    visit.required("kind", self.kind);
    visit("role", self.role);
    visit("path", self.path);
    visit("url", self.url);
    visit("ref", self.ref);
    visit("history", self.history);
    visit("headers", self.headers);
    visit("allowAddresses", self.allow_addresses);
    visit("interval", self.interval);
    visit("watch", self.watch);
    visit("priority", self.priority);
    visit("maxRetries", self.max_retries);
    visit("after", self.after);
    visit("adaptive", self.adaptive);
    visit("minInterval", self.min_interval);
    visit("maxInterval", self.max_interval);
    visit("select", self.select);
    visit("duplicates", self.duplicates);
    visit("references", self.references);
    visit("hook", self.hook);
    visit("connection", self.connection);
    visit("declared", self.declared);
    visit("folder", self.folder);
  }
};

// -- jobs ---------------------------------------------------------------------

/// When a job is due: `interval` and `cron` stand, `change` waits for a watch or a trigger, `once`
/// runs one time.
enum class schedule_kind : std::uint8_t { interval, cron, change, once };
constexpr auto all_values(schedule_kind) {
  return std::array{schedule_kind::interval, schedule_kind::cron, schedule_kind::change,
                    schedule_kind::once};
}
std::string_view to_string(schedule_kind value);

struct job_definition {
  std::string id;
  std::string source;
  events::priority priority = events::priority::medium;
  std::uint32_t max_retries = 3;
  schedule_kind schedule = schedule_kind::interval;
  std::optional<std::chrono::milliseconds> interval; ///< Absent: the setting `interval`.
  std::string cron;                                  ///< Five fields, UTC.
  declared_by declared = declared_by::api;
  std::optional<bool> adaptive = {}; ///< Absent: the setting `adaptive`.
  std::optional<std::chrono::milliseconds> min_interval = {},
                                           max_interval = {}; ///< Where adaptive.

  bool operator==(const job_definition&) const = default;
  static void fields(auto& self, auto& visit) {
    visit.required("id", self.id);
    visit.required("source", self.source);
    visit("priority", self.priority);
    visit("maxRetries", self.max_retries);
    visit("schedule", self.schedule);
    visit("interval", self.interval);
    visit("adaptive", self.adaptive);
    visit("minInterval", self.min_interval);
    visit("maxInterval", self.max_interval);
    visit("cron", self.cron);
    visit("declared", self.declared);
  }
};

// -- APIs ---------------------------------------------------------------------

struct api_definition {
  std::string id;
  std::string title; ///< Empty: the document's own.
  std::string owner;
  std::string contact;
  std::string lifecycle;
  std::string group;
  std::map<std::string, std::string> labels;
  std::vector<rule_definition> rules;
  /// Changes of this level or graver that a source brings wait until somebody accepts them.
  std::optional<change_level> guard;
  std::vector<overlay_definition> overlays; ///< On what is served, in this order.
  /// How its changes are judged, in the form of docs/compatibility.md; absent: as the catalogue.
  std::optional<raw_json> compatibility;
  declared_by declared = declared_by::api;

  bool operator==(const api_definition&) const = default;
  static void fields(auto& self, auto& visit) {
    visit.required("id", self.id);
    visit("title", self.title);
    visit("owner", self.owner);
    visit("contact", self.contact);
    visit("lifecycle", self.lifecycle);
    visit("group", self.group);
    visit("labels", self.labels);
    visit("rules", self.rules);
    visit("guard", self.guard);
    visit("overlays", self.overlays);
    visit("compatibility", self.compatibility);
    visit("declared", self.declared);
  }
};

// -- settings -----------------------------------------------------------------

/// What can be changed while the service runs. Ranges are checked by `check`.
struct settings {
  std::uint32_t concurrency = 8;                       ///< Syncs at once, 1 to 256.
  std::uint32_t host_concurrency = 2;                  ///< Syncs at once per host, 1 to 64.
  std::chrono::milliseconds interval{300'000};         ///< Between polls, 1 s to 30 d.
  std::uint32_t max_retries = 3;                       ///< Before a job counts as failed, 0 to 100.
  std::chrono::milliseconds retry_base{1'000};         ///< First backoff, 10 ms to 1 h.
  std::chrono::milliseconds retry_cap{300'000};        ///< Longest backoff, up to 24 h.
  std::chrono::milliseconds probe_interval{3'600'000}; ///< Longest pause of a failed source.
  std::uint64_t document_bytes = 64U << 20;            ///< Largest document, 1 KiB to 64 MiB.
  std::uint64_t memory_budget = 1ULL << 30;            ///< For documents being worked on, bytes.
  std::uint32_t loss_percent = 50; ///< Quarantine a document that lost more operations; 100: never.
  std::uint32_t credential_concurrency = 8; ///< Syncs at once per credential, 1 to 256.
  std::uint32_t host_requests = 0; ///< Per host in any `host_window`; 0: no limit; to 1,000,000.
  std::chrono::milliseconds host_window{60'000}; ///< 1 s to 24 h.
  bool adaptive = false; ///< Intervals follow how often a source really changes.
  std::chrono::milliseconds min_interval{60'000};     ///< Where adaptive, 1 s to 30 d.
  std::chrono::milliseconds max_interval{86'400'000}; ///< Where adaptive, 1 s to 30 d.
  std::uint32_t ageing_percent = 100; ///< Of its interval: the most that a low job is put back.
  std::uint32_t circuit_failures = 5; ///< In a row, until a host is left alone; 1 to 1,000.
  std::chrono::milliseconds circuit_pause{30'000}; ///< The first; it doubles. 1 s to 24 h.
  std::chrono::milliseconds spread{600'000};       ///< Overdue syncs come back within, 0 to 24 h.
  std::chrono::milliseconds orphan_after{86'400'000}; ///< Gone for so long, 1 s to 365 d.

  bool operator==(const settings&) const = default;
  static void fields(auto& self, auto& visit) {
    visit("concurrency", self.concurrency);
    visit("hostConcurrency", self.host_concurrency);
    visit("interval", self.interval);
    visit("maxRetries", self.max_retries);
    visit("retryBase", self.retry_base);
    visit("retryCap", self.retry_cap);
    visit("probeInterval", self.probe_interval);
    visit("documentBytes", self.document_bytes);
    visit("memoryBudget", self.memory_budget);
    visit("lossPercent", self.loss_percent);
    visit("credentialConcurrency", self.credential_concurrency);
    visit("hostRequests", self.host_requests);
    visit("hostWindow", self.host_window);
    visit("adaptive", self.adaptive);
    visit("minInterval", self.min_interval);
    visit("maxInterval", self.max_interval);
    visit("ageingPercent", self.ageing_percent);
    visit("circuitFailures", self.circuit_failures);
    visit("circuitPause", self.circuit_pause);
    visit("spread", self.spread);
    visit("orphanAfter", self.orphan_after);
  }
};

/// Names the first setting that is out of its range, and the range.
result<void> check(const settings& values);

/// The settings with some replaced: keys as in `settings::fields`, values as JSON. Fails with
/// `invalid_argument` for an unknown key, a value of another type or one out of range.
result<settings> with_values(const settings& values,
                             const std::map<std::string, raw_json>& replaced);

/// Ids are 1 to 100 characters of `a-z`, `A-Z`, `0-9`, `.`, `_` and `-`, not starting with `.` or
/// `-`.
bool valid_id(std::string_view id);

/// Checks one definition: its id, and the fields that its kind needs and those it must not have.
result<void> check(const source_definition& source);
/// What `check` says of a source's `hook`; a part of it.
result<void> check_hook(const source_definition& source);
/// What `check` says of a source's `connection`; a part of it.
result<void> check_connection(const source_definition& source);
result<void> check(const job_definition& job);
result<void> check(const api_definition& api);

/// The job that a source has without anybody's asking: `ID` of the source, its interval and
/// priority.
job_definition default_job(const source_definition& source, const settings& values);

} // namespace apisync::events
