#include "specs/compat_report.hpp"

#include "specs/compat_version.hpp"
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

void write_operations(json_text& out, const std::vector<reached_operation>& operations) {
  out.name("operations").open('[');
  for (const auto& operation : operations)
    out.open('{')
        .name("method")
        .string(operation.method)
        .name("path")
        .string(operation.path)
        .name("direction")
        .string(to_string(operation.way))
        .close('}');
  out.close(']');
}

void write_version(json_text& out, const compat_report& report) {
  const auto step = step_of(report);
  out.name("version").open('{').name("step").string(to_string(step));
  if (!report.old_version.empty()) out.name("old").string(report.old_version);
  if (!report.new_version.empty()) out.name("new").string(report.new_version);
  if (const auto next = stepped(report.old_version, step); !next.empty())
    out.name("suggested").string(next);
  out.close('}');
}

using counts = std::map<severity, std::size_t>;

void write_tail(json_text& out, const compat_report& report, const counts& counted) {
  out.name("notCompared").open('[');
  for (const auto& part : report.skipped)
    out.open('{')
        .name("pointer")
        .string(part.pointer)
        .name("reason")
        .string(part.reason)
        .close('}');
  out.close(']').name("ignored").open('[');
  for (const auto& each : report.ignored) {
    out.open('{');
    write_head(out, each.found);
    write_operations(out, each.found.operations);
    out.name("reason").string(each.reason).close('}');
  }
  out.close(']');
  write_version(out, report);
  out.name("summary").open('{');
  for (const auto level : {severity::error, severity::warning, severity::info})
    out.name(to_string(level)).number(counted.contains(level) ? counted.at(level) : 0);
  out.close('}').close('}');
}

} // namespace

std::string to_json(const compat_report& report) {
  json_text out;
  out.open('{').name("verdict").string(to_string(report.verdict())).name("changes").open('[');
  counts counted;
  for (const auto& each : report.findings) {
    ++counted[each.level];
    out.open('{');
    write_head(out, each);
    write_operations(out, each.operations);
    write_sides(out, each);
    out.close('}');
  }
  out.close(']');
  write_tail(out, report, counted);
  return out.take();
}

std::string to_expanded_json(const compat_report& report) {
  json_text out;
  out.open('{').name("verdict").string(to_string(report.verdict())).name("changes").open('[');
  counts counted;
  for (const auto& each : report.findings) {
    if (!each.judged) continue;
    std::set<std::pair<std::string_view, std::string_view>> told; // a method and path once
    const auto row = [&](std::string_view method, std::string_view path) {
      if (!told.insert({path, method}).second) return;
      ++counted[each.level];
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
  write_tail(out, report, counted);
  return out.take();
}

} // namespace apisync::specs
