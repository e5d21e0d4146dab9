#pragma once

#include "specs/compat.hpp"

#include <string>
#include <string_view>

namespace apisync::tools {

/// What a report of two versions' differences is about.
struct report_input {
  const specs::compat_report& report;
  std::string_view old_name;
  std::string_view new_name;
};

/// For a terminal: each change with its place and the operations that it reaches, and a last line
/// that sums up.
std::string text_report(const report_input& input, bool expand, bool colour);

/// A changelog in Markdown, by level.
std::string markdown_report(const report_input& input);

} // namespace apisync::tools
