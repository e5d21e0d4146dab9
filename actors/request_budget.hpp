#pragma once

#include "events/record.hpp"

#include <array>
#include <chrono>
#include <cstdint>

namespace apisync::actors {

/// How many requests one host may get in any stretch of time as long as the window. Counted in
/// slices of a thirtieth of the window, and a slice counts until it lies wholly outside: so the
/// limit is never exceeded, whichever stretch is looked at, and at most one slice late. O(1), of
/// fixed size.
class request_budget {
public:
  static constexpr std::size_t slices_in_window = 30;

  /// Counts requests that are being made.
  void spend(events::timestamp now, std::chrono::milliseconds window, std::uint32_t requests);

  /// What has been spent in the window that ends now.
  [[nodiscard]] std::uint64_t spent(events::timestamp now, std::chrono::milliseconds window);

  /// The first time at which another `requests` fit under `limit`; not after `now` where they do
  /// already. A limit that is less than `requests` is taken for as much.
  [[nodiscard]] events::timestamp fits_at(events::timestamp now, std::chrono::milliseconds window,
                                          std::uint64_t limit, std::uint32_t requests);

private:
  static constexpr std::size_t slices = slices_in_window + 1;

  void move_to(events::timestamp now, std::chrono::milliseconds window);

  std::array<std::uint32_t, slices> counts_{};
  std::int64_t slice_ = 0; ///< The newest one's number since the epoch.
  std::chrono::microseconds length_{};
  std::uint64_t total_ = 0;
};

} // namespace apisync::actors
