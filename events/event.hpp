#pragma once

#include "events/change.hpp"
#include "events/definition.hpp"
#include "events/drift_event.hpp"
#include "events/fields.hpp"
#include "events/folder.hpp"
#include "events/model_event.hpp"
#include "events/schedule_event.hpp"
#include "events/target_event.hpp"
#include "events/webhook_event.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

/// Everything that can happen. Each struct is one event type: `type` is its name in the log and
/// `schema` the version that this program writes. Both are promises; see docs/events.md.
namespace apisync::events {

// -- stream `engine` ----------------------------------------------------------

enum class engine_mode : std::uint8_t { stopped, running, paused, stopping };
constexpr auto all_values(engine_mode) {
  return std::array{engine_mode::stopped, engine_mode::running, engine_mode::paused,
                    engine_mode::stopping};
}
std::string_view to_string(engine_mode value);

/// The process started (`cause` process), in the mode that it had before, or a stopped engine was
/// started by command (`cause` command).
struct engine_started {
  static constexpr std::string_view type = "engine_started";
  static constexpr std::uint32_t schema = 1;
  std::string version; ///< Of the program.
  engine_mode mode = engine_mode::running;
  std::string cause = "process";

  static void fields(auto& self, auto& visit) {
    visit.required("version", self.version);
    visit.required("mode", self.mode);
    visit.required("cause", self.cause);
  }
};

struct engine_paused {
  static constexpr std::string_view type = "engine_paused";
  static constexpr std::uint32_t schema = 1;
  static void fields(auto&, auto&) {}
};

struct engine_resumed {
  static constexpr std::string_view type = "engine_resumed";
  static constexpr std::uint32_t schema = 1;
  static void fields(auto&, auto&) {}
};

/// A stop was ordered; running syncs are being cancelled.
struct engine_stopping {
  static constexpr std::string_view type = "engine_stopping";
  static constexpr std::uint32_t schema = 1;
  static void fields(auto&, auto&) {}
};

struct engine_stopped {
  static constexpr std::string_view type = "engine_stopped";
  static constexpr std::uint32_t schema = 1;
  static void fields(auto&, auto&) {}
};

/// The process ended in good order; the mode survives to the next `engine_started`.
struct engine_closed {
  static constexpr std::string_view type = "engine_closed";
  static constexpr std::uint32_t schema = 1;
  std::string reason;

  static void fields(auto& self, auto& visit) { visit("reason", self.reason); }
};

/// The configuration file was read, and what it declares has been taken over by the records before.
struct config_applied {
  static constexpr std::string_view type = "config_applied";
  static constexpr std::uint32_t schema = 1;
  std::string file;
  digest hash;                            ///< Of the file's bytes.
  std::map<std::string, raw_json> values; ///< Every setting that the file names.
  std::vector<std::string> added, changed,
      removed; ///< `source/ID`, `job/ID`, `api/ID`, `webhook/ID`, `target/ID`, `folder/ID`.
  std::optional<model_definition> model = {}; ///< Absent: no model is asked.
  std::vector<folder_definition> folders = {};

  static void fields(auto& self, auto& visit) {
    visit.required("file", self.file);
    visit.required("hash", self.hash);
    visit("values", self.values);
    visit("added", self.added);
    visit("changed", self.changed);
    visit("removed", self.removed);
    visit("model", self.model);
    visit("folders", self.folders);
  }
};

/// Settings were changed at run time.
struct settings_changed {
  static constexpr std::string_view type = "settings_changed";
  static constexpr std::uint32_t schema = 1;
  std::map<std::string, raw_json> values;

  static void fields(auto& self, auto& visit) { visit.required("values", self.values); }
};

struct actor_failed {
  static constexpr std::string_view type = "actor_failed";
  static constexpr std::uint32_t schema = 1;
  std::string actor; ///< `job/ID`, `api/ID`, `source/ID`, `resolver`, …
  std::string reason;
  std::uint32_t failures = 0; ///< Within the last minute, this one included.
  bool parked = false;        ///< Not started again.

