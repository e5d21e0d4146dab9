#pragma once

#include "specs/document.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

namespace apisync::specs::testing {

/// What a faulty merge might do to one node.
enum class mutation : std::uint8_t {
  drop,   ///< Leave it out.
  twice,  ///< Have it twice: an element again, a member under another name.
  change, ///< Another value.
  swap    ///< Change places with the next sibling; members keep their names, and so change values.
};

inline constexpr std::array all_mutations{mutation::drop, mutation::twice, mutation::change,
                                          mutation::swap};

/// The document with the `at`-th node, in document order from the root (0), mutated. The last child
/// has no next sibling to be swapped with, and stays.
[[nodiscard]] document_ptr mutated(node root, std::size_t at, mutation how);

} // namespace apisync::specs::testing
