#include "events/duration.hpp"

#include <array>
#include <charconv>
#include <cstdint>
#include <optional>

namespace apisync::events {

namespace {

using std::chrono::milliseconds;

struct unit {
  std::string_view name;
  std::int64_t length_ms;
};

constexpr std::int64_t day_ms = 24LL * 3600 * 1000;
constexpr std::array units{unit{"w", 7 * day_ms}, unit{"d", day_ms}, unit{"h", 3'600'000},
                           unit{"m", 60'000},     unit{"s", 1'000},  unit{"ms", 1}};
constexpr std::int64_t longest_ms = 100 * 366 * day_ms;

tl::unexpected<error> refuse(std::string_view text) {
  return fail(errc::invalid_argument,
              "'" + std::string{text} +
                  "' is no length of time: write it like 30s, 5m, 1h30m, 500ms or 7d (at most 100 "
                  "years), or as a number of milliseconds");
}

std::string_view take_letters(std::string_view& text) {
  std::size_t length = 0;
  while (length < text.size() && text[length] >= 'a' && text[length] <= 'z')
    ++length;
  const auto letters = text.substr(0, length);
  text.remove_prefix(length);
  return letters;
}

std::optional<std::int64_t> take_number(std::string_view& text) {
  std::int64_t number = 0;
  if (text.empty() || text.front() < '0' || text.front() > '9') return std::nullopt;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (code != std::errc{}) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return number;
}

} // namespace

result<milliseconds> parse_duration(std::string_view text) {
  auto rest = text;
  std::int64_t total_ms = 0;
  std::size_t next_unit = 0;
  do {
    const auto number = take_number(rest);
    if (!number) return refuse(text);
    const auto name = take_letters(rest);
    std::int64_t length_ms = 0;
    if (name.empty() && next_unit == 0 && rest.empty()) {
      length_ms = 1;
    } else {
      while (next_unit < units.size() && units[next_unit].name != name)
        ++next_unit;
      if (next_unit == units.size()) return refuse(text);
      length_ms = units[next_unit++].length_ms;
    }
    if (*number > (longest_ms - total_ms) / length_ms) return refuse(text);
    total_ms += *number * length_ms;
  } while (!rest.empty());
  return milliseconds{total_ms};
}

std::string print_duration(milliseconds value) {
  auto rest = value.count();
  if (rest <= 0) return "0s";
  std::string out;
  for (const auto& [name, length_ms] : units) {
    // Weeks only where nothing else is left over: `10d` reads better than `1w3d`.
    if (name == "w" && rest % length_ms != 0) continue;
    if (rest < length_ms) continue;
    out += std::to_string(rest / length_ms);
    out += name;
    rest %= length_ms;
  }
  return out;
}

} // namespace apisync::events