  static void fields(auto& self, auto& visit) {
    visit.required("actor", self.actor);
    visit("reason", self.reason);
    visit("failures", self.failures);
    visit("parked", self.parked);
  }
};

/// A request under an `Idempotency-Key` was answered without changing anything: recorded so that it
/// is answered the same when it comes again, whatever has changed by then.
struct request_answered {
  static constexpr std::string_view type = "request_answered";
  static constexpr std::uint32_t schema = 1;
  std::string request; ///< `POST /v1/engine/pause`

  static void fields(auto& self, auto& visit) { visit.required("request", self.request); }
};

// -- stream `scheduler`: rows -------------------------------------------------

/// The start of a sync. Written as an array, `[job, startedMicroseconds]`.
struct start_row {
  std::uint32_t job = 0; ///< The job's number.
  timestamp started;

  bool operator==(const start_row&) const = default;
};

struct syncs_started {
  static constexpr std::string_view type = "syncs_started";
  static constexpr std::uint32_t schema = 1;
  std::vector<start_row> rows;
};

/// The end of a sync that found nothing new. Written as an array,
/// `[job, endedMicroseconds, durationMicroseconds, reason, nextAttemptMicroseconds]`; the last is 0
/// where no next attempt is planned.
struct unchanged_row {
  std::uint32_t job = 0;
  timestamp ended;
  std::chrono::microseconds duration{};
  std::string reason; ///< `same` (not fetched, or equal bytes), `noise`, `accounted`.
  std::optional<timestamp> next_attempt;

  bool operator==(const unchanged_row&) const = default;
};

struct syncs_unchanged {
  static constexpr std::string_view type = "syncs_unchanged";
  static constexpr std::uint32_t schema = 1;
  std::vector<unchanged_row> rows;
};

// -- stream `source/ID` -------------------------------------------------------

struct source_added {
  static constexpr std::string_view type = "source_added";
  static constexpr std::uint32_t schema = 1;
  source_definition definition;

  static void fields(auto& self, auto& visit) { visit.required("definition", self.definition); }
};

struct source_changed {
  static constexpr std::string_view type = "source_changed";
  static constexpr std::uint32_t schema = 1;
  source_definition definition;

  static void fields(auto& self, auto& visit) { visit.required("definition", self.definition); }
};

struct source_removed {
  static constexpr std::string_view type = "source_removed";
  static constexpr std::uint32_t schema = 1;
  static void fields(auto&, auto&) {}
};

struct source_paused {
  static constexpr std::string_view type = "source_paused";
  static constexpr std::uint32_t schema = 1;
  static void fields(auto&, auto&) {}
};

struct source_resumed {
  static constexpr std::string_view type = "source_resumed";
  static constexpr std::uint32_t schema = 1;
  static void fields(auto&, auto&) {}
};

/// What was last seen of one of the files of a source's document.
struct source_part_seen {
  std::string address; ///< A path or URL.
  std::string etag, last_modified, commit, bytes_hash;
  std::uint64_t size = 0;
  std::int64_t mtime_ns = 0;
  std::uint64_t inode = 0;

  bool operator==(const source_part_seen&) const = default;
  static void fields(auto& self, auto& visit) {
    visit.required("address", self.address);
    visit("etag", self.etag);
    visit("lastModified", self.last_modified);
    visit("commit", self.commit);
    visit("bytesHash", self.bytes_hash);
    visit("size", self.size);
    visit("mtimeNs", self.mtime_ns);
    visit("inode", self.inode);
  }
};

/// What was last seen at the source, to ask cheaply next time.
struct source_seen {
  static constexpr std::string_view type = "source_seen";
  static constexpr std::uint32_t schema = 1;
  std::string etag, last_modified, commit, bytes_hash;
  std::uint64_t size = 0;
  std::int64_t mtime_ns = 0;
  std::uint64_t inode = 0;
  std::vector<source_part_seen> parts; ///< Its files, where it has several.

