#include "specs/compat_report.hpp"

#include "specs/print.hpp"

#include <map>
#include <set>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

namespace apisync::specs {

namespace {

/// Writes JSON text; the caller keeps it balanced.
class json_text {
public:
  json_text& open(char bracket) {
    separate();
    text_ += bracket;
    first_ = true;
    return *this;
  }
  json_text& close(char bracket) {
    text_ += bracket;
    first_ = false;
    return *this;
  }
  json_text& name(std::string_view name) {
    separate();
    append_json_string(text_, name);
    text_ += ':';
    first_ = true;
    return *this;
  }
  json_text& string(std::string_view value) {
    separate();
    append_json_string(text_, value);
    return *this;
  }
  json_text& number(std::size_t value) { return raw(std::to_string(value)); }

  /// A value that is JSON already.
  json_text& raw(std::string_view json) {
    separate();
    text_ += json;
    return *this;
  }

  std::string take() { return std::move(text_); }

private:
  void separate() {
    if (!first_) text_ += ',';
    first_ = false;
  }

  std::string text_;
  bool first_ = true;
};

void write_side(json_text& out, std::string_view name, const finding_side& side, bool present) {
  out.name(name).open('{');
  if (present) {
    out.name("pointer").string(side.pointer);
    if (!side.value.empty()) out.name("value").raw(side.value);
    if (side.where.line > 0)
      out.name("line").number(side.where.line).name("column").number(side.where.column);
  }
  out.close('}');
}

/// A side that has neither value nor pointer is absent; the root's pointer is empty, but told.
bool is_present(const finding_side& side) {
  return !side.pointer.empty() || !side.value.empty();
}

void write_head(json_text& out, const finding& each) {
  out.name("rule").string(each.rule).name("level").string(to_string(each.level));
  out.name("pointer").string(each.pointer).name("message").string(each.message);
}

void write_sides(json_text& out, const finding& each) {
  write_side(out, "old", each.before, is_present(each.before));
  write_side(out, "new", each.after, is_present(each.after));
}

void write_tail(json_text& out, const compat_report& report) {
  out.name("notCompared").open('[');
  for (const auto& part : report.skipped)
    out.open('{')
        .name("pointer")
        .string(part.pointer)
        .name("reason")
        .string(part.reason)
        .close('}');
  out.close(']').name("summary").open('{');
  for (const auto level : {severity::error, severity::warning, severity::info})
    out.name(to_string(level)).number(report.count(level));
  out.close('}').close('}');
}

std::string one_line(const finding& each) {
  auto line = "  " + std::string{to_string(each.level)} +
              std::string(9 - to_string(each.level).size(), ' ');
  line += each.message + " [" + each.rule + "]\n           " + each.pointer;
  const auto& where = each.after.where.line > 0 ? each.after.where : each.before.where;
  if (where.line > 0)
    line += std::string{" ("} + (is_present(each.after) ? "" : "old ") + "line " +
            std::to_string(where.line) + ")";
  return line + "\n";
}

std::string counted(std::size_t count, std::string_view noun) {
  return std::to_string(count) + " " + std::string{noun} + (count == 1 ? "" : "s");
}

} // namespace

std::string to_json(const compat_report& report) {
  json_text out;
  out.open('{').name("verdict").string(to_string(report.verdict())).name("changes").open('[');
  for (const auto& each : report.findings) {
    out.open('{');
    write_head(out, each);
    out.name("operations").open('[');
    for (const auto& operation : each.operations)
      out.open('{')
          .name("method")
          .string(operation.method)
          .name("path")
          .string(operation.path)
          .name("direction")
          .string(to_string(operation.way))
          .close('}');
    out.close(']');
    write_sides(out, each);
    out.close('}');
  }
  out.close(']');
  write_tail(out, report);
  return out.take();
}

std::string to_expanded_json(const compat_report& report) {
  json_text out;
  out.open('{').name("verdict").string(to_string(report.verdict())).name("changes").open('[');
  for (const auto& each : report.findings) {
    if (!each.judged) continue;
    std::set<std::pair<std::string_view, std::string_view>> told; // a method and path once
    const auto row = [&](std::string_view method, std::string_view path) {
      if (!told.insert({path, method}).second) return;
      out.open('{');
      write_head(out, each);
      out.name("method").string(method).name("path").string(path);
      write_sides(out, each);
      out.close('}');
    };
    if (each.operations.empty()) row("", "");
    for (const auto& operation : each.operations)
      row(operation.method, operation.path);
  }
  out.close(']');
  write_tail(out, report);
  return out.take();
}

std::string to_text(const compat_report& report) {
  if (report.findings.empty() && report.skipped.empty()) return "No changes.\n";
  constexpr std::size_t shown_max = 3;
  std::map<std::vector<std::string>, std::string> groups;
  for (const auto& each : report.findings) {
    std::vector<std::string> names;
    for (const auto& operation : each.operations) {
      auto name = operation.method + " " + operation.path;
      if (names.empty() || names.back() != name) names.push_back(std::move(name));
    }
    groups[names] += one_line(each);
  }
  std::string text;
  for (const auto& [names, lines] : groups) {
    std::string title;
    for (std::size_t i = 0; i < names.size() && i < shown_max; ++i)
      title += (i == 0 ? "" : ", ") + names[i];
    if (names.size() > shown_max)
      title += " and " + counted(names.size() - shown_max, "more operation");
    text += (title.empty() ? "The API as a whole" : title) + "\n" + lines + "\n";
  }
  for (const auto& part : report.skipped)
    text += "not compared: " + part.pointer + ": " + part.reason + "\n";
  text += std::string{to_string(report.verdict())} + ": " +
          counted(report.count(severity::error), "error") + ", " +
          counted(report.count(severity::warning), "warning") + ", " +
          std::to_string(report.count(severity::info)) + " info\n";
  return text;
}

} // namespace apisync::specs
