#pragma once

#include "actors/describe.hpp"
#include "events/overlay.hpp"

#include <string>
#include <vector>

namespace apisync::actors {

/// A document with overlays on it.
struct overlaid_document {
  specs::document_ptr document;      ///< The one that was given where the overlays changed nothing.
  std::vector<std::string> warnings; ///< What in the overlays finds nothing, or does not fit.
};

/// Lays overlays on a document, in order. An action that does not fit what it selects is left out
/// with a warning, for what came from upstream must not wait for it. Fails with `invalid_argument`
/// where nothing is left that is a specification, `limit_exceeded` where it grows beyond what
/// documents may have, `parse_error` for an overlay that cannot be read.
result<overlaid_document> lay_overlays(const std::vector<events::overlay_definition>& overlays,
                                       const specs::document_ptr& on);

/// A text with overlays on it.
struct overlaid_text {
  read_text served; ///< The text itself where the overlays changed nothing. No canonical hash.
  std::vector<std::string> warnings;
};

/// The same, written over the text: what the overlays did not change stands as it stood.
result<overlaid_text> overlay_text(const std::vector<events::overlay_definition>& overlays,
                                   const read_text& on);

} // namespace apisync::actors
