#pragma once

#include <chrono>

namespace apisync::test {

/// Asks again and again for what the service will reach by itself, half a minute at most.
template <class Condition>
bool eventually(Condition holds) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds{30};
  while (std::chrono::steady_clock::now() < end)
    if (holds()) return true;
  return false;
}

} // namespace apisync::test
