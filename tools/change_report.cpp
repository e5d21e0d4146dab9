#include "tools/change_report.hpp"

#include "tools/table.hpp"

#include <array>

namespace apisync::tools {
namespace {

constexpr std::array levels{specs::severity::error, specs::severity::warning,
                            specs::severity::info};

/// How many operations a line names before it only counts.
constexpr std::size_t operations_shown_max = 5;

paint paint_of_level(specs::severity level) {
  switch (level) {
  case specs::severity::info:
    return paint::dim;
  case specs::severity::warning:
    return paint::warn;
  case specs::severity::error:
    return paint::bad;
  }
  return paint::plain;
}

std::string operation_text(const specs::reached_operation& operation) {
  auto text = operation.method + " " + operation.path;
  if (auto const way = specs::to_string(operation.way); !way.empty())
    text += " (" + std::string{way} + ")";
  return printable(text);
}

std::string place_text(const report_input& input, const specs::finding& found) {
  bool const removed = found.after.where.line == 0;
  auto const& side = removed ? found.before : found.after;
  std::string text{removed ? input.old_name : input.new_name};
  if (side.where.line != 0)
    text += ":" + std::to_string(side.where.line) + ":" + std::to_string(side.where.column);
  return text + " " + found.pointer;
}

void append_finding(std::string& out, const report_input& input, const specs::finding& found,
                    bool expand, bool colour) {
  std::string level{specs::to_string(found.level)};
  level.resize(9, ' ');
  out += painted(level, paint_of_level(found.level), colour) + printable(found.message) + '\n';
  out += "         " +
         painted(printable(found.rule + " at " + place_text(input, found)), paint::dim, colour) +
         '\n';
  auto const shown =
      expand ? found.operations.size() : std::min(found.operations.size(), operations_shown_max);
  for (std::size_t i = 0; i < shown; ++i)
    out += "         " + operation_text(found.operations[i]) + '\n';
  if (shown < found.operations.size())
    out += "         and " + std::to_string(found.operations.size() - shown) +
           " more operations (--expand lists all)\n";
}

/// A code span that nothing in the text can end.
std::string code_span(std::string_view text) {
  auto const clean = printable(text);
  std::string const fence = clean.find('`') == std::string::npos ? "`" : "``";
  return fence.size() == 1 ? fence + clean + fence : fence + " " + clean + " " + fence;
}

/// Text in which Markdown sees no markup of its own.
std::string escape_markdown(std::string_view text) {
  std::string out;
  for (char const c : printable(text)) {
    if (std::string_view{"\\`*_[]<>#|"}.find(c) != std::string_view::npos) out += '\\';
    out += c;
  }
  return out;
}

} // namespace

std::string text_report(const report_input& input, bool expand, bool colour) {
  std::string out;
  for (auto const& found : input.report.findings)
    append_finding(out, input, found, expand, colour);
  for (auto const& part : input.report.skipped)
    out += painted("skipped  ", paint::warn, colour) +
           printable(part.reason + " at " + part.pointer) + '\n';
  out += std::string{specs::to_string(input.report.verdict())};
  char separator = ':';
  for (auto const level : levels) {
    if (auto const count = input.report.count(level); count != 0) {
      out += separator + (" " + std::to_string(count)) + " " + std::string{specs::to_string(level)};
      separator = ',';
    }
  }
  return out + '\n';
}

std::string markdown_report(const report_input& input) {
  static constexpr std::array<std::string_view, 3> titles{"Breaking changes", "Risky changes",
                                                          "Other changes"};
  std::string out =
      "# Changes from " + code_span(input.old_name) + " to " + code_span(input.new_name) + "\n";
  if (input.report.findings.empty()) out += "\nNone.\n";
  for (std::size_t i = 0; i < levels.size(); ++i) {
    if (input.report.count(levels[i]) == 0) continue;
    out += "\n## " + std::string{titles[i]} + "\n\n";
    for (auto const& found : input.report.findings) {
      if (found.level != levels[i]) continue;
      out += "- " + escape_markdown(found.message) + " (" + code_span(found.rule) + ")";
      for (auto const& operation : found.operations)
        out += "\n  - " + code_span(operation_text(operation));
      out += '\n';
    }
  }
  if (!input.report.skipped.empty()) out += "\n## Not compared\n\n";
  for (auto const& part : input.report.skipped)
    out += "- " + code_span(part.pointer) + ": " + escape_markdown(part.reason) + '\n';
  return out;
}

} // namespace apisync::tools
