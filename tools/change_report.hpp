#pragma once

#include "specs/compat.hpp"

#include <functional>
#include <string>
#include <string_view>

namespace apisync::tools {

/// What a report of two versions' differences is about.
struct report_input {
  const specs::compat_report& report;
  std::string_view old_name; ///< Files, as they were given.
  std::string_view new_name;
  bool expand = false; ///< Each change once for each operation that it reaches.
};

/// For a terminal: changes under the operations that they reach, what was not compared, and a last
/// line that sums up.
std::string text_report(const report_input& input, bool colour);

/// A changelog in Markdown, by level.
std::string markdown_report(const report_input& input);

/// Annotations of a GitHub workflow, a line each:
/// https://docs.github.com/actions/reference/workflow-commands-for-github-actions
std::string github_report(const report_input& input);

/// A log of static analysis: SARIF 2.1.0 (OASIS). Ignored changes are suppressed results.
/// @param version of this program.
std::string sarif_report(const report_input& input, std::string_view version);

/// One page that needs nothing else: no script, no other file.
std::string html_report(const report_input& input);

} // namespace apisync::tools