  bool operator==(const source_seen&) const = default;
  static void fields(auto& self, auto& visit) {
    visit("etag", self.etag);
    visit("lastModified", self.last_modified);
    visit("commit", self.commit);
    visit("bytesHash", self.bytes_hash);
    visit("size", self.size);
    visit("mtimeNs", self.mtime_ns);
    visit("inode", self.inode);
    visit("parts", self.parts);
  }
};

/// A document that is not what it claims to be, or has suddenly lost most of its operations.
struct source_quarantined {
  static constexpr std::string_view type = "source_quarantined";
  static constexpr std::uint32_t schema = 1;
  std::string bytes_hash; ///< What was refused.
  std::string reason;     ///< For people.
  std::string where;      ///< File, line, column or pointer.

  static void fields(auto& self, auto& visit) {
    visit("bytesHash", self.bytes_hash);
    visit.required("reason", self.reason);
    visit("where", self.where);
  }
};

/// The source is good again.
struct source_released {
  static constexpr std::string_view type = "source_released";
  static constexpr std::uint32_t schema = 1;
  static void fields(auto&, auto&) {}
};

/// A person accepts the document that was quarantined for losing operations.
struct quarantine_accepted {
  static constexpr std::string_view type = "quarantine_accepted";
  static constexpr std::uint32_t schema = 1;
  std::string bytes_hash;

  static void fields(auto& self, auto& visit) { visit.required("bytesHash", self.bytes_hash); }
};

/// Somebody brought the document of a source of kind `push`: the next sync takes it in.
struct document_pushed {
  static constexpr std::string_view type = "document_pushed";
  static constexpr std::uint32_t schema = 1;
  digest text; ///< Of the bytes; key in the document store.
  std::uint64_t bytes = 0;
  std::string commit, message; ///< As whoever pushed it said.
  std::string delivery;        ///< The id of a signed delivery; empty for one under a token.

  bool operator==(const document_pushed&) const = default;
  static void fields(auto& self, auto& visit) {
    visit.required("text", self.text);
    visit.required("bytes", self.bytes);
    visit("commit", self.commit);
    visit("message", self.message);
    visit("delivery", self.delivery);
  }
};

// -- stream `job/ID` ----------------------------------------------------------

struct job_added {
  static constexpr std::string_view type = "job_added";
  static constexpr std::uint32_t schema = 1;
  std::uint32_t number = 0; ///< Names the job in rows; never used again.
  job_definition definition;
  std::optional<timestamp> next_attempt;

  static void fields(auto& self, auto& visit) {
    visit.required("number", self.number);
    visit.required("definition", self.definition);
    visit("nextAttempt", self.next_attempt);
  }
};

struct job_changed {
  static constexpr std::string_view type = "job_changed";
  static constexpr std::uint32_t schema = 1;
  job_definition definition;
  std::optional<timestamp> next_attempt;

  static void fields(auto& self, auto& visit) {
    visit.required("definition", self.definition);
    visit("nextAttempt", self.next_attempt);
  }
};

struct job_removed {
  static constexpr std::string_view type = "job_removed";
  static constexpr std::uint32_t schema = 1;
  static void fields(auto&, auto&) {}
};

/// Somebody ordered a sync: it is due at once, and again if one that began before is running. The
/// next `sync_started` serves the order; its causation names it.
struct sync_requested {
  static constexpr std::string_view type = "sync_requested";
  static constexpr std::uint32_t schema = 1;
  static void fields(auto&, auto&) {}
};

/// The start of a sync that somebody ordered; the others are rows.
struct sync_started {
  static constexpr std::string_view type = "sync_started";
  static constexpr std::uint32_t schema = 1;
  timestamp started;

  static void fields(auto& self, auto& visit) { visit.required("started", self.started); }
};

/// What every end of a sync says.
struct sync_end {
  timestamp ended;
  std::chrono::microseconds duration{}; ///< From fetch to end; queueing is not counted.
  std::optional<timestamp> next_attempt;

