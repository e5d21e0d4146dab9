#include "tools/bench_rounds.hpp"

#include "tools/bench_report.hpp"

#include <chrono>

namespace apisync::tools {

double way::time() const {
  return median(seconds);
}

result<void> take_turns(std::vector<way>& ways, int rounds) {
  for (int round = 0; round < rounds; ++round) {
    for (auto& one : ways) {
      auto const began = std::chrono::steady_clock::now();
      if (auto gone = one.go(); !gone) return gone;
      one.seconds.push_back(
          std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count());
      if (one.after) one.after();
    }
  }
  return {};
}

} // namespace apisync::tools
