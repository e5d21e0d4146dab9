#include "tests/storage/power_loss_fs.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <utility>

namespace apisync::test {

using namespace rocksdb;

namespace {

std::string read_file(const std::string& name) {
  std::ifstream in{name, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}

} // namespace

/// A file that is written at its end.
class power_loss_fs::file : public FSWritableFileOwnerWrapper {
public:
  file(std::unique_ptr<FSWritableFile> target, power_loss_fs& fs, std::string name)
      : FSWritableFileOwnerWrapper{std::move(target)}, fs_{fs}, name_{std::move(name)} {}

  IOStatus Append(const Slice& data, const IOOptions& options, IODebugContext* debug) override {
    if (auto allowed = fs_.may_write(data.size()); !allowed.ok()) return allowed;
    return FSWritableFileOwnerWrapper::Append(data, options, debug);
  }
  IOStatus Append(const Slice& data, const IOOptions& options, const DataVerificationInfo& check,
                  IODebugContext* debug) override {
    if (auto allowed = fs_.may_write(data.size()); !allowed.ok()) return allowed;
    return FSWritableFileOwnerWrapper::Append(data, options, check, debug);
  }
  IOStatus Sync(const IOOptions& options, IODebugContext* debug) override {
    if (auto allowed = fs_.may_sync(); !allowed.ok()) return allowed;
    return noted(FSWritableFileOwnerWrapper::Sync(options, debug));
  }
  IOStatus Fsync(const IOOptions& options, IODebugContext* debug) override {
    if (auto allowed = fs_.may_sync(); !allowed.ok()) return allowed;
    return noted(FSWritableFileOwnerWrapper::Fsync(options, debug));
  }

private:
  IOStatus noted(IOStatus status) {
    if (status.ok()) fs_.synced(name_);
    return status;
  }

  power_loss_fs& fs_;
  std::string name_;
};

/// A file that is written in place.
class power_loss_fs::rewritable_file : public FSRandomRWFileOwnerWrapper {
public:
  rewritable_file(std::unique_ptr<FSRandomRWFile> target, power_loss_fs& fs, std::string name)
      : FSRandomRWFileOwnerWrapper{std::move(target)}, fs_{fs}, name_{std::move(name)} {}

  IOStatus Write(std::uint64_t at, const Slice& data, const IOOptions& options,
                 IODebugContext* debug) override {
    if (auto allowed = fs_.may_write(0); !allowed.ok()) return allowed;
    return FSRandomRWFileOwnerWrapper::Write(at, data, options, debug);
  }
  IOStatus Sync(const IOOptions& options, IODebugContext* debug) override {
    if (auto allowed = fs_.may_sync(); !allowed.ok()) return allowed;
    auto status = FSRandomRWFileOwnerWrapper::Sync(options, debug);
    if (status.ok()) fs_.synced(name_);
    return status;
  }

private:
  power_loss_fs& fs_;
  std::string name_;
};

/// A folder, whose entries are on disk once it is synced.
class power_loss_fs::folder : public FSDirectoryWrapper {
public:
  folder(std::unique_ptr<FSDirectory> target, power_loss_fs& fs, std::string name)
      : FSDirectoryWrapper{std::move(target)}, fs_{fs}, name_{std::move(name)} {}

