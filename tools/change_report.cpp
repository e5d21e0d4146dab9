#include "tools/change_report.hpp"

#include "tools/change_report_parts.hpp"
#include "tools/table.hpp"

namespace apisync::tools {
namespace {

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

constexpr std::size_t level_width = 9;

std::string in_level_column(std::string_view word) {
  std::string text{word};
  text.resize(level_width, ' ');
  return text;
}

void append_change(std::string& out, const report_input& input, const specs::finding& found,
                   bool colour) {
  std::string const indent(level_width + 2, ' ');
  out +=
      "  " +
      painted(in_level_column(specs::to_string(found.level)), paint_of_level(found.level), colour) +
      printable(found.message) + '\n';
  out += indent +
         painted(printable(found.rule) + " at " + place_text(input, found), paint::dim, colour) +
         '\n';
}

} // namespace

std::string text_report(const report_input& input, bool colour) {
  auto const& report = input.report;
  std::string out;
  for (auto const& group : grouped(input)) {
    out += painted(group.title(), paint::bold, colour) + '\n';
    for (auto const* found : group.changes)
      append_change(out, input, *found, colour);
    out += '\n';
  }
  for (auto const& part : report.skipped)
    out += painted("not compared", paint::warn, colour) + " " +
           printable((part.pointer.empty() ? "the document" : part.pointer) + ": " + part.reason) +
           '\n';
  for (auto const& each : report.ignored)
    out += painted("ignored " + printable(each.found.rule + " at " + each.found.pointer + ": " +
                                          each.reason),
                   paint::dim, colour) +
           '\n';
  out += specs::to_string(report.verdict());
  if (auto const counts = counts_text(report); !counts.empty())
    out += ": " + counts + "; version step: " + step_text(report);
  if (!report.skipped.empty())
    out += "; " + std::to_string(report.skipped.size()) + " not compared";
  return out + '\n';
}

} // namespace apisync::tools
