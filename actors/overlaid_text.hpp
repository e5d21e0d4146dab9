#pragma once

#include "actors/describe.hpp"
#include "events/overlay.hpp"

#include <string>
#include <vector>

namespace apisync::actors {

/// A text with overlays on it.
struct overlaid_text {
  read_text served; ///< The text itself where the overlays changed nothing. No canonical hash.
  std::vector<std::string> warnings; ///< What in the overlays finds nothing, or does not fit.
};

/// Lays overlays on a document, in order, and writes what they changed over its text. An action
/// that does not fit what it selects is left out with a warning, for what came from upstream must
/// not wait for it. Fails with `invalid_argument` where nothing is left that is a specification,
/// `limit_exceeded` where it grows beyond what documents may have, `parse_error` for an overlay
/// that cannot be read.
result<overlaid_text> lay_overlays(const std::vector<events::overlay_definition>& overlays,
                                   const read_text& on);

} // namespace apisync::actors