  IOStatus Fsync(const IOOptions& options, IODebugContext* debug) override {
    auto status = FSDirectoryWrapper::Fsync(options, debug);
    if (status.ok()) fs_.folder_synced(name_);
    return status;
  }
  IOStatus FsyncWithDirOptions(const IOOptions& options, IODebugContext* debug,
                               const DirFsyncOptions& directory) override {
    auto status = FSDirectoryWrapper::FsyncWithDirOptions(options, debug, directory);
    if (status.ok()) fs_.folder_synced(name_);
    return status;
  }

private:
  power_loss_fs& fs_;
  std::string name_;
};

std::unique_ptr<Env> power_loss_fs::environment(std::shared_ptr<power_loss_fs> fs) {
  return NewCompositeEnv(std::move(fs));
}

void power_loss_fs::switch_off() {
  const std::lock_guard lock{mutex_};
  off_ = true;
}

void power_loss_fs::fail_syncs_after(int count) {
  const std::lock_guard lock{mutex_};
  syncs_left_ = count;
}

void power_loss_fs::fill_disk_after(std::int64_t bytes) {
  const std::lock_guard lock{mutex_};
  bytes_left_ = bytes;
}

IOStatus power_loss_fs::may_write(std::size_t bytes) {
  const std::lock_guard lock{mutex_};
  if (off_) return IOStatus::IOError("the machine is off");
  if (bytes_left_ < 0 || bytes == 0) return IOStatus::OK();
  if (bytes_left_ < static_cast<std::int64_t>(bytes)) {
    bytes_left_ = 0;
    return IOStatus::NoSpace("no space left on device");
  }
  bytes_left_ -= static_cast<std::int64_t>(bytes);
  return IOStatus::OK();
}

IOStatus power_loss_fs::may_sync() {
  const std::lock_guard lock{mutex_};
  if (off_) return IOStatus::IOError("the machine is off");
  if (syncs_left_ == 0) return IOStatus::IOError("injected EIO of a sync");
  if (syncs_left_ > 0) --syncs_left_;
  return IOStatus::OK();
}

void power_loss_fs::synced(const std::string& name) {
  const std::lock_guard lock{mutex_};
  if (contents_.contains(name))
    contents_[name] = read_file(name);
  else
    lengths_[name] = std::filesystem::file_size(name);
}

void power_loss_fs::folder_synced(const std::string& name) {
  const std::lock_guard lock{mutex_};
  std::erase_if(unlisted_, [&](const std::string& file_name) {
    return std::filesystem::path{file_name}.parent_path() == std::filesystem::path{name};
  });
}

void power_loss_fs::lose_power() {
  namespace fs = std::filesystem;
  const std::lock_guard lock{mutex_};
  for (const auto& [name, length] : lengths_) {
    if (!fs::exists(name)) continue;
    if (unlisted_.contains(name))
      fs::remove(name);
    else if (fs::file_size(name) > length)
      fs::resize_file(name, length);
  }
  for (const auto& [name, text] : contents_)
    std::ofstream{name, std::ios::binary | std::ios::trunc} << text;
}

IOStatus power_loss_fs::NewWritableFile(const std::string& name, const FileOptions& options,
                                        std::unique_ptr<FSWritableFile>* result,
                                        IODebugContext* debug) {
  if (auto allowed = may_write(0); !allowed.ok()) return allowed;
  std::unique_ptr<FSWritableFile> target;
  auto status = FileSystemWrapper::NewWritableFile(name, options, &target, debug);
  if (!status.ok()) return status;
  {
    const std::lock_guard lock{mutex_};
    lengths_[name] = 0;
    unlisted_.insert(name);
  }
  *result = std::make_unique<file>(std::move(target), *this, name);
  return status;
}

IOStatus power_loss_fs::NewRandomRWFile(const std::string& name, const FileOptions& options,
                                        std::unique_ptr<FSRandomRWFile>* result,
                                        IODebugContext* debug) {
  std::unique_ptr<FSRandomRWFile> target;
  auto status = FileSystemWrapper::NewRandomRWFile(name, options, &target, debug);
  if (!status.ok()) return status;
  {
    const std::lock_guard lock{mutex_};
    contents_[name] = read_file(name);
    lengths_.erase(name);
  }
  *result = std::make_unique<rewritable_file>(std::move(target), *this, name);
  return status;
}

IOStatus power_loss_fs::NewDirectory(const std::string& name, const IOOptions& options,
                                     std::unique_ptr<FSDirectory>* result, IODebugContext* debug) {
  std::unique_ptr<FSDirectory> target;
  auto status = FileSystemWrapper::NewDirectory(name, options, &target, debug);
  if (status.ok()) *result = std::make_unique<folder>(std::move(target), *this, name);
  return status;
}

IOStatus power_loss_fs::RenameFile(const std::string& from, const std::string& to,
                                   const IOOptions& options, IODebugContext* debug) {
  if (auto allowed = may_write(0); !allowed.ok()) return allowed;
  auto status = FileSystemWrapper::RenameFile(from, to, options, debug);
  if (!status.ok()) return status;
  const std::lock_guard lock{mutex_};
  if (const auto at = lengths_.find(from); at != lengths_.end()) {
    lengths_[to] = at->second;
    lengths_.erase(from);
  }
  // The old file of that name is gone already here: a rename that is not synced counts as lost
  // only where there was none.
  unlisted_.erase(from);
  return status;
}

IOStatus power_loss_fs::DeleteFile(const std::string& name, const IOOptions& options,
                                   IODebugContext* debug) {
  if (auto allowed = may_write(0); !allowed.ok()) return allowed;
  {
    const std::lock_guard lock{mutex_};
    lengths_.erase(name);
    unlisted_.erase(name);
  }
  return FileSystemWrapper::DeleteFile(name, options, debug);
}

} // namespace apisync::test