  static void fields(auto& self, auto& visit) {
    visit.required("ended", self.ended);
    auto count = self.duration.count();
    visit.required("durationUs", count);
    if constexpr (requires { self.duration = std::chrono::microseconds{count}; })
      self.duration = std::chrono::microseconds{count};
    visit("nextAttempt", self.next_attempt);
  }
};

/// The end of a sync that found nothing new and that somebody had ordered.
struct sync_unchanged {
  static constexpr std::string_view type = "sync_unchanged";
  static constexpr std::uint32_t schema = 1;
  sync_end end;
  std::string reason;

  static void fields(auto& self, auto& visit) {
    visit.required("end", self.end);
    visit("reason", self.reason);
  }
};

/// The end of a sync that changed the API, its base or its text.
struct sync_changed {
  static constexpr std::string_view type = "sync_changed";
  static constexpr std::uint32_t schema = 1;
  sync_end end;
  std::optional<std::uint64_t> revision; ///< The last one that was made, if any.
  std::uint32_t conflicts = 0;           ///< Opened or updated.

  static void fields(auto& self, auto& visit) {
    visit.required("end", self.end);
    visit("revision", self.revision);
    visit("conflicts", self.conflicts);
  }
};

/// Why a sync failed, and so how it is tried again.
enum class failure_kind : std::uint8_t { transient, permanent, auth, gone };
constexpr auto all_values(failure_kind) {
  return std::array{failure_kind::transient, failure_kind::permanent, failure_kind::auth,
                    failure_kind::gone};
}
std::string_view to_string(failure_kind value);

struct sync_failed {
  static constexpr std::string_view type = "sync_failed";
  static constexpr std::uint32_t schema = 1;
  sync_end end;
  failure_kind kind = failure_kind::transient;
  std::string reason, where;
  std::uint32_t retry_count = 0; ///< Retries made so far, this attempt included if it was one.
  bool exhausted = false;        ///< The retries are used up; probing goes on.
  /// Failed probes since then, where they are used up; 0: this failure has used them up.
  std::optional<std::uint32_t> probes;

  static void fields(auto& self, auto& visit) {
    visit.required("end", self.end);
    visit.required("kind", self.kind);
    visit.required("reason", self.reason);
    visit("where", self.where);
    visit("retryCount", self.retry_count);
    visit("exhausted", self.exhausted);
    visit("probes", self.probes);
  }
};

struct sync_quarantined {
  static constexpr std::string_view type = "sync_quarantined";
  static constexpr std::uint32_t schema = 1;
  sync_end end;
  std::string reason, where;

  static void fields(auto& self, auto& visit) {
    visit.required("end", self.end);
    visit.required("reason", self.reason);
    visit("where", self.where);
  }
};

/// The sync was cancelled, or the process ended under it.
struct sync_interrupted {
  static constexpr std::string_view type = "sync_interrupted";
  static constexpr std::uint32_t schema = 1;
  sync_end end;
  std::string reason; ///< `stop`, `shutdown`, `crash`

  static void fields(auto& self, auto& visit) {
    visit.required("end", self.end);
    visit.required("reason", self.reason);
  }
};

// -- stream `api/ID` ----------------------------------------------------------

struct api_added {
  static constexpr std::string_view type = "api_added";
  static constexpr std::uint32_t schema = 1;
  api_definition definition;

  static void fields(auto& self, auto& visit) { visit.required("definition", self.definition); }
};

struct api_changed {
  static constexpr std::string_view type = "api_changed";
  static constexpr std::uint32_t schema = 1;
  api_definition definition;

  static void fields(auto& self, auto& visit) { visit.required("definition", self.definition); }
};

struct api_removed {
  static constexpr std::string_view type = "api_removed";
  static constexpr std::uint32_t schema = 1;
  static void fields(auto&, auto&) {}
};

/// What a document means for those who use another, earlier one.
struct baseline_verdict {
  std::uint64_t revision = 0; ///< The earlier one.
  std::string verdict;        ///< `unchanged`, `compatible`, `warning` or `breaking`.
  change_counts counts;

