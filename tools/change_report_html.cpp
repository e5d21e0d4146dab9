#include "specs/compat_version.hpp"
#include "tools/change_report_parts.hpp"
#include "tools/table.hpp"

namespace apisync::tools {
namespace {

/// Nothing may be loaded and no script may run, whatever a document's text holds.
constexpr std::string_view page_head = R"(<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
)";

constexpr std::string_view page_style = R"(<style>
:root { color-scheme: light dark; --text: #1c2024; --dim: #60646c; --line: #d9d9e0; --bad: #b3261e;
  --warn: #8a5a00; --info: #60646c; --old: #fdeceb; --new: #e9f6ec; --page: #fff; }
@media (prefers-color-scheme: dark) { :root { --text: #edeef0; --dim: #b0b4ba; --line: #43484e;
  --bad: #ff9592; --warn: #ffca16; --info: #b0b4ba; --old: #3b1219; --new: #132d21; --page: #18191b; } }
body { font: 15px/1.5 system-ui, sans-serif; color: var(--text); background: var(--page);
  max-width: 68rem; margin: 0 auto; padding: 1.5rem; overflow-wrap: anywhere; }
h1 { font-size: 1.4rem; margin: 0 0 .25rem; } h2 { font-size: 1.05rem; margin: 2rem 0 .5rem; }
code { font: 13px/1.5 ui-monospace, monospace; }
.dim { color: var(--dim); } .facts { display: flex; flex-wrap: wrap; gap: .25rem 1.5rem; padding: 0; }
.facts li { list-style: none; } .facts b { font-variant-numeric: tabular-nums; }
.change { border: 1px solid var(--line); border-left-width: 4px; border-radius: 4px;
  padding: .5rem .75rem; margin: .5rem 0; }
.error { border-left-color: var(--bad); } .warning { border-left-color: var(--warn); }
.info { border-left-color: var(--info); }
.level { font-weight: 600; } .error .level { color: var(--bad); }
.warning .level { color: var(--warn); } .info .level { color: var(--info); }
.values { display: grid; grid-template-columns: 1fr 1fr; gap: .5rem; margin-top: .5rem; }
.values pre { margin: 0; padding: .35rem .5rem; border-radius: 3px; white-space: pre-wrap; }
.old { background: var(--old); } .new { background: var(--new); }
summary { cursor: pointer; color: var(--dim); } ul { margin: .25rem 0; }
@media (max-width: 40rem) { .values { grid-template-columns: 1fr; } }
</style>
)";

/// Text that is no markup, in content and in attributes.
std::string escaped(std::string_view text) {
  std::string out;
  for (char const c : printable(text)) {
    switch (c) {
    case '&':
      out += "&amp;";
      break;
    case '<':
      out += "&lt;";
      break;
    case '>':
      out += "&gt;";
      break;
    case '"':
      out += "&quot;";
      break;
    case '\'':
      out += "&#39;";
      break;
    default:
      out += c;
    }
  }
  return out;
}

std::string code(std::string_view text) {
  return "<code>" + escaped(text) + "</code>";
}

void append_value(std::string& out, std::string_view side, const specs::finding_side& value) {
  out += "<pre class=\"" + std::string{side} + "\"><code>";
  out += value.value.empty()
             ? "<span class=\"dim\">" + std::string{value.pointer.empty() ? "absent" : "too long"} +
                   "</span>"
             : escaped(value.value);
  out += "</code></pre>\n";
}

void append_operations(std::string& out, const specs::finding& found) {
  if (found.operations.size() <= operations_shown_max) return;
  out += "<details><summary>" + std::to_string(found.operations.size()) +
         " operations</summary><ul>\n";
  for (auto const& operation : found.operations)
    out += "<li>" + code(operation_text(operation)) + "</li>\n";
  out += "</ul></details>\n";
}

void append_change(std::string& out, const report_input& input, const specs::finding& found,
                   bool expanded) {
  auto const level = specs::to_string(found.level);
  out += "<section class=\"change " + std::string{level} + "\">\n";
  out += "<div><span class=\"level\">" + std::string{level} + "</span> " + escaped(found.message) +
         "</div>\n";
  out += "<div class=\"dim\">" + code(found.rule) + " at " + code(place_text(input, found)) +
         "</div>\n";
  if (!found.before.value.empty() || !found.after.value.empty()) {
    out += "<div class=\"values\">\n";
    append_value(out, "old", found.before);
    append_value(out, "new", found.after);
    out += "</div>\n";
  }
  if (!expanded) append_operations(out, found);
  out += "</section>\n";
}

void append_facts(std::string& out, const specs::compat_report& report) {
  out += "<ul class=\"facts\">\n<li><b>" + std::string{specs::to_string(report.verdict())} +
         "</b></li>\n";
  for (auto const level : levels_from_worst)
    out += "<li><b>" + std::to_string(report.count(level)) + "</b> " +
           std::string{specs::to_string(level)} + "</li>\n";
  out += "<li>version step: <b>" + escaped(step_text(report)) + "</b></li>\n";
  if (!report.ignored.empty())
    out += "<li><b>" + std::to_string(report.ignored.size()) + "</b> ignored</li>\n";
  if (!report.skipped.empty())
    out += "<li><b>" + std::to_string(report.skipped.size()) + "</b> not compared</li>\n";
  out += "</ul>\n";
}

} // namespace

std::string html_report(const report_input& input) {
  auto const& report = input.report;
  std::string out{page_head};
  out += "<title>Changes from " + escaped(input.old_name) + " to " + escaped(input.new_name) +
         "</title>\n";
  out += page_style;
  out += "</head>\n<body>\n<h1>Changes</h1>\n<div class=\"dim\">from " + code(input.old_name) +
         " to " + code(input.new_name) + "</div>\n";
  append_facts(out, report);
  for (auto const& group : grouped(input)) {
    out += "<h2>" + escaped(group.title()) + "</h2>\n";
    for (auto const* found : group.changes)
      append_change(out, input, *found, input.expand);
  }
  if (!report.skipped.empty()) out += "<h2>Not compared</h2>\n<ul>\n";
  for (auto const& part : report.skipped)
    out += "<li>" + code(part.pointer.empty() ? "the document" : part.pointer) + " " +
           escaped(part.reason) + "</li>\n";
  if (!report.skipped.empty()) out += "</ul>\n";
  if (!report.ignored.empty()) out += "<h2>Ignored</h2>\n<ul>\n";
  for (auto const& each : report.ignored)
    out += "<li>" + code(each.found.rule) + " at " + code(each.found.pointer) + ": " +
           escaped(each.reason) + "</li>\n";
  if (!report.ignored.empty()) out += "</ul>\n";
  return out + "</body>\n</html>\n";
}

} // namespace apisync::tools
