#include "events/record.hpp"

#include <array>
#include <charconv>
#include <cstddef>
#include <optional>

namespace apisync::events {

namespace {

using namespace std::chrono;

/// Writes `value` as exactly `width` decimal digits.
void put_digits(char* at, unsigned value, int width) {
  for (auto i = width - 1; i >= 0; --i) {
    at[i] = static_cast<char>('0' + value % 10);
    value /= 10;
  }
}

/// Reads exactly `width` decimal digits; -1 where one is missing.
int take_digits(std::string_view& text, std::size_t width) {
  if (text.size() < width) return -1;
  auto value = 0;
  for (std::size_t i = 0; i < width; ++i) {
    if (text[i] < '0' || text[i] > '9') return -1;
    value = value * 10 + (text[i] - '0');
  }
  text.remove_prefix(width);
  return value;
}

bool take(std::string_view& text, char expected) {
  if (text.empty() || text.front() != expected) return false;
  text.remove_prefix(1);
  return true;
}

bool take_letter(std::string_view& text, char upper) {
  return take(text, upper) || take(text, static_cast<char>(upper - 'A' + 'a'));
}

/// `2026-11-23`, a day that exists.
std::optional<sys_days> take_date(std::string_view& text) {
  const auto y = take_digits(text, 4);
  if (y < 0 || !take(text, '-')) return std::nullopt;
  const auto m = take_digits(text, 2);
  if (m < 0 || !take(text, '-')) return std::nullopt;
  const auto d = take_digits(text, 2);
  const auto date = year{y} / month{static_cast<unsigned>(m)} / day{static_cast<unsigned>(d)};
  if (d < 0 || !date.ok()) return std::nullopt;
  return sys_days{date};
}

/// `08:00:59` or `08:00:59.123456`; 60 seconds are a leap second (RFC 3339 §5.6).
std::optional<microseconds> take_time(std::string_view& text) {
  const auto h = take_digits(text, 2);
  if (h < 0 || h > 23 || !take(text, ':')) return std::nullopt;
  const auto m = take_digits(text, 2);
  if (m < 0 || m > 59 || !take(text, ':')) return std::nullopt;
  const auto s = take_digits(text, 2);
  if (s < 0 || s > 60) return std::nullopt;
  auto fraction = 0;
  if (take(text, '.')) {
    std::size_t digits = 0;
    for (; digits < text.size() && text[digits] >= '0' && text[digits] <= '9'; ++digits) {
      if (digits < 6) fraction = fraction * 10 + (text[digits] - '0');
    }
    if (digits == 0 || digits > 9) return std::nullopt;
    for (auto i = digits; i < 6; ++i)
      fraction *= 10;
    text.remove_prefix(digits);
  }
  return hours{h} + minutes{m} + seconds{s} + microseconds{fraction};
}

/// `Z` or `+02:00`: how far local time is ahead of UTC.
std::optional<minutes> take_offset(std::string_view& text) {
  if (take_letter(text, 'Z')) return minutes{0};
  const auto negative = take(text, '-');
  if (!negative && !take(text, '+')) return std::nullopt;
  const auto h = take_digits(text, 2);
  if (h < 0 || h > 23 || !take(text, ':')) return std::nullopt;
  const auto m = take_digits(text, 2);
  if (m < 0 || m > 59) return std::nullopt;
  const auto ahead = hours{h} + minutes{m};
  return negative ? -ahead : ahead;
}

/// `YYYY-MM-DDTHH:MM:SS.ffffffZ`
constexpr std::size_t time_bytes = 27;

/// The spelling that this program writes, without the questions that others raise; nothing for
/// every other text, which may be a time all the same.
std::optional<timestamp> read_own_time(std::string_view text) {
  if (text.size() != time_bytes || text[4] != '-' || text[7] != '-' || text[10] != 'T' ||
      text[13] != ':' || text[16] != ':' || text[19] != '.' || text[26] != 'Z')
    return std::nullopt;
  auto digits = true;
  const auto number = [&](std::size_t at, std::size_t width) {
    auto value = 0U;
    for (auto i = at; i < at + width; ++i) {
      const auto digit = static_cast<unsigned>(static_cast<unsigned char>(text[i])) - '0';
      digits = digits && digit <= 9;
      value = value * 10 + digit;
    }
    return value;
  };
  const auto date = year{static_cast<int>(number(0, 4))} / month{number(5, 2)} / day{number(8, 2)};
  const auto h = number(11, 2);
  const auto m = number(14, 2);
  const auto s = number(17, 2);
  const auto fraction = number(20, 6);
  if (!digits || !date.ok() || h > 23 || m > 59 || s > 59) return std::nullopt;
  return sys_days{date} + hours{h} + minutes{m} + seconds{s} + microseconds{fraction};
}

std::optional<timestamp> read_time(std::string_view text) {
  if (const auto own = read_own_time(text)) return own;
  const auto date = take_date(text);
  if (!date || !take_letter(text, 'T')) return std::nullopt;
  const auto time = take_time(text);
  if (!time) return std::nullopt;
  const auto offset = take_offset(text);
  if (!offset || !text.empty()) return std::nullopt;
  return *date + *time - *offset;
}

void put_time(char* at, timestamp time) {
  const auto date = floor<days>(time);
  const year_month_day ymd{date};
  const hh_mm_ss clock{time - date};
  put_digits(at, static_cast<unsigned>(static_cast<int>(ymd.year())), 4);
  at[4] = '-';
  put_digits(at + 5, static_cast<unsigned>(ymd.month()), 2);
  at[7] = '-';
  put_digits(at + 8, static_cast<unsigned>(ymd.day()), 2);
  at[10] = 'T';
  put_digits(at + 11, static_cast<unsigned>(clock.hours().count()), 2);
  at[13] = ':';
  put_digits(at + 14, static_cast<unsigned>(clock.minutes().count()), 2);
  at[16] = ':';
  put_digits(at + 17, static_cast<unsigned>(clock.seconds().count()), 2);
  at[19] = '.';
  put_digits(at + 20, static_cast<unsigned>(clock.subseconds().count()), 6);
  at[26] = 'Z';
}

bool is_plain(char c) {
  return static_cast<unsigned char>(c) >= 0x20 && c != '"' && c != '\\';
}

/// Appends a JSON string (RFC 8259 §7), with the short escapes where there are some.
void put_string(std::string& out, std::string_view text) {
  static constexpr auto hex = std::string_view{"0123456789abcdef"};
  out += '"';
  while (!text.empty()) {
    std::size_t plain = 0;
    while (plain < text.size() && is_plain(text[plain]))
      ++plain;
    out.append(text.substr(0, plain));
    text.remove_prefix(plain);
    if (text.empty()) break;
    const auto c = text.front();
    text.remove_prefix(1);
    switch (c) {
    case '"':
      out += "\\\"";
      break;
    case '\\':
      out += "\\\\";
      break;
    case '\n':
      out += "\\n";
      break;
    case '\r':
      out += "\\r";
      break;
    case '\t':
      out += "\\t";
      break;
    default:
      out += "\\u00";
      out += hex[static_cast<unsigned char>(c) >> 4U];
      out += hex[static_cast<unsigned char>(c) & 15U];
    }
  }
  out += '"';
}

void put_number(std::string& out, std::uint64_t value) {
  std::array<char, 20> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  out.append(digits.data(), end);
}

/// The fields of a record as they stand in JSON, before the time is understood.
struct raw_record {
  record_view view;
  std::uint64_t type_version = 0;
  std::string_view time;
};

/// Calls `field(name, destination)` for every field, in the order in which they are written.
template <class Field>
bool each_field(raw_record& raw, Field&& field) {
  return field("sequence", raw.view.sequence) && field("stream", raw.view.stream) &&
         field("version", raw.view.stream_version) && field("type", raw.view.type) &&
         field("typeVersion", raw.type_version) && field("time", raw.time) &&
         field("by", raw.view.by) && field("correlation", raw.view.correlation) &&
         field("causation", raw.view.causation) && field("data", raw.view.data);
}

/// One walk, for a record whose fields stand in the order in which this program writes them.
bool read_in_order(const simdjson::dom::object& json, raw_record& raw) {
  auto at = json.begin();
  const auto end = json.end();
  return each_field(raw, [&](std::string_view name, auto& destination) {
    if (!(at != end) || at.key() != name || at.value().get(destination) != simdjson::SUCCESS)
      return false;
    ++at;
    return true;
  });
}

} // namespace

std::string to_rfc3339(timestamp time) {
  std::string text(time_bytes, '\0');
  put_time(text.data(), time);
  return text;
}

result<timestamp> parse_rfc3339(std::string_view text) {
  if (const auto time = read_time(text)) return *time;
  return fail(errc::parse_error, "\"" + std::string{text.substr(0, 64)} +
                                     "\" is not an RFC 3339 time such as 2026-11-23T08:00:00Z");
}

std::size_t write_record(std::string& out, sequence number, std::uint64_t stream_version,
                         timestamp time, const origin& from, const draft& event) {
  const auto start = out.size();
  std::array<char, time_bytes> clock{};
  put_time(clock.data(), time);
  out += R"({"sequence":)";
  put_number(out, number);
  out += R"(,"stream":)";
  put_string(out, event.stream);
  out += R"(,"version":)";
  put_number(out, stream_version);
  out += R"(,"type":)";
  put_string(out, event.type);
  out += R"(,"typeVersion":)";
  put_number(out, event.type_version);
  out += R"(,"time":")";
  out.append(clock.data(), clock.size());
  out += R"(","by":)";
  put_string(out, from.by);
  out += R"(,"correlation":)";
  put_string(out, from.correlation);
  out += R"(,"causation":)";
  put_number(out, from.causation);
  const auto envelope = out.size() - start;
  out += R"(,"data":)";
  out += event.data;
  out += '}';
  return envelope;
}

result<record_view> read_record(const simdjson::dom::element& json) {
  simdjson::dom::object object;
  if (json.get(object) != simdjson::SUCCESS)
    return fail(errc::corrupt, "a record of the log is not a JSON object");
  raw_record raw;
  if (!read_in_order(object, raw)) {
    std::string_view missing;
    const auto complete = each_field(raw, [&](std::string_view name, auto& destination) {
      missing = name;
      return object.at_key(name).get(destination) == simdjson::SUCCESS;
    });
    if (!complete)
      return fail(errc::corrupt, "record " + std::to_string(raw.view.sequence) +
                                     " has no usable field \"" + std::string{missing} + "\"");
  }
  const auto time = read_time(raw.time);
  if (!time || raw.type_version > UINT32_MAX)
    return fail(errc::corrupt, "record " + std::to_string(raw.view.sequence) + " has an unusable " +
                                   (time ? "type version" : "time"));
  raw.view.time = *time;
  raw.view.type_version = static_cast<std::uint32_t>(raw.type_version);
  return raw.view;
}

} // namespace apisync::events
