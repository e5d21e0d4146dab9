#pragma once

#include "tools/bench_report.hpp"

#include <cstdint>
#include <string>

namespace apisync::tools {

/// How the replay benchmark is run.
struct replay_bench {
  std::uint64_t events = 1'000'000; ///< Rows count as events.
  std::uint32_t sources = 1'000;    ///< With an API and a job each.
  std::string folder;               ///< Where the temporary logs are made; empty: TMPDIR.
};

/// Events per second folded into all views, from commits of 1 and of 256 events, beside iterating
/// over the same blocks and parsing them; what checking the chain costs, apart.
result<bench_report> bench_replay(const replay_bench& how);

} // namespace apisync::tools
