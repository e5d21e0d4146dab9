#pragma once

#include "sources/roots.hpp"
#include "specs/error.hpp"

#include <cstdint>

namespace apisync::sources {

/// What tells one state of a file from another without reading it.
struct file_state {
  std::uint64_t size = 0;
  std::int64_t mtime_ns = 0; ///< Since 1970, as the next.
  std::int64_t ctime_ns = 0;
  std::uint64_t inode = 0;

  bool operator==(const file_state&) const = default;
};

/// The state of an opened file now. Fails with `io`.
result<file_state> state_of(const opened_file& file);

} // namespace apisync::sources
