#pragma once

#include "storage/block.hpp"
#include "storage/log_reader.hpp"

#include <memory>
#include <span>
#include <string>
#include <unordered_map>

namespace apisync::tools {

/// Writes a log's blocks straight into its database, without waiting for the disk: the same bytes
/// that the journal would write, made in a fraction of the time.
class log_maker {
public:
  static result<log_maker> make(const std::string& path);

  /// One commit of these events.
  result<void> commit(std::span<const events::draft> drafts, events::timestamp time);

  /// Flushes, compacts, closes and opens it for reading.
  result<std::unique_ptr<storage::log_reader>> finish();

  [[nodiscard]] events::sequence head() const { return end_.sequence; }

private:
  log_maker(storage::data_directory where, std::unique_ptr<storage::database> base)
      : where_{std::move(where)}, base_{std::move(base)} {}

  storage::data_directory where_;
  std::unique_ptr<storage::database> base_;
  storage::anchor_point end_;
  std::unordered_map<std::string, std::uint64_t> versions_;
};

/// Writes what is in memory to files and merges these into as few as can be.
result<void> settle(const storage::database& base);

/// Bytes of a database's files, of all column families, without the WAL.
std::uint64_t file_bytes(const storage::database& base);

} // namespace apisync::tools
