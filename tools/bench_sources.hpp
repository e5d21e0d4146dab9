#pragma once

#include "tools/bench_report.hpp"

#include <chrono>
#include <cstdint>
#include <string>

namespace apisync::tools {

struct sources_bench {
  std::uint32_t http = 10'000; ///< Sources.
  std::uint32_t hosts = 280;   ///< That they are spread over.
  std::uint32_t changing = 0;  ///< Of a hundred: those that change with every answer.
  std::uint32_t rounds = 2;    ///< Intervals that are measured.
  std::chrono::milliseconds interval{30'000};
  std::string folder; ///< For the data directory; empty: where temporary files go.
};

/// Sources polled over HTTP by a whole service with its log on disk, from a server on the loopback
/// interface in a process of its own: syncs per second, CPU beside a bare libcurl loop that asks
/// the same, memory per source, and how late syncs start.
result<bench_report> bench_sources(const sources_bench& how);

} // namespace apisync::tools
