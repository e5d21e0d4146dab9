#include "events/backoff.hpp"

#include <algorithm>

namespace apisync::events {

using std::chrono::milliseconds;

milliseconds scaled(milliseconds length, double factor) {
  return milliseconds{static_cast<milliseconds::rep>(static_cast<double>(length.count()) * factor)};
}

milliseconds doubled(milliseconds base, std::uint32_t times, milliseconds cap) {
  const auto factor = std::int64_t{1} << std::min<std::uint32_t>(times, 30);
  if (base.count() > cap.count() / factor) return cap;
  return base * factor;
}

milliseconds full_jitter(milliseconds base, std::uint32_t times, milliseconds cap, double chance) {
  return std::max(scaled(doubled(base, times, cap), chance), milliseconds{1});
}

} // namespace apisync::events
