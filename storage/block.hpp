#pragma once

#include "events/record.hpp"
#include "specs/digest.hpp"
#include "specs/error.hpp"
#include "storage/event_log.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace apisync::storage {

/// The newest block format that this program reads, and the one that it writes.
inline constexpr std::uint16_t block_format_version = 1;

/// The most bytes of records in one block: what fills it up is refused as `overloaded`.
inline constexpr std::size_t block_payload_limit = std::size_t{256} << 20U;

/// The longest name of a stream, in bytes.
inline constexpr std::size_t stream_name_limit = 1024;

/// A stream's part in a block: its records there have the versions `first_version` and on.
struct block_stream {
  std::string_view name;
  std::uint64_t first_version = 0;
  std::uint32_t records = 0;
};

/// A record's place in a block: its stream, and how long its text and its envelope are.
struct block_entry {
  std::uint32_t stream = 0; ///< Index into the block's streams.
  std::uint32_t envelope_bytes = 0;
  std::uint32_t record_bytes = 0;
};

/// An outside command kept with the block that it caused.
struct block_receipt {
  std::string_view id;
  digest fingerprint;
  events::sequence sequence = 0; ///< The last record of its append.
  std::string_view answer;
};

/// The next link of the chain: SHA-256(previous ‖ SHA-256(envelope) ‖ SHA-256(data)).
digest next_link(sha256& hash, const digest& previous, std::string_view envelope,
                 std::string_view data);

/// Builds the block of one commit. docs/log-format.md has its bytes. The events given outlive it.
class block_writer {
public:
  block_writer(events::sequence first, const digest& previous, events::timestamp time);

  /// Appends one record and hashes it into the chain. The caller assigns versions: consecutive
  /// within each stream.
  void add(const events::draft& event, std::uint64_t stream_version, const events::origin& from);
  void add(const command_receipt& receipt, events::sequence last);

  /// The version of a stream after the records so far; 0 where none is of that stream.
  [[nodiscard]] std::uint64_t version(std::string_view stream) const;

  /// The streams so far.
  [[nodiscard]] std::span<const block_stream> streams() const { return streams_; }

  [[nodiscard]] std::uint32_t records() const {
    return static_cast<std::uint32_t>(entries_.size());
  }
  [[nodiscard]] std::size_t payload_bytes() const;

  /// The block's bytes. Call once, last. @pre at least one record
  std::string finish();

  /// The chain hash of the last record so far.
  [[nodiscard]] const digest& chain() const { return chain_; }

private:
  events::sequence first_;
  digest previous_;
  digest chain_;
  sha256 hash_;
  events::timestamp time_;
  std::string block_; ///< Room for the header, then the payload as it grows.
  std::vector<block_entry> entries_;
  std::vector<block_stream> streams_;
  std::unordered_map<std::string_view, std::uint32_t> numbers_; ///< Stream name to index.
  std::string receipts_;
  std::uint32_t receipt_count_ = 0;
};

/// A block's parts, its frame checked. The views point into the bytes given.
class block_view {
public:
  /// Checks magic, version, checksum and that every part fits: `corrupt` otherwise, naming the
  /// block by `key`, the sequence under which it was found.
  static result<block_view> open(std::string_view bytes, events::sequence key);

  [[nodiscard]] events::sequence first() const { return first_; }
  [[nodiscard]] events::sequence last() const { return first_ + entries_.size() - 1; }
  [[nodiscard]] events::timestamp time() const { return time_; }
  [[nodiscard]] const digest& previous() const { return previous_; }
  [[nodiscard]] const digest& chain() const { return chain_; }

  /// The JSON array of the records.
  [[nodiscard]] std::string_view payload() const { return payload_; }
  /// The size of the whole block.
  [[nodiscard]] std::size_t bytes() const { return bytes_; }
  [[nodiscard]] std::span<const block_entry> entries() const { return entries_; }
  [[nodiscard]] std::span<const block_stream> streams() const { return streams_; }
  [[nodiscard]] std::span<const block_receipt> receipts() const { return receipts_; }

  /// Recomputes the chain over the records; `corrupt` where it does not end as the block says.
  [[nodiscard]] result<void> check_chain(sha256& hash) const;

private:
  bool read_header(std::string_view bytes);
  bool read_index(std::string_view index, std::uint32_t records, std::uint32_t streams);
  bool read_receipts(std::string_view text, std::uint32_t count);

  events::sequence first_ = 0;
  events::timestamp time_;
  digest previous_;
  digest chain_;
  std::size_t bytes_ = 0;
  std::string_view payload_;
  std::vector<block_entry> entries_;
  std::vector<block_stream> streams_;
  std::vector<block_receipt> receipts_;
};

/// The receipt of a command in the block that holds it; `corrupt` where the block is damaged.
result<std::optional<remembered_command>> find_receipt(std::string_view block, events::sequence key,
                                                       std::string_view id);

} // namespace apisync::storage