  bool operator==(const baseline_verdict&) const = default;
  static void fields(auto& self, auto& visit) {
    visit.required("revision", self.revision);
    visit.required("verdict", self.verdict);
    visit.required("counts", self.counts);
  }
};

/// What made a revision.
struct revision_cause {
  std::string kind = "sync"; ///< `sync`, `edit`, `resolution`, `rollback`, `rules`, `overlays`
  std::string source;        ///< For `sync`.
  std::string commit, author, message;
  std::optional<timestamp> time; ///< When the commit was made.

  bool operator==(const revision_cause&) const = default;
  static void fields(auto& self, auto& visit) {
    visit.required("kind", self.kind);
    visit("source", self.source);
    visit("commit", self.commit);
    visit("author", self.author);
    visit("message", self.message);
    visit("time", self.time);
  }
};

struct revision_added {
  static constexpr std::string_view type = "revision_added";
  static constexpr std::uint32_t schema = 1;
  static constexpr std::size_t max_changes = 200; ///< Listed; `counts` has them all.
  std::uint64_t number = 0;                       ///< From 1, without gaps within the API.
  std::uint64_t parent = 0;                       ///< 0: none.
  digest content;                                 ///< Of the document tree.
  digest canonical;
  digest text;        ///< Of the bytes that are served; key in the document store.
  std::string format; ///< `json` or `yaml`: of the text.
  std::string title, api_version, openapi;
  std::uint32_t operations = 0;
  revision_cause cause;
  std::string verdict; ///< `first`, `unchanged`, `compatible`, `warning` or `breaking`.
  change_counts counts;
  std::vector<change> changes;
  std::vector<std::string> warnings; ///< Flaws that a reader can live with; at most 20.
  /// What the next merge goes on from, where overlays made the text of it; key in the document
  /// store.
  std::optional<digest> merged = {};
  std::optional<baseline_verdict> released =
      {}; ///< With the released revision, where there is one.

  static void fields(auto& self, auto& visit) {
    visit.required("number", self.number);
    visit.required("parent", self.parent);
    visit.required("contentHash", self.content);
    visit.required("canonicalHash", self.canonical);
    visit.required("text", self.text);
    visit.required("format", self.format);
    visit("title", self.title);
    visit("apiVersion", self.api_version);
    visit("openapi", self.openapi);
    visit("operations", self.operations);
    visit.required("cause", self.cause);
    visit.required("verdict", self.verdict);
    visit.required("counts", self.counts);
    visit("changes", self.changes);
    visit("warnings", self.warnings);
    visit("merged", self.merged);
    visit("released", self.released);
  }
};

/// A revision is what users have from now on: the baseline that later ones are compared with, too.
struct api_promoted {
  static constexpr std::string_view type = "api_promoted";
  static constexpr std::uint32_t schema = 1;
  std::uint64_t revision = 0;
  std::string reason;
  std::uint64_t head = 0;    ///< The newest revision then.
  baseline_verdict compared; ///< That one with the promoted one.

  static void fields(auto& self, auto& visit) {
    visit.required("revision", self.revision);
    visit("reason", self.reason);
    visit.required("head", self.head);
    visit.required("compared", self.compared);
  }
};

/// The text that is served, or what lies under its overlays, has changed without a change of the
/// revision's meaning.
struct text_followed {
  static constexpr std::string_view type = "text_followed";
  static constexpr std::uint32_t schema = 1;
  std::uint64_t revision = 0;
  digest text, content;
  std::string format;
  std::string source;
  std::optional<digest> merged = {}; ///< As of a revision.

  static void fields(auto& self, auto& visit) {
    visit.required("revision", self.revision);
    visit.required("text", self.text);
    visit.required("contentHash", self.content);
    visit.required("format", self.format);
    visit("source", self.source);
    visit("merged", self.merged);
  }
};

/// The document last taken from a source: what both sides of the next merge start from.
struct base_moved {
  static constexpr std::string_view type = "base_moved";
  static constexpr std::uint32_t schema = 1;
  std::string source;
  digest text; ///< Key in the document store.
  digest content, canonical;
  std::uint32_t operations = 0;
  std::string commit;     ///< git
  std::string repository; ///< git: where it is; branches of one repository are told by it.
  std::optional<selection_definition> select; ///< The part of it that counted.
  std::optional<bool> observed; ///< True: it was compared only, and nothing of it was taken in.

