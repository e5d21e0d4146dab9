#pragma once

#include "specs/error.hpp"
#include "specs/text_markers.hpp"

#include <string>
#include <string_view>

namespace apisync::tools {

/// Three texts merged line by line, as git does it without a merge driver.
struct text_merge {
  std::string text; ///< With markers where both sides changed the same lines.
  bool clean = true;
};

/// Fails with `internal` where libgit2 does.
result<text_merge> merge_texts(std::string_view base, std::string_view current,
                               std::string_view incoming, const specs::marker_style& style);

} // namespace apisync::tools
