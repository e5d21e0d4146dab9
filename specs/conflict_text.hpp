#pragma once

#include "specs/merge.hpp"
#include "specs/rewrite.hpp"
#include "specs/text_markers.hpp"

#include <string>

namespace apisync::specs {

/// The versions of a merge with their texts.
struct merge_texts {
  const written_document* base = nullptr; ///< Null: there is none.
  written_document current;
  written_document incoming;
};

/// A merge's text (`rewrite_merge`) with git's conflict markers around the lines of each contested
/// place: taking the same side everywhere gives the document with that side's values there, and all
/// that merged clean. Lines are whole, so that a mark holds what else stands in its lines.
///
/// Fails where a place cannot be named in the merged document.
[[nodiscard]] result<std::string> mark_conflicts(const std::string& text,
                                                 const merge_result& merged, const merge_texts& of,
                                                 const marker_style& style);

} // namespace apisync::specs
