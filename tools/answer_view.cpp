#include "events/duration.hpp"
#include "events/record.hpp"
#include "tools/service_command.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <ostream>

namespace apisync::tools {
namespace {

std::string scalar_text(const json& value) {
  if (value.is_null()) return "-";
  return value.is_string() ? value.get<std::string>() : value.dump();
}

template <std::size_t N>
bool among(const std::array<std::string_view, N>& names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

/// A number with the unit that its name has in docs/http-api.md; empty where it has none.
std::string number_text(std::string_view name, const json& value) {
  static constexpr std::array<std::string_view, 14> lengths{
      "interval",       "minInterval", "maxInterval",  "retryBase",     "retryCap",
      "searchInterval", "hostWindow",  "circuitPause", "orphanAfter",   "spread",
      "probeInterval",  "timeout",     "stallTimeout", "connectTimeout"};
  static constexpr std::array<std::string_view, 3> milliseconds{"duration", "lastDuration",
                                                                "averageSyncTime"};
  static constexpr std::array<std::string_view, 2> seconds{"uptime", "age"};
  static constexpr std::array<std::string_view, 2> bytes{"documentBytes", "memoryBudget"};
  constexpr std::uint64_t mebibyte = 1U << 20;
  if (among(lengths, name) && value.is_number_integer())
    return events::print_duration(std::chrono::milliseconds{value.get<std::int64_t>()});
  if (among(milliseconds, name)) return value.dump() + " ms";
  if (among(seconds, name)) return value.dump() + " s";
  if (name == "lossPercent") return value.dump() + " %";
  if (among(bytes, name) && value.is_number_unsigned() &&
      value.get<std::uint64_t>() % mebibyte == 0)
    return std::to_string(value.get<std::uint64_t>() / mebibyte) + " MiB";
  return {};
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
    auto const text = printable(fact_text(entry.key(), inner, call));
    auto const pad = value.is_array() ? 1 : widest - std::min(widest, name.size()) + 2;
    call.out << std::string(pad, ' ') << painted(text, paint_of(text), call.colour()) << '\n';
  }
}

/// A time to the second, and how far from now it is.
std::string time_text(const std::string& text, const invocation& call) {
  constexpr std::size_t to_the_second = 19;
  return text.substr(0, to_the_second) + "Z (" + relative_time(text, call) + ")";
}

} // namespace

std::string fact_text(const std::string& name, const json& value, const invocation& call) {
  if (value.is_number())
    if (auto text = number_text(name, value); !text.empty()) return text;
  if (value.is_string())
    if (auto const text = value.get<std::string>();
        text.ends_with('Z') && events::parse_rfc3339(text))
      return time_text(text, call);
  if (value.is_object()) return value.empty() ? "-" : value.dump();
  auto text = flat_text(value);
  return text.empty() ? "-" : text;
}

paint paint_of(std::string_view word) {
  static constexpr std::array<std::string_view, 7> good{
      "healthy", "ready", "running", "completed", "unchanged", "current", "compatible"};
  static constexpr std::array<std::string_view, 10> bad{
      "failing",    "failed", "quarantined", "breaking", "error",
      "conflicted", "open",   "stopped",     "orphaned", "broken"};
  static constexpr std::array<std::string_view, 5> warn{"paused", "warning", "stopping", "pending",
                                                        "disabled"};
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
