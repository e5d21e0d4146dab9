#pragma once

#include "tools/bench_report.hpp"

#include <cstdint>

namespace apisync::tools {

struct schedule_bench {
  std::uint32_t sources = 100'000;
  std::uint32_t hours = 24;
  std::uint64_t seed = 1;
};

/// A simulated day of the pure schedule, with broken hosts, an outage of the network, a restart and
/// a short one: `schedule_world` says how it is made. Fails where a source starved, a budget was
/// exceeded, syncs of a source overlapped, or many came at once afterwards.
result<bench_report> bench_schedule(const schedule_bench& how);

} // namespace apisync::tools
