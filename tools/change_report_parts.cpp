#include "tools/change_report_parts.hpp"

#include "specs/compat_version.hpp"
#include "tools/table.hpp"

#include <algorithm>
#include <map>

namespace apisync::tools {
namespace {

std::string counted(std::size_t count, std::string_view noun) {
  return std::to_string(count) + " " + std::string{noun} + (count == 1 ? "" : "s");
}

/// The same operations, whatever the way: what an expanded report has a group for.
specs::reached_operation without_direction(specs::reached_operation operation) {
  operation.way = specs::direction::none;
  return operation;
}

} // namespace

std::string operation_text(const specs::reached_operation& operation) {
  auto text = operation.method + " " + operation.path;
  if (auto const way = specs::to_string(operation.way); !way.empty())
    text += " (" + std::string{way} + ")";
  return printable(text);
}

std::string place_text(const report_input& input, const specs::finding& found) {
  bool const removed = found.after.pointer.empty() && !found.before.pointer.empty();
  auto const& side = removed ? found.before : found.after;
  std::string text{removed ? input.old_name : input.new_name};
  if (side.where.line != 0)
    text += ":" + std::to_string(side.where.line) + ":" + std::to_string(side.where.column);
  return printable(text + " " + found.pointer);
}

std::string change_group::title() const {
  if (operations.empty()) return "The API as a whole";
  std::string text;
  for (std::size_t i = 0; i < operations.size() && i < operations_shown_max; ++i)
    text += (i == 0 ? "" : ", ") + operation_text(operations[i]);
  if (operations.size() > operations_shown_max)
    text += " and " + counted(operations.size() - operations_shown_max, "more operation");
  return text;
}

std::vector<change_group> grouped(const report_input& input) {
  std::map<std::vector<specs::reached_operation>, change_group> by_operations;
  auto const add = [&](std::vector<specs::reached_operation> operations,
                       const specs::finding& found) {
    auto& group = by_operations[operations];
    group.operations = std::move(operations);
    if (group.changes.empty() || group.changes.back() != &found) group.changes.push_back(&found);
  };
  for (auto const& found : input.report.findings) {
    if (!input.expand || found.operations.empty()) {
      add(found.operations, found);
      continue;
    }
    for (auto const& operation : found.operations)
      add({without_direction(operation)}, found);
  }
  std::vector<change_group> groups;
  groups.reserve(by_operations.size());
  for (auto& [operations, group] : by_operations)
    groups.push_back(std::move(group));
  std::stable_sort(groups.begin(), groups.end(), [](const auto& a, const auto& b) {
    return a.changes.front()->level > b.changes.front()->level;
  });
  return groups;
}

std::string counts_text(const specs::compat_report& report) {
  std::string text;
  for (auto const level : levels_from_worst) {
    auto const count = report.count(level);
    if (count == 0) continue;
    auto const name = specs::to_string(level);
    text += (text.empty() ? "" : ", ") + (level == specs::severity::info
                                              ? std::to_string(count) + " " + std::string{name}
                                              : counted(count, name));
  }
  return text;
}

std::string step_text(const specs::compat_report& report) {
  auto const step = specs::step_of(report);
  std::string text{specs::to_string(step)};
  if (auto const next = specs::stepped(report.old_version, step);
      !next.empty() && step != specs::version_step::none)
    text += " (" + next + " after " + printable(report.old_version) + ")";
  return text;
}

} // namespace apisync::tools