  bool operator==(const base_moved&) const = default;
  static void fields(auto& self, auto& visit) {
    visit.required("source", self.source);
    visit.required("text", self.text);
    visit.required("contentHash", self.content);
    visit.required("canonicalHash", self.canonical);
    visit("operations", self.operations);
    visit("commit", self.commit);
    visit("repository", self.repository);
    visit("select", self.select);
    visit("observed", self.observed);
  }
};

/// What a removed source left in the document was taken out: it counts for nothing any more.
struct contributions_dropped {
  static constexpr std::string_view type = "contributions_dropped";
  static constexpr std::uint32_t schema = 1;
  std::string source, reason;

  static void fields(auto& self, auto& visit) {
    visit.required("source", self.source);
    visit("reason", self.reason);
  }
};

/// One place where current and incoming both changed the base, differently.
struct conflict_detail {
  static constexpr std::size_t max_inline = 16'384; ///< Longer values are only in the documents.
  std::string id; ///< Derived from the place and the source; unique among an API's open ones.
  std::string source;
  std::string pointer; ///< Into the current document, or the incoming one for what current lacks.
  std::string path;    ///< The identity path; docs/merge.md.
  std::string kind;    ///< `edit/edit`, `edit/delete`, `delete/edit`, `add/add`, `move`
  std::optional<raw_json> base, current, incoming; ///< Absent: no value there, or over the limit.
  std::vector<std::string> oversized; ///< Which of the three are left out for their length.
  std::optional<digest> base_document, current_document, incoming_document; ///< Texts.
  /// Identity paths, where many places are one question: a contributor's first document that
  /// differs in all of them. `path` and the values are empty then.
  std::vector<std::string> places;
  std::string ai_rule = {}; ///< The rule that gives it to the model; empty: none does.

  bool operator==(const conflict_detail&) const = default;
  static void fields(auto& self, auto& visit) {
    visit.required("id", self.id);
    visit.required("source", self.source);
    visit.required("pointer", self.pointer);
    visit.required("path", self.path);
    visit.required("kind", self.kind);
    visit("base", self.base);
    visit("current", self.current);
    visit("incoming", self.incoming);
    visit("oversized", self.oversized);
    visit("baseDocument", self.base_document);
    visit("currentDocument", self.current_document);
    visit("incomingDocument", self.incoming_document);
    visit("places", self.places);
    visit("aiRule", self.ai_rule);
  }
};

struct conflict_opened {
  static constexpr std::string_view type = "conflict_opened";
  static constexpr std::uint32_t schema = 1;
  conflict_detail conflict;
  std::string reason; ///< Why it is open again: a decision was undone, or is to be made in parts.

  static void fields(auto& self, auto& visit) {
    visit.required("conflict", self.conflict);
    visit("reason", self.reason);
  }
};

/// The incoming side moved on while the conflict was open.
struct conflict_updated {
  static constexpr std::string_view type = "conflict_updated";
  static constexpr std::uint32_t schema = 1;
  conflict_detail conflict;

  static void fields(auto& self, auto& visit) { visit.required("conflict", self.conflict); }
};

/// What was decided, by whom (the record's `by`, or a rule), and why. Also recorded for conflicts
/// that a rule decided at once, which were never open.
struct conflict_resolved {
  static constexpr std::string_view type = "conflict_resolved";
  static constexpr std::uint32_t schema = 1;
  std::string id;
  std::string pointer, source;
  std::string choice; ///< `current`, `incoming`, `base` or `value`
  std::string rule;   ///< The rule that decided; empty for a person's decision.
  std::string reason;
  std::optional<raw_json> value; ///< For `value`.
  /// Names the place and the three values, of a person's decision: the same again is decided so.
  std::optional<digest> decision_key;
  std::optional<sequence> remembered; ///< The earlier decision, for the rule `remembered`.
  /// Whose answer it is: of a model, or confirmed by a person.
  std::optional<digest> question = {};

