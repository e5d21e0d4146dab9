#pragma once

#include "events/record.hpp"

#include <chrono>
#include <cstdint>

namespace apisync::actors {

/// When a host is left alone. Closed: everybody may ask. After so many failures in a row, whoever
/// asked, it opens for a pause that doubles each time, up to a longest one. Then it is half open:
/// one sync tries, and its end closes the circuit or opens it again.
class host_circuit {
public:
  struct rules {
    std::uint32_t failures = 5;              ///< In a row.
    std::chrono::milliseconds pause{30'000}; ///< The first.
    std::chrono::milliseconds longest{3'600'000};
  };
  enum class change : std::uint8_t { none, opened, closed };

  /// Whether another sync may start, with so many running.
  [[nodiscard]] bool lets(events::timestamp now, std::size_t running) const {
    return openings_ == 0 || (now >= until_ && running == 0);
  }

  /// A sync that began at `started` has ended. One that began before the circuit opened says
  /// nothing new of it. `chance` (uniform in [0, 1)) makes the pause up to a quarter longer, so
  /// that hosts that broke down together are not tried together.
  change note(bool good, events::timestamp started, events::timestamp now, double chance,
              const rules& by);

  /// As it was recorded before a restart.
  void restore(std::uint32_t failures, std::uint32_t openings, events::timestamp since,
               events::timestamp until);

  [[nodiscard]] bool is_open() const { return openings_ > 0; }
  [[nodiscard]] events::timestamp until() const { return until_; }
  [[nodiscard]] events::timestamp since() const { return since_; }
  [[nodiscard]] std::uint32_t failures() const { return failures_; }
  [[nodiscard]] std::uint32_t openings() const { return openings_; }

private:
  std::uint32_t failures_ = 0;
  std::uint32_t openings_ = 0;
  events::timestamp since_, until_;
};

} // namespace apisync::actors
