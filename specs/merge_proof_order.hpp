#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace apisync::specs {

/// The versions that a merge is proved with, as indexes.
enum proof_version : std::uint8_t { of_base, of_current, of_incoming, of_merged };
constexpr std::size_t proof_versions = 4;

template <class T>
using per_proof_version = std::array<T, proof_versions>;

/// Names of siblings, as numbers that mean the same in every version, in the order of each version.
using sibling_order = per_proof_version<std::vector<std::uint32_t>>;

/// Whether the merged order is one that the sides' orders lead to: where a side kept the base's
/// order, what both have stands as the other side put it; where neither side moved anything,
/// everything stands as its side put it. Names that a version has twice say nothing.
[[nodiscard]] bool order_is_merged(const sibling_order& orders);

} // namespace apisync::specs
