#pragma once

#include "specs/error.hpp"
#include "tools/bench_records.hpp"

#include <rocksdb/db.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

namespace apisync::tools {

/// RocksDB alone, with its own options: synced batches, each event a Put.
class synced_batches {
public:
  static result<std::unique_ptr<synced_batches>> open(const std::string& path);

  /// Events per second in batches of that many.
  result<double> run(const bench_records& records, std::uint32_t batch,
                     std::chrono::milliseconds time);

private:
  explicit synced_batches(rocksdb::DB* db) : db_{db} {}

  std::unique_ptr<rocksdb::DB> db_;
  std::uint64_t next_ = 0;
};

/// A plain file, appended to and synced with fdatasync: what the disk can do at most.
class synced_file {
public:
  static result<std::unique_ptr<synced_file>> open(const std::string& path);
  ~synced_file();
  synced_file(const synced_file&) = delete;
  synced_file& operator=(const synced_file&) = delete;

  /// Events per second in writes of that many.
  result<double> run(const bench_records& records, std::uint32_t batch,
                     std::chrono::milliseconds time);

private:
  explicit synced_file(int file) : file_{file} {}

  int file_;
  std::uint64_t next_ = 0;
};

} // namespace apisync::tools
