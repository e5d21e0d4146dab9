#include "events/duration.hpp"
#include "events/record.hpp"
#include "tools/service_command.hpp"

#include <algorithm>
#include <array>
#include <ostream>

namespace apisync::tools {
namespace {

std::string scalar_text(const json& value) {
  if (value.is_null()) return "-";
  return value.is_string() ? value.get<std::string>() : value.dump();
}

bool is_flat_list(const json& value) {
  if (!value.is_array()) return false;
  for (auto const& element : value) {
    if (element.is_structured()) return false;
  }
  return true;
}

std::string flat_text(const json& value) {
  if (!value.is_array()) return scalar_text(value);
  std::string text;
  for (auto const& element : value)
    text += (text.empty() ? "" : ", ") + scalar_text(element);
  return text.empty() ? "-" : text;
}

void print_nested(const json& value, const invocation& call, std::size_t indent) {
  constexpr std::size_t indent_max = 40; // what is nested deeper is shown as JSON
  std::size_t widest = 0;
  for (auto const& entry : value.items())
    widest = std::max(widest, entry.key().size());
  for (auto const& entry : value.items()) {
    auto const& inner = entry.value();
    call.out << std::string(indent, ' ');
    auto const name = value.is_array() ? std::string{"-"} : printable(entry.key());
    call.out << painted(name, paint::dim, call.colour());
    if (inner.is_structured() && !inner.empty() && !is_flat_list(inner) && indent < indent_max) {
      call.out << '\n';
      print_nested(inner, call, indent + 2);
      continue;
    }
    auto const text = printable(inner.is_object() ? inner.dump() : flat_text(inner));
    auto const pad = value.is_array() ? 1 : widest - std::min(widest, name.size()) + 2;
    call.out << std::string(pad, ' ') << painted(text, paint_of(text), call.colour()) << '\n';
  }
}

} // namespace

paint paint_of(std::string_view word) {
  static constexpr std::array<std::string_view, 6> good{"healthy",   "running", "completed",
                                                        "unchanged", "current", "compatible"};
  static constexpr std::array<std::string_view, 8> bad{
      "failing", "failed", "quarantined", "breaking", "error", "conflicted", "open", "stopped"};
  static constexpr std::array<std::string_view, 4> warn{"paused", "warning", "stopping", "pending"};
  if (std::ranges::find(good, word) != good.end()) return paint::good;
  if (std::ranges::find(bad, word) != bad.end()) return paint::bad;
  if (std::ranges::find(warn, word) != warn.end()) return paint::warn;
  return paint::plain;
}

std::string text_of(const json& object, const std::string& name) {
  if (!object.is_object()) return "-";
  auto const found = object.find(name);
  if (found == object.end()) return "-";
  auto text = found->is_object() ? found->dump() : flat_text(*found);
  return text.empty() ? "-" : text;
}

std::string relative_time(const json& time, const invocation& call) {
  if (!time.is_string()) return "-";
  auto const parsed = events::parse_rfc3339(time.get<std::string>());
  if (!parsed) return time.get<std::string>();
  using std::chrono::seconds;
  auto const passed = std::chrono::round<seconds>(call.now() - *parsed);
  auto length = passed < seconds{0} ? -passed : passed;
  constexpr seconds minute{60}, hour{3600}, day{86400};
  // Two units at most: nobody reads the seconds of last week.
  length -= length >= day ? length % hour : length >= hour ? length % minute : seconds{0};
  auto const text = events::print_duration(length);
  return passed < seconds{0} ? "in " + text : text + " ago";
}

column member(std::string header, std::string name) {
  return {std::move(header), [name = std::move(name)](const json& item, const invocation&) {
            return text_table::cell{text_of(item, name)};
          }};
}

column mood(std::string header, std::string name) {
  return {std::move(header), [name = std::move(name)](const json& item, const invocation&) {
            auto text = text_of(item, name);
            auto const how = paint_of(text);
            return text_table::cell{std::move(text), how};
          }};
}

column when(std::string header, std::string name) {
  return {std::move(header), [name = std::move(name)](const json& item, const invocation& call) {
            auto const found = item.find(name);
            return text_table::cell{found == item.end() ? "-" : relative_time(*found, call)};
          }};
}

void print_facts(const json& object, const invocation& call) {
  print_nested(object, call, 0);
}

} // namespace apisync::tools
