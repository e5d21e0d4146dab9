#pragma once

#include "specs/error.hpp"

#include <memory>
#include <string>

namespace rocksdb {
class Env;
class FileLock;
} // namespace rocksdb

namespace apisync::storage {

/// Where things lie in a data directory.
struct data_directory {
  std::string path;

  [[nodiscard]] std::string database() const { return path + "/log"; }
  [[nodiscard]] std::string anchor() const { return path + "/anchor"; }
  [[nodiscard]] std::string format() const { return path + "/format"; }
  [[nodiscard]] std::string lock() const { return path + "/lock"; }
};

/// What the format marker of a data directory says.
enum class data_format { missing, current };

/// Reads the format marker; `corrupt` where it is of a newer version or unreadable.
result<data_format> read_format(rocksdb::Env& env, const data_directory& where);

/// Writes the marker, durably: the last step of making a data directory.
result<void> write_format(rocksdb::Env& env, const data_directory& where);

/// Holds a data directory for one process, until it is destroyed or the process ends.
class directory_lock {
public:
  /// `unavailable` where another process (named by its id) holds it.
  static result<directory_lock> take(rocksdb::Env& env, const data_directory& where);

  directory_lock(directory_lock&& other) noexcept;
  directory_lock& operator=(directory_lock&&) = delete;
  ~directory_lock();

private:
  directory_lock(rocksdb::Env& env, rocksdb::FileLock* lock) : env_{&env}, lock_{lock} {}

  rocksdb::Env* env_;
  rocksdb::FileLock* lock_;
};

} // namespace apisync::storage
