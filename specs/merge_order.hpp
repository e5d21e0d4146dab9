#pragma once

#include "specs/identity_match.hpp"

#include <cstddef>
#include <vector>

namespace apisync::specs {

/// The versions of a three-way merge, as indexes of `per_version`.
constexpr std::size_t in_base = 0;
constexpr std::size_t in_current = 1;
constexpr std::size_t in_incoming = 2;

/// What decides between insertions of both sides at one position.
enum class ties : std::uint8_t {
  current_first, ///< Members of objects: their order is layout.
  by_key,        ///< Elements of lists: the result does not depend on which side is which.
};

/// The order of the rows that the merged container has: current's, or incoming's where only that
/// side reordered; what only the other side has follows its left neighbour there.
///
/// @param kept by row: the merged container has it
/// @return indexes of kept rows
[[nodiscard]] std::vector<std::size_t> merged_order(const std::vector<matched_child>& rows,
                                                    const std::vector<bool>& kept, ties decide);

} // namespace apisync::specs
