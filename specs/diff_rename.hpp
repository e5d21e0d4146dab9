#pragma once

#include "specs/diff.hpp"

#include <vector>

namespace apisync::specs {

/// Tells removals and additions that are certainly one renaming (specs/rename.hpp) as `renamed`,
/// each followed by what changed inside. References that changed with a name are no changes of
/// their own.
///
/// @param found all differences between the two roots
[[nodiscard]] std::vector<change> told_as_renames(std::vector<change> found, node before,
                                                  node after);

} // namespace apisync::specs
