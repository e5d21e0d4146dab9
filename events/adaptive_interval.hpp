#pragma once

#include "events/record.hpp"

#include <chrono>
#include <optional>

namespace apisync::events {

/// How often a source really changes, as its syncs have seen it.
struct change_rhythm {
  std::optional<timestamp> last; ///< The last change; the first document is none.
  std::optional<timestamp> seen; ///< When it was first synced well.
  /// Between changes, as a moving mean; zero before the first.
  std::chrono::microseconds gap{};

  bool operator==(const change_rhythm&) const = default;
};

/// A sync ended well at `when`, with or without a change.
void note(change_rhythm& rhythm, timestamp when, bool changed);

/// The share of the time between two changes that passes between two looks.
inline constexpr int looks_per_change = 20;

/// How long to wait between looks: a twentieth of the time between changes, so that on average a
/// change is seen within a fortieth of the time that it stands; longer while nothing has changed
/// for longer than that; within `low` and `high`. @pre low <= high
std::chrono::milliseconds adapted(const change_rhythm& rhythm, timestamp now,
                                  std::chrono::milliseconds usual, std::chrono::milliseconds low,
                                  std::chrono::milliseconds high);

} // namespace apisync::events
