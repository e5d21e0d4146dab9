#pragma once

#include "tools/invocation.hpp"

#include <chrono>
#include <cstdint>
#include <string>

namespace apisync::tools {

/// How far a long piece of work is, on a terminal's error output. Silent where the output is no
/// terminal, and for what takes less than a second.
class progress {
public:
  progress(const invocation& call, std::string what, std::uint64_t total);
  /// Wipes the line.
  ~progress();
  progress(const progress&) = delete;
  progress& operator=(const progress&) = delete;

  /// Cheap: looks at the clock now and then only.
  void reach(std::uint64_t done);

private:
  void draw(std::uint64_t done);

  const invocation& call_;
  std::string what_;
  std::uint64_t total_;
  std::uint64_t calls_ = 0;
  std::chrono::steady_clock::time_point next_;
  bool drawn_ = false;
};

} // namespace apisync::tools
