#include "events/cron.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cctype>
#include <charconv>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace apisync::events {

namespace {

using namespace std::chrono;

constexpr std::size_t text_max = 256;

struct field {
  std::string_view name;
  unsigned low, high;
  std::span<const std::string_view> names; ///< Of `low`, `low + 1`, …
};

constexpr std::array<std::string_view, 12> month_names{"jan", "feb", "mar", "apr", "may", "jun",
                                                       "jul", "aug", "sep", "oct", "nov", "dec"};
constexpr std::array<std::string_view, 7> weekday_names{"sun", "mon", "tue", "wed",
                                                        "thu", "fri", "sat"};
const std::array<field, 5> fields{{{"minute", 0, 59, {}},
                                   {"hour", 0, 23, {}},
                                   {"day of the month", 1, 31, {}},
                                   {"month", 1, 12, month_names},
                                   {"day of the week", 0, 7, weekday_names}}};

constexpr std::array<std::pair<std::string_view, std::string_view>, 7> shorthands{
    {{"@hourly", "0 * * * *"},
     {"@daily", "0 0 * * *"},
     {"@midnight", "0 0 * * *"},
     {"@weekly", "0 0 * * 0"},
     {"@monthly", "0 0 1 * *"},
     {"@yearly", "0 0 1 1 *"},
     {"@annually", "0 0 1 1 *"}}};

std::string lower(std::string_view text) {
  std::string out{text};
  std::transform(out.begin(), out.end(), out.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

std::optional<unsigned> number(std::string_view text) {
  unsigned value = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (code != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<unsigned> value_of(const field& in, std::string_view text) {
  for (std::size_t i = 0; i < in.names.size(); ++i)
    if (lower(text) == in.names[i]) return in.low + static_cast<unsigned>(i);
  const auto value = number(text);
  if (!value || *value < in.low || *value > in.high) return std::nullopt;
  return value;
}

/// The bits of one element of a list; 0 where it is none.
std::uint64_t read_element(const field& in, std::string_view text) {
  unsigned step = 1;
  const auto slash = text.find('/');
  if (slash != std::string_view::npos) {
    const auto given = number(text.substr(slash + 1));
    if (!given || *given == 0 || *given > in.high) return 0;
    step = *given;
    text = text.substr(0, slash);
  }
  auto first = in.low;
  auto last = in.high;
  if (text != "*") {
    const auto dash = text.find('-');
    const auto from = value_of(in, text.substr(0, dash));
    if (!from) return 0;
    first = *from;
    if (dash != std::string_view::npos) {
      const auto to = value_of(in, text.substr(dash + 1));
      if (!to || *to < first) return 0;
      last = *to;
    } else if (slash == std::string_view::npos) {
      last = first;
    }
  }
  std::uint64_t bits = 0;
  for (auto at = first; at <= last; at += step)
    bits |= std::uint64_t{1} << at;
  return bits;
}

result<std::uint64_t> read_field(const field& in, std::string_view text) {
  std::uint64_t bits = 0;
  for (std::size_t start = 0; start <= text.size();) {
    const auto comma = std::min(text.find(',', start), text.size());
    const auto element = text.substr(start, comma - start);
    const auto found = read_element(in, element);
    if (found == 0)
      return fail(errc::invalid_argument,
                  "'" + std::string{element} + "' is no " + std::string{in.name} +
                      " of a cron schedule: use " + std::to_string(in.low) + " to " +
                      std::to_string(in.high) +
                      (in.names.empty() ? "" : " or a name such as " + std::string{in.names[0]}) +
                      ", a range A-B with A not over B, * or any of them with /STEP");
    bits |= found;
    start = comma + 1;
  }
  return bits;
}

/// The fields of a text; empty where there are not exactly five.
std::vector<std::string_view> split(std::string_view text) {
  std::vector<std::string_view> out;
  for (std::size_t at = 0; at < text.size();) {
    const auto start = text.find_first_not_of(" \t", at);
    if (start == std::string_view::npos) break;
    at = std::min(text.find_first_of(" \t", start), text.size());
    out.push_back(text.substr(start, at - start));
  }
  if (out.size() != fields.size()) out.clear();
  return out;
}

bool has(std::uint64_t bits, unsigned at) {
  return (bits >> at & 1) != 0;
}

} // namespace

result<cron_schedule> parse_cron(std::string_view text) {
  if (text.size() > text_max)
    return fail(errc::invalid_argument, "a cron schedule is at most 256 characters");
  auto expanded = text;
  for (const auto& [name, meaning] : shorthands)
    if (lower(text) == name) expanded = meaning;
  const auto parts = split(expanded);
  if (parts.empty())
    return fail(errc::invalid_argument,
                "'" + std::string{text} +
                    "' is no cron schedule: write five fields (minute, hour, day of the month, "
                    "month, day of the week), such as \"0 3 * * *\", or @hourly, @daily, @weekly, "
                    "@monthly, @yearly");
  cron_schedule out;
  const std::array targets{&out.minutes_, &out.hours_, &out.days_, &out.months_, &out.weekdays_};
  for (std::size_t i = 0; i < fields.size(); ++i) {
    auto bits = read_field(fields[i], parts[i]);
    if (!bits) return tl::unexpected{bits.error()};
    *targets[i] = *bits;
  }
  if (has(out.weekdays_, 7)) out.weekdays_ |= 1;
  out.any_day_ = parts[2].front() == '*';
  out.any_weekday_ = parts[4].front() == '*';
  if (!out.next(timestamp{sys_days{year{2000} / 1 / 1}}))
    return fail(errc::invalid_argument,
                "the cron schedule '" + std::string{text} + "' names no day that exists");
  return out;
}

bool cron_schedule::matches_day(sys_days day) const {
  const year_month_day date{day};
  const auto on_day = has(days_, static_cast<unsigned>(date.day()));
  const auto on_weekday = has(weekdays_, weekday{day}.c_encoding());
  return any_day_ || any_weekday_ ? on_day && on_weekday : on_day || on_weekday;
}

std::optional<timestamp> cron_schedule::next(timestamp after) const {
  // 29 February on one day of the week comes back after at most 40 years.
  constexpr int years_max = 41;
  const auto first = floor<minutes>(after) + minutes{1};
  auto day = floor<days>(first);
  auto minute_of_day = static_cast<unsigned>((first - day).count());
  for (const auto last = day + days{366 * years_max}; day <= last; minute_of_day = 0) {
    const year_month_day date{day};
    if (!has(months_, static_cast<unsigned>(date.month()))) {
      day = sys_days{(date.year() / date.month() / 1) + months{1}};
      continue;
    }
    if (matches_day(day)) {
      for (auto hour = minute_of_day / 60; hour < 24; ++hour, minute_of_day = 0) {
        if (!has(hours_, hour)) continue;
        const auto left = minutes_ >> (minute_of_day % 60) << (minute_of_day % 60);
        if (left != 0) return timestamp{day + hours{hour} + minutes{std::countr_zero(left)}};
      }
    }
    day += days{1};
  }
  return std::nullopt;
}

} // namespace apisync::events
