#pragma once

#include "specs/conflict.hpp"

#include <string>

namespace apisync::specs {

/// Why a conflict may be none that somebody has to decide; empty where it is proved to be real:
/// both sides changed the place, not to the same, and what is there cannot be taken apart further
/// so that each change stands alone. A sentence without a full stop.
///
/// Shares no code with the merge, whose mistakes it is to find. A list or a text of several lines
/// is real where both sides changed the same or neighbouring elements or lines; an object that
/// every version has only where one of them has a `$ref` in its place, or it perhaps was renamed.
[[nodiscard]] std::string conflict_doubt(const conflict& which);

} // namespace apisync::specs
