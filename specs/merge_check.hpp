#pragma once

#include "specs/merge.hpp"

#include <vector>

namespace apisync::specs {

/// What is wrong with a merged document that is wrong with neither side: references to nothing and
/// operation ids given twice. Visits all three documents.
[[nodiscard]] std::vector<merge_flaw> flaws_made(const document& merged, const document& current,
                                                 const document& incoming);

} // namespace apisync::specs
