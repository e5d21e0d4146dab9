#pragma once

#include <chrono>
#include <cstdint>

namespace apisync::events {

/// A length times a factor, cut to whole milliseconds.
std::chrono::milliseconds scaled(std::chrono::milliseconds length, double factor);

/// `base` doubled so many times, at most `cap`.
std::chrono::milliseconds doubled(std::chrono::milliseconds base, std::uint32_t times,
                                  std::chrono::milliseconds cap);

/// Exponential backoff with full jitter: anything between 1 ms and `doubled`, so that many who fail
/// together do not come back together. `chance` is uniform in [0, 1).
std::chrono::milliseconds full_jitter(std::chrono::milliseconds base, std::uint32_t times,
                                      std::chrono::milliseconds cap, double chance);

} // namespace apisync::events
