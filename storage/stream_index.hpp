#pragma once

#include "storage/anchor.hpp"
#include "storage/log_state.hpp"
#include "storage/rocks.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace rocksdb {
class WriteBatch;
} // namespace rocksdb

namespace apisync::storage {

/// How far the stored index reaches. Up to there the chain has been checked or was made here.
struct index_mark {
  anchor_point end;
  events::timestamp time;
};

/// The newest part of the per-stream index, in memory: which blocks hold which streams.
struct index_tail {
  struct row {
    std::uint64_t version = 0;
    std::vector<events::sequence> blocks; ///< By their first sequence, ascending.
  };
  text_map<row> streams;
  std::vector<events::sequence> receipts; ///< Blocks with receipts.
  std::size_t blocks = 0;
  index_mark end;

  void add(const planned_commit& commit);
  void add(const block_view& block);

private:
  void add(std::string_view stream, std::uint64_t version, events::sequence block);
};

/// Adds the tail to a batch for the family of streams.
void write_index(rocksdb::WriteBatch& batch, rocksdb::ColumnFamilyHandle* family,
                 const index_tail& tail);

/// The stored mark; nothing where no index was written yet.
result<std::optional<index_mark>> read_index_mark(const database& from);

/// The version of every stream at the mark.
result<void> read_index_versions(const database& from,
                                 const std::function<void(std::string_view, std::uint64_t)>& visit);

/// Blocks with receipts, ascending, of chunks that end at `since` or later.
result<std::vector<events::sequence>> read_index_receipts(const database& from,
                                                          events::timestamp since);

/// Visits a stream's blocks, ascending, of which the first may lie before `after`, up to those that
/// begin after `through`. The visitor returns false to end.
result<void> read_index_blocks(const database& from, std::string_view stream,
                               events::sequence after, events::sequence through,
                               const std::function<result<bool>(events::sequence)>& visit);

} // namespace apisync::storage
