#pragma once

#include <rocksdb/env.h>
#include <rocksdb/file_system.h>

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>

namespace apisync::test {

/// A file system that remembers what was synced, so that a test can take the rest away as a power
/// failure does, and whose calls can be made to fail.
class power_loss_fs : public rocksdb::FileSystemWrapper {
public:
  power_loss_fs() : FileSystemWrapper{rocksdb::FileSystem::Default()} {}
  const char* Name() const override { return "power_loss_fs"; }

  /// An environment over this file system, for `log_options`.
  static std::unique_ptr<rocksdb::Env> environment(std::shared_ptr<power_loss_fs> fs);

  /// From now on nothing reaches the disk: the machine is off.
  void switch_off();

  /// Takes back what was not synced: the ends of files, and files whose folder was not synced.
  void lose_power();

  /// After so many more syncs of files, the next ones fail with EIO. Negative: never.
  void fail_syncs_after(int count);

  /// After so many more bytes, writes fail with ENOSPC. Negative: never.
  void fill_disk_after(std::int64_t bytes);

  rocksdb::IOStatus NewWritableFile(const std::string& name, const rocksdb::FileOptions& options,
                                    std::unique_ptr<rocksdb::FSWritableFile>* file,
                                    rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus NewRandomRWFile(const std::string& name, const rocksdb::FileOptions& options,
                                    std::unique_ptr<rocksdb::FSRandomRWFile>* file,
                                    rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus NewDirectory(const std::string& name, const rocksdb::IOOptions& options,
                                 std::unique_ptr<rocksdb::FSDirectory>* directory,
                                 rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus RenameFile(const std::string& from, const std::string& to,
                               const rocksdb::IOOptions& options,
                               rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus DeleteFile(const std::string& name, const rocksdb::IOOptions& options,
                               rocksdb::IODebugContext* debug) override;

private:
  class file;
  class rewritable_file;
  class folder;

  rocksdb::IOStatus may_write(std::size_t bytes);
  rocksdb::IOStatus may_sync();
  void synced(const std::string& name);
  void folder_synced(const std::string& name);

  std::mutex mutex_;
  bool off_ = false;
  int syncs_left_ = -1;
  std::int64_t bytes_left_ = -1;
  std::map<std::string, std::uint64_t> lengths_; ///< Of files made here: what is synced.
  std::map<std::string, std::string> contents_;  ///< Of rewritten files, as last synced.
  std::set<std::string> unlisted_;               ///< Made since their folder was synced.
};

} // namespace apisync::test
