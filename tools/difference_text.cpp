#include "tools/difference_text.hpp"

#include <algorithm>
#include <ostream>

namespace apisync::tools {
namespace {

void print_operations(const json& change, const invocation& call) {
  constexpr std::size_t shown_max = 5;
  auto const operations = change.value("operations", json::array());
  auto const shown = std::min(operations.size(), shown_max);
  for (std::size_t i = 0; i < shown; ++i)
    call.out << "        " << printable(operation_text(operations[i])) << '\n';
  if (shown < operations.size())
    call.out << "        and " << operations.size() - shown
             << " more operations (--format json lists all)\n";
}

} // namespace

std::string operation_text(const json& operation) {
  if (operation.is_string()) return operation.get<std::string>();
  auto const way = operation.value("direction", "");
  return text_of(operation, "method") + " " + text_of(operation, "path") +
         (way.empty() ? "" : " (" + way + ")");
}

text_table::cell counts_cell(const json& item, const invocation&) {
  auto const counts = item.value("counts", item.value("summary", json::object()));
  std::string text;
  for (auto const* level : {"error", "warning", "info"}) {
    auto const count = counts.value(level, json(0));
    if (count == 0) continue;
    bool const plural = count != 1 && level != std::string_view{"info"};
    text += (text.empty() ? "" : ", ") + count.dump() + " " + level + (plural ? "s" : "");
  }
  return {text.empty() ? "-" : text};
}

void print_changes(const json& answer, const invocation& call) {
  for (auto const& change : answer.value("changes", json::array())) {
    auto const level = text_of(change, "level");
    auto label = level;
    label.resize(8, ' ');
    call.out << painted(label, paint_of(level), call.colour())
             << printable(text_of(change, "message")) << "\n        "
             << painted(printable(text_of(change, "rule") + " at " + text_of(change, "pointer")),
                        paint::dim, call.colour())
             << '\n';
    print_operations(change, call);
  }
}

void print_difference(const json& answer, const invocation& call) {
  auto const verdict = text_of(answer, "verdict");
  call.out << painted(verdict, paint_of(verdict), call.colour()) << ": "
           << counts_cell(answer, call).text << '\n';
  print_changes(answer, call);
  for (auto const& part : answer.value("notCompared", json::array()))
    call.out << "not compared: " << printable(text_of(part, "pointer")) << ": "
             << printable(text_of(part, "reason")) << '\n';
}

} // namespace apisync::tools