  static void fields(auto& self, auto& visit) {
    visit.required("id", self.id);
    visit("pointer", self.pointer);
    visit("source", self.source);
    visit.required("choice", self.choice);
    visit("rule", self.rule);
    visit("reason", self.reason);
    visit("value", self.value);
    visit("decisionKey", self.decision_key);
    visit("remembered", self.remembered);
    visit("question", self.question);
  }
};

/// Somebody made a rule of a decision about one place.
struct rule_learned {
  static constexpr std::string_view type = "rule_learned";
  static constexpr std::uint32_t schema = 1;
  std::string conflict; ///< The id of the conflict that was decided.
  rule_definition rule;

  static void fields(auto& self, auto& visit) {
    visit("conflict", self.conflict);
    visit.required("rule", self.rule);
  }
};

struct rule_forgotten {
  static constexpr std::string_view type = "rule_forgotten";
  static constexpr std::uint32_t schema = 1;
  rule_definition rule;

  static void fields(auto& self, auto& visit) { visit.required("rule", self.rule); }
};

/// A rollback refused what a source has: the same content is not taken in again.
struct content_refused {
  static constexpr std::string_view type = "content_refused";
  static constexpr std::uint32_t schema = 1;
  std::string source;
  digest content;
  std::uint64_t revision = 0; ///< That of the rollback.

  static void fields(auto& self, auto& visit) {
    visit.required("source", self.source);
    visit.required("content", self.content);
    visit.required("revision", self.revision);
  }
};

/// The conflict vanished: both sides converged, or its source was removed.
struct conflict_closed {
  static constexpr std::string_view type = "conflict_closed";
  static constexpr std::uint32_t schema = 1;
  std::string id;
  std::string reason;

  static void fields(auto& self, auto& visit) {
    visit.required("id", self.id);
    visit.required("reason", self.reason);
  }
};

// -- all of them --------------------------------------------------------------

using engine_event = std::variant<engine_started, engine_paused, engine_resumed, engine_stopping,
                                  engine_stopped, engine_closed, config_applied, settings_changed,
                                  actor_failed, request_answered, folder_searched>;
using scheduler_event = std::variant<syncs_started, syncs_unchanged, host_paused, host_resumed,
                                     host_circuit_opened, host_circuit_closed>;
using source_event = std::variant<source_added, source_changed, source_removed, source_paused,
                                  source_resumed, source_seen, source_quarantined, source_released,
                                  quarantine_accepted, document_pushed>;
using job_event =
    std::variant<job_added, job_changed, job_removed, sync_requested, sync_started, sync_unchanged,
                 sync_changed, sync_failed, sync_quarantined, sync_interrupted>;
using api_event =
    std::variant<api_added, api_changed, api_removed, revision_added, text_followed, base_moved,
                 conflict_opened, conflict_updated, conflict_resolved, conflict_closed,
                 rule_learned, rule_forgotten, content_refused, api_promoted, api_paused,
                 api_resumed, api_orphaned, api_found_again, model_asked, model_answered,
                 drift_began, drift_changed, drift_ended, contributions_dropped>;

/// Any event; a record's stream prefix says which group it belongs to.
using any_event = std::variant<engine_event, scheduler_event, source_event, job_event, api_event,
                               webhook_event, target_event>;

/// Encodes with the newest schema.
draft encode(std::string stream, const engine_event& event);
draft encode(std::string stream, const scheduler_event& event);
draft encode(std::string stream, const source_event& event);
draft encode(std::string stream, const job_event& event);
draft encode(std::string stream, const api_event& event);
draft encode(std::string stream, const webhook_event& event);
draft encode(std::string stream, const target_event& event);

/// Decodes any schema version ever written. `corrupt` for an unknown type of a known stream, a
/// newer schema version, or data that is not as described; the error names sequence, stream and
/// type.
result<any_event> decode(const record_view& record);

/// The two halves of a stream's name: `api` and `billing`; the id is empty for `engine`.
struct stream_name {
  std::string_view kind;
  std::string_view id;
};
stream_name split_stream(std::string_view stream);

} // namespace apisync::events
