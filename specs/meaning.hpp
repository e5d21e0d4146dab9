#pragma once

#include "specs/diff.hpp"
#include "specs/document.hpp"

#include <vector>

namespace apisync::specs {

/// The differences between two versions (specs/diff.hpp) without those of spelling alone, which the
/// canonical form makes one (docs/canonical-form.md). Empty exactly where the canonical hashes are
/// equal.
[[nodiscard]] std::vector<change> changes_of_meaning(const document& before, const document& after);

} // namespace apisync::specs
