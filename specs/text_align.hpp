#pragma once

#include "specs/document.hpp"

#include <cstddef>
#include <limits>
#include <vector>

namespace apisync::specs {

/// The same value with its members in the same order at every depth: they print alike.
[[nodiscard]] bool same_print(node a, node b);

constexpr std::size_t no_partner = std::numeric_limits<std::size_t>::max();

/// For each child of `now` the child of `old` whose text it best keeps, or `no_partner`. Members
/// pair by name, or by content under a new name; elements by content, then in order by what they
/// have most in common. No child of `old` is given twice.
///
/// @pre both are objects, or both arrays
[[nodiscard]] std::vector<std::size_t> partners_for_text(node old, node now);

} // namespace apisync::specs
