#pragma once

#include "tools/bench_report.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace apisync::tools {

/// How the append benchmark is run.
struct append_bench {
  std::chrono::milliseconds time{2'000};                 ///< For each side of each case.
  std::uint32_t streams = 1'000;                         ///< That the events are spread over.
  std::vector<std::uint32_t> waiting{1, 16, 256, 1'024}; ///< Appends at a time: a case each.
  std::string folder; ///< Where the temporary log is made; empty: TMPDIR.
};

/// Durable events per second through the journal actor, with that many appends waiting,
/// beside RocksDB's synced batches and a plain file's synced appends of the same bytes.
result<bench_report> bench_append(const append_bench& how);

} // namespace apisync::tools
