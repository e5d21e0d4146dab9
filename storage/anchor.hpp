#pragma once

#include "events/record.hpp"
#include "specs/digest.hpp"
#include "specs/error.hpp"

#include <cstdint>
#include <memory>
#include <string>

namespace rocksdb {
class Env;
class RandomRWFile;
} // namespace rocksdb

namespace apisync::storage {

/// The end of the log as it was last acknowledged.
struct anchor_point {
  events::sequence sequence = 0;
  digest chain;

  bool operator==(const anchor_point&) const = default;
};

/// A small file outside the database that says how far the log had been acknowledged, so that a
/// log that lost its end does not pass for a whole one. Two slots are written in turn, so that a
/// torn write leaves the other. docs/log-format.md has the layout.
class anchor {
public:
  /// Makes the file, durably, with the given point.
  static result<void> create(rocksdb::Env& env, const std::string& path, const anchor_point& point);

  /// Reads the newest intact slot; `not_found` without the file, `corrupt` without a slot.
  static result<anchor_point> read(rocksdb::Env& env, const std::string& path);

  /// Opens an existing file for writing.
  static result<anchor> open(rocksdb::Env& env, const std::string& path);

  anchor(anchor&&) noexcept;
  anchor& operator=(anchor&&) noexcept;
  ~anchor();

  /// Writes a point and waits until it is on disk.
  result<void> write(const anchor_point& point);

  [[nodiscard]] const anchor_point& point() const { return point_; }

private:
  anchor(std::unique_ptr<rocksdb::RandomRWFile> file, std::string path, std::uint64_t generation,
         const anchor_point& point);

  std::unique_ptr<rocksdb::RandomRWFile> file_;
  std::string path_;
  std::uint64_t generation_ = 0; ///< Of the last write; even and odd ones have a slot each.
  anchor_point point_;
};

} // namespace apisync::storage
