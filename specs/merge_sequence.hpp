#pragma once

#include "specs/merge.hpp"
#include "specs/merge_plan.hpp"

#include <functional>
#include <optional>
#include <vector>

namespace apisync::specs {

/// A list merged by content and order.
struct merged_sequence {
  merge_plan plan;
  std::vector<merged_from> parts; ///< Whose change each differing stretch is.
};

/// Merges an element that stands at the same position in all three; nothing where it is in
/// conflict.
using merge_element = std::function<planned(const merge_triple&)>;

/// Merges three lists; nothing where both sides changed one stretch irreconcilably.
///
/// @param positions_count an element means something by its position, so that two insertions at one
///        place cannot both be kept
[[nodiscard]] std::optional<merged_sequence>
merge_sequences(const merge_triple& lists, bool positions_count, const merge_element& merge);

/// The two lists have the same elements, in whatever order.
[[nodiscard]] bool same_elements(node a, node b);

} // namespace apisync::specs
