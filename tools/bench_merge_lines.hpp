#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace apisync::tools {

/// Three texts merged line by line: what our merges are measured beside.
struct lines_merge {
  std::string text; ///< With conflict markers where both sides changed the same lines.
  bool clean = false;
};

/// Merges as `git merge-file` does, with git's own code (libgit2). Nothing where that fails, for
/// want of memory alone. Thread-safe.
std::optional<lines_merge> merge_as_lines(std::string_view base, std::string_view ours,
                                          std::string_view theirs);

} // namespace apisync::tools
