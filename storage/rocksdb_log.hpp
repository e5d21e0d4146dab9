#pragma once

#include "storage/stored_log.hpp"

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

namespace apisync::storage {

/// How a log is opened for writing.
struct log_options {
  bool create = true;                   ///< Make a missing data directory; else it is `not_found`.
  rocksdb::Env* env = nullptr;          ///< Files, for tests of faults; RocksDB's own when null.
  command_retention retention = {};     ///< Of outside commands.
  std::size_t index_every_blocks = 256; ///< How many blocks at most wait to be indexed.
  std::uint64_t free_bytes_min = 64U << 20U; ///< With less free space, there is no room to commit.
};

/// The log on disk, and its one writer. See `event_log` for threads.
///
/// An append is acknowledged when its block is in the synced WAL of RocksDB and the anchor, synced
/// too, says so. Opening checks that everything acknowledged is there, and fails with `corrupt`
/// where it is not; `unavailable` where another process has the directory.
class rocksdb_log : public stored_log {
public:
  static result<std::unique_ptr<rocksdb_log>> open(const std::string& path,
                                                   const log_options& options = {});
  ~rocksdb_log() override;

  result<void> store(const planned_commit& commit) override;
  result<void> acknowledge(std::span<const std::shared_ptr<const planned_commit>> commits) override;

  [[nodiscard]] result<void> room() const override;

  /// Writes the stored index up to the head. Done by a thread of its own; tests call it to have it
  /// done by a certain time.
  result<void> write_index_now();

private:
  rocksdb_log(data_directory where, const log_options& options, directory_lock lock,
              std::unique_ptr<database> base);

  result<void> check_and_load(rocksdb::Env& env, bool fresh);
  result<void> put(const planned_commit& commit);
  tl::unexpected<error> give_up(const error& cause);
  void keep_indexing(const std::stop_token& stop);

  directory_lock lock_;
  std::size_t index_every_blocks_;
  rocksdb::Env& env_;
  std::uint64_t free_bytes_min_;
  std::optional<anchor> anchor_; ///< Of who acknowledges.
  anchor_point stored_;          ///< The end of what is stored; of who stores.

  std::mutex indexing_; ///< Held while the index is written.
  std::mutex wake_mutex_;
  std::condition_variable_any wake_;
  bool index_due_ = false;
  std::jthread indexer_; ///< Last, so that it ends first.
};

} // namespace apisync::storage
