#pragma once

#include <cstdint>
#include <optional>

namespace apisync::admin {

/// What the system says about this process.
struct process_figures {
  double cpu_seconds = 0;
  double start_time_seconds = 0; ///< Since the epoch.
  std::uint64_t resident_bytes = 0;
  std::uint64_t virtual_bytes = 0;
  std::uint64_t open_files = 0;
  std::uint64_t threads = 0;
};

/// Reads `/proc/self`; nothing where it is not there.
std::optional<process_figures> read_process_figures();

} // namespace apisync::admin
