#include "tools/change_report_parts.hpp"
#include "tools/table.hpp"

namespace apisync::tools {
namespace {

std::string_view command_of(specs::severity level) {
  switch (level) {
  case specs::severity::error:
    return "error";
  case specs::severity::warning:
    return "warning";
  case specs::severity::info:
    return "notice";
  }
  return "notice";
}

/// A message; in a property, the characters that end one as well.
std::string escaped(std::string_view text, bool property) {
  std::string out;
  for (char const c : printable(text)) {
    if (c == '%')
      out += "%25";
    else if (property && c == ':')
      out += "%3A";
    else if (property && c == ',')
      out += "%2C";
    else
      out += c;
  }
  return out;
}

/// What was removed has no line in the new file.
std::string place_of(const report_input& input, const specs::finding& found) {
  auto text = "file=" + escaped(input.new_name, true);
  auto const& where = found.after.where;
  if (where.line != 0)
    text += ",line=" + std::to_string(where.line) + ",col=" + std::to_string(where.column);
  return text;
}

} // namespace

std::string github_report(const report_input& input) {
  std::string out;
  for (auto const& found : input.report.findings) {
    auto message = found.message + " at " + found.pointer;
    if (!found.operations.empty())
      message += ", which reaches " + change_group{found.operations, {}}.title();
    out += "::" + std::string{command_of(found.level)} + " " + place_of(input, found) +
           ",title=" + escaped(found.rule, true) + "::" + escaped(message, false) + '\n';
  }
  for (auto const& part : input.report.skipped)
    out += "::warning file=" + escaped(input.new_name, true) + ",title=not compared::" +
           escaped((part.pointer.empty() ? "the document" : part.pointer) + ": " + part.reason,
                   false) +
           '\n';
  return out;
}

} // namespace apisync::tools
