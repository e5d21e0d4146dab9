#pragma once

#include "tools/bench_report.hpp"

#include <chrono>
#include <cstdint>
#include <string>

namespace apisync::tools {

/// How the size of the log is measured.
struct log_size_bench {
  std::uint32_t sources = 300;
  std::chrono::seconds interval{30};    ///< Between polls of one source.
  std::uint32_t simulated_minutes = 60; ///< Of the service's life.
  std::string folder;                   ///< Where the temporary log is made; empty: TMPDIR.
};

/// Bytes of log per day for that many polled sources, each of which changes once a day: the commits
/// of the simulated time, as the service would make them, in a log on disk that is then compacted.
/// Documents are not in it.
result<bench_report> bench_log_size(const log_size_bench& how);

} // namespace apisync::tools
