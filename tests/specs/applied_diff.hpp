#pragma once

#include "specs/diff.hpp"
#include "specs/document.hpp"

#include <vector>

namespace apisync::specs::testing {

/// The old document with the changes made in it: what the new one must be, but for order that means
/// nothing. Knows of the changes what is told of them, and nothing of how they were found.
[[nodiscard]] document_ptr applied(const std::vector<change>& changes, const document& before);

} // namespace apisync::specs::testing
