#include "tools/change_report_parts.hpp"
#include "tools/table.hpp"

namespace apisync::tools {
namespace {

/// A code span that nothing in the text can end.
std::string code_span(std::string_view text) {
  auto const clean = printable(text);
  std::size_t longest = 0;
  std::size_t run = 0;
  for (char const c : clean) {
    run = c == '`' ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  std::string const fence(longest + 1, '`');
  return longest == 0 ? fence + clean + fence : fence + " " + clean + " " + fence;
}

/// Text in which Markdown sees no markup of its own.
std::string escape_markdown(std::string_view text) {
  std::string out;
  for (char const c : printable(text)) {
    if (std::string_view{"\\`*_[]<>#|~&"}.find(c) != std::string_view::npos) out += '\\';
    out += c;
  }
  return out;
}

void append_change(std::string& out, const specs::finding& found) {
  out += "- " + escape_markdown(found.message) + " (" + code_span(found.rule) + ")";
  for (auto const& operation : found.operations)
    out += "\n  - " + code_span(operation_text(operation));
  out += '\n';
}

std::string_view title_of(specs::severity level) {
  switch (level) {
  case specs::severity::error:
    return "Breaking changes";
  case specs::severity::warning:
    return "Risky changes";
  case specs::severity::info:
    return "Other changes";
  }
  return "";
}

} // namespace

std::string markdown_report(const report_input& input) {
  auto const& report = input.report;
  std::string out =
      "# Changes from " + code_span(input.old_name) + " to " + code_span(input.new_name) + "\n";
  if (report.findings.empty())
    out += "\nNone.\n";
  else
    out += "\nVersion step: " + escape_markdown(step_text(report)) + ".\n";
  for (auto const level : levels_from_worst) {
    if (report.count(level) == 0) continue;
    out += "\n## " + std::string{title_of(level)} + "\n\n";
    for (auto const& found : report.findings)
      if (found.level == level) append_change(out, found);
  }
  if (!report.skipped.empty()) out += "\n## Not compared\n\n";
  for (auto const& part : report.skipped)
    out += "- " + (part.pointer.empty() ? "The document" : code_span(part.pointer)) + ": " +
           escape_markdown(part.reason) + '\n';
  if (!report.ignored.empty()) out += "\n## Ignored\n\n";
  for (auto const& each : report.ignored)
    out += "- " + escape_markdown(each.found.message) + " (" + code_span(each.found.rule) +
           "): " + escape_markdown(each.reason) + '\n';
  return out;
}

} // namespace apisync::tools
