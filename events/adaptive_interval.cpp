#include "events/adaptive_interval.hpp"

#include <algorithm>

namespace apisync::events {

using std::chrono::microseconds;
using std::chrono::milliseconds;

void note(change_rhythm& rhythm, timestamp when, bool changed) {
  if (!rhythm.seen) {
    rhythm.seen = when;
    return;
  }
  if (!changed) return;
  const auto gap = std::max(when - rhythm.last.value_or(*rhythm.seen), microseconds{1});
  // The newest gap counts for a quarter, so that a new habit is learnt within some changes.
  rhythm.gap = rhythm.gap == microseconds{} ? gap : (3 * rhythm.gap + gap) / 4;
  rhythm.last = when;
}

milliseconds adapted(const change_rhythm& rhythm, timestamp now, milliseconds usual,
                     milliseconds low, milliseconds high) {
  if (!rhythm.seen) return std::clamp(usual, low, high);
  const auto quiet = std::max(now - rhythm.last.value_or(*rhythm.seen), microseconds{});
  const auto gap = std::max(rhythm.gap, quiet);
  auto wait = std::chrono::duration_cast<milliseconds>(gap / looks_per_change);
  // Before the first change nothing is known but the silence: it only ever slows down.
  if (rhythm.gap == microseconds{}) wait = std::max(wait, usual);
  return std::clamp(wait, low, high);
}

} // namespace apisync::events
