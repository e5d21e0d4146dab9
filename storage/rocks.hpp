#pragma once

#include "specs/error.hpp"

#include <rocksdb/db.h>

#include <memory>
#include <string>
#include <string_view>

namespace apisync::storage {

/// A failure of RocksDB or the disk, for people; a full disk says that it is full.
error rocks_error(const rocksdb::Status& status, std::string where);

/// Writes a small file under another name, syncs it, renames it over `path` and syncs the folder.
result<void> replace_file(rocksdb::Env& env, const std::string& path, const std::string& text);

/// The text in RocksDB's form, and back.
inline rocksdb::Slice as_slice(std::string_view text) {
  return {text.data(), text.size()};
}
inline std::string_view as_text(const rocksdb::Slice& slice) {
  return {slice.data(), slice.size()};
}

/// An open RocksDB with the column families of a log. Thread-safe, as RocksDB is.
class database {
public:
  /// For the one writer. `create` makes what is missing.
  static result<std::unique_ptr<database>> open(const std::string& path, rocksdb::Env* env,
                                                bool create);

  /// Beside a live writer, which it never disturbs. `scratch` is a folder of its own.
  static result<std::unique_ptr<database>> open_secondary(const std::string& path,
                                                          const std::string& scratch);

  ~database();
  database(const database&) = delete;
  database& operator=(const database&) = delete;

  [[nodiscard]] rocksdb::DB& db() const { return *db_; }
  [[nodiscard]] rocksdb::ColumnFamilyHandle* events() const { return families_[1]; }
  [[nodiscard]] rocksdb::ColumnFamilyHandle* streams() const { return families_[2]; }
  [[nodiscard]] rocksdb::ColumnFamilyHandle* documents() const { return families_[3]; }

  /// An iterator over a family, for a scan.
  [[nodiscard]] std::unique_ptr<rocksdb::Iterator> scan(rocksdb::ColumnFamilyHandle* family) const;

private:
  database(rocksdb::DB* db, std::vector<rocksdb::ColumnFamilyHandle*> families)
      : db_{db}, families_{std::move(families)} {}

  std::unique_ptr<rocksdb::DB> db_;
  std::vector<rocksdb::ColumnFamilyHandle*> families_; ///< default, events, streams, documents.
};

} // namespace apisync::storage
