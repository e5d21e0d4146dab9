#include "actors/request_budget.hpp"

#include <algorithm>

namespace apisync::actors {

using std::chrono::microseconds;
using std::chrono::milliseconds;

namespace {

std::size_t index(std::int64_t slice, std::size_t slices) {
  return static_cast<std::size_t>(slice) % slices;
}

} // namespace

/// A slice is rounded up, so that all of them together are never shorter than the window.
void request_budget::move_to(events::timestamp now, milliseconds window) {
  constexpr auto parts = static_cast<std::int64_t>(slices_in_window);
  const microseconds length{(microseconds{window}.count() + parts - 1) / parts};
  const auto slice = now.time_since_epoch() / length;
  if (length != length_) { // another window: all that is known counts as spent now
    const auto known = static_cast<std::uint32_t>(total_);
    counts_.fill(0);
    length_ = length;
    slice_ = slice;
    counts_[index(slice, slices)] = known;
    return;
  }
  const auto steps = std::min<std::int64_t>(slice - slice_, static_cast<std::int64_t>(slices));
  for (std::int64_t step = 1; step <= steps; ++step) {
    auto& old = counts_[index(slice - steps + step, slices)];
    total_ -= old;
    old = 0;
  }
  slice_ = std::max(slice_, slice);
}

void request_budget::spend(events::timestamp now, milliseconds window, std::uint32_t requests) {
  move_to(now, window);
  counts_[index(slice_, slices)] += requests;
  total_ += requests;
}

std::uint64_t request_budget::spent(events::timestamp now, milliseconds window) {
  move_to(now, window);
  return total_;
}

events::timestamp request_budget::fits_at(events::timestamp now, milliseconds window,
                                          std::uint64_t limit, std::uint32_t requests) {
  move_to(now, window);
  const auto most = limit - std::min<std::uint64_t>(limit, requests);
  auto left = total_;
  // The oldest goes first; it goes when the slice that takes its place begins.
  for (std::size_t step = 1; left > most && step <= slices; ++step) {
    const auto slice = slice_ + static_cast<std::int64_t>(step);
    left -= counts_[index(slice, slices)];
    if (left <= most) return events::timestamp{length_ * slice};
  }
  return now;
}

} // namespace apisync::actors
