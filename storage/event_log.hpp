#pragma once

#include "events/record.hpp"
#include "specs/digest.hpp"
#include "specs/error.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace apisync::storage {

/// A document ready to be stored with the append that first names it. Made by `document_store`,
/// where the compression is done, so that the committer only copies bytes.
struct stored_document {
  digest hash;         ///< SHA-256 of the bytes that reading it gives back.
  std::string encoded; ///< Opaque to everybody but the document store.
};

/// The version that a stream must have for an append to be accepted.
struct expected_version {
  std::string stream;
  std::uint64_t version = 0; ///< 0: the stream must not exist yet.
};

/// An outside command (an `Idempotency-Key`), remembered with the append that it caused.
struct command_receipt {
  std::string id;
  digest fingerprint; ///< Of the command's content: the same id with another content is refused.
  std::string answer; ///< What to answer when the command comes again; JSON.
};

/// Events that are appended together or not at all.
struct append {
  std::vector<expected_version> expected;
  std::vector<events::draft> events; ///< At least one.
  events::origin from;
  std::vector<stored_document> documents;
  std::optional<command_receipt> command;
};

/// Where an append lies once it is on disk.
struct appended {
  events::sequence first = 0;
  events::sequence last = 0;
  events::timestamp time;

  bool operator==(const appended&) const = default;
};

/// What a command id was answered with.
struct remembered_command {
  digest fingerprint;
  std::string answer;
  events::sequence sequence = 0; ///< The last record of its append.
};

/// Which records a reader wants. All set conditions must hold.
struct read_filter {
  events::sequence after = 0;                 ///< Exclusive.
  std::optional<events::sequence> up_to = {}; ///< Inclusive.
  std::optional<std::string> stream = {};     ///< Exact name.
  std::optional<std::string> type = {};       ///< Exact name.
  std::optional<events::timestamp> from = {}; ///< Inclusive.
  std::optional<events::timestamp> to = {};   ///< Exclusive.
};

/// Called for each record, in sequence order; false ends the reading.
using record_visitor = std::function<bool(const events::record_view&)>;

struct planned_commit; // storage/commit_planner.hpp
class commit_planner;

/// The log: the only truth. A commit goes through three steps, each of which may work on another
/// commit at the same time: it is planned in memory, stored, and acknowledged. Everything but
/// `store` and `acknowledge` is safe from any thread at any time.
class event_log {
public:
  virtual ~event_log() = default;

  /// Decides appends for this log, which must outlive it. Only one planner may be at work.
  [[nodiscard]] virtual std::unique_ptr<commit_planner> planner() const = 0;

  /// Makes a planned commit durable, in the order of planning. One thread at a time. When this
  /// fails (`unknown_outcome`), nobody knows what is on disk: the log refuses everything from then
  /// on and must be opened anew.
  virtual result<void> store(const planned_commit& commit) = 0;

  /// Makes it durable that these stored commits must be there, in the order of storing, and makes
  /// them visible. One thread at a time, which may be another than the one that stores. Fails like
  /// `store`. Only now is anybody told that something is done.
  virtual result<void>
  acknowledge(std::span<const std::shared_ptr<const planned_commit>> commits) = 0;

  /// Plans, stores and acknowledges the appends as one block, in their order, and answers each:
  /// accepted, or refused alone (`commit_planner::add` says why). The outer result is that of the
  /// disk.
  result<std::vector<result<appended>>> commit(std::span<const append> appends,
                                               events::timestamp time);

  /// Whether there is room to commit at all: `unavailable`, with what to do, while the disk is so
  /// full that a commit could fail half-way. Then nothing should be committed; ask again later.
  [[nodiscard]] virtual result<void> room() const { return {}; }

  /// The last committed sequence; 0 for an empty log.
  [[nodiscard]] virtual events::sequence head() const = 0;

  /// The chain hash of the last record: SHA-256(previous ‖ SHA-256(envelope) ‖ SHA-256(data)).
  [[nodiscard]] virtual digest chain() const = 0;

  /// The version of a stream; 0 where there is none.
  [[nodiscard]] virtual std::uint64_t version(std::string_view stream) const = 0;

  /// Visits matching records in sequence order. A stream filter reads only that stream's blocks.
  /// Fails with `corrupt` where a block cannot be read: never a silent end.
  virtual result<void> read(const read_filter& filter, const record_visitor& visit) const = 0;

  /// The receipt of a command id within the retention (a day), if any.
  [[nodiscard]] virtual result<std::optional<remembered_command>>
  find_command(std::string_view id) const = 0;
};

/// Documents by content hash. Thread-safe.
class document_store {
public:
  virtual ~document_store() = default;

  /// Compresses for storage, as a delta against `previous` where that is stored and its chain of
  /// deltas is short enough; whole otherwise. Nothing is written: the result travels in an
  /// `append`.
  virtual result<stored_document> encode(std::string_view bytes,
                                         std::optional<digest> previous) const = 0;

  /// The bytes of a stored document; `not_found`, or `corrupt` where they do not hash to their
  /// name.
  [[nodiscard]] virtual result<std::string> load(const digest& hash) const = 0;

  [[nodiscard]] virtual result<bool> contains(const digest& hash) const = 0;

  /// Of the text, in bytes, without making it; fails as `load` does.
  [[nodiscard]] virtual result<std::uint64_t> size(const digest& hash) const = 0;
};

/// A log with the documents that its records name. `sync`ed together in one commit.
struct store {
  std::shared_ptr<event_log> log;
  std::shared_ptr<document_store> documents;
};

} // namespace apisync::storage
