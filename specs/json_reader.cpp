#include "specs/json_reader.hpp"

#include "specs/byte_scan.hpp"

#include <array>
#include <cstdio>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace apisync::specs {

namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

void append_utf8(std::string& text, std::uint32_t code) {
  const auto tail = [&](int shift) { text += static_cast<char>(0x80 | ((code >> shift) & 0x3F)); };
  if (code < 0x80) {
    text += static_cast<char>(code);
  } else if (code < 0x800) {
    text += static_cast<char>(0xC0 | (code >> 6));
    tail(0);
  } else if (code < 0x10000) {
    text += static_cast<char>(0xE0 | (code >> 12));
    tail(6);
    tail(0);
  } else {
    text += static_cast<char>(0xF0 | (code >> 18));
    tail(12);
    tail(6);
    tail(0);
  }
}

/// Every step says whether it went well; where one did not, `failed_` tells why. (A `result` for
/// each of millions of steps costs more than the steps.)
class reader {
public:
  reader(std::string_view text, parse_target& target)
      : at_{text.data()},
        end_{text.data() + text.size()},
        line_start_{text.data()},
        target_{target} {}

  result<void> read() {
    if (!document()) return tl::unexpected{std::move(*failed_)};
    return {};
  }

private:
  enum class container : std::uint8_t { array, object };

  [[nodiscard]] char peek() const { return at_ == end_ ? '\0' : *at_; }
  [[nodiscard]] position here() const { return place_of(at_); }
  [[nodiscard]] position place_of(const char* p) const {
    return {line_, static_cast<std::uint32_t>(p - line_start_) + 1};
  }

  bool refuse(position where, std::string message) {
    failed_ = target_.fail_at(where, std::move(message)).value();
    return false;
  }
  bool expected(const std::string& wanted);
  bool unended(const char* begin) {
    return refuse(place_of(begin), "this string does not end; the text may be cut off");
  }
  /// Keeps what the target has against an event.
  bool taken(result<void> answer) {
    if (answer) [[likely]]
      return true;
    failed_ = std::move(answer.error());
    return false;
  }

  /// Most space is a line feed and an indent.
  void skip_space() {
    for (; at_ != end_; ++at_) {
      if (*at_ == '\n') {
        ++line_;
        line_start_ = at_ + 1;
        at_ = find_no_space(at_ + 1, end_) - 1;
      } else if (*at_ != ' ' && *at_ != '\t' && *at_ != '\r') {
        return;
      }
    }
  }

  bool document();
  bool value();
  bool open(container which, position where);
  bool name();
  bool after_value();
  bool close();
  bool literal(std::string_view word);
  bool number();
  bool digits();
  bool string();
  bool escaped_string(const char* begin);
  bool escape();
  bool four_digits(std::uint32_t& code);

  const char* at_;
  const char* end_;
  const char* line_start_;
  std::uint32_t line_ = 1;
  bool wants_value_ = true; ///< Else a comma or an end.
  position member_;         ///< Of the name that the next value belongs to.
  std::string_view token_;  ///< The string or number just read, which may lie in
  std::string unescaped_;   ///< this, where it had escapes.
  parse_target& target_;
  std::vector<container> open_;
  std::optional<error> failed_;
};

bool reader::expected(const std::string& wanted) {
  if (at_ == end_)
    return refuse(here(), "the text ends where " + wanted + " is expected; it may be cut off");
  std::array<char, 16> code{};
  const auto c = static_cast<unsigned char>(*at_);
  if (c >= 0x21 && c < 0x7F)
    std::snprintf(code.data(), code.size(), "'%c'", c);
  else
    std::snprintf(code.data(), code.size(), "byte 0x%02X", c);
  return refuse(here(), std::string{code.data()} + " where " + wanted + " is expected");
}

bool reader::document() {
  skip_space();
  if (at_ == end_) return refuse(here(), "the document is empty");
  for (;;) {
    if (!(wants_value_ ? value() : after_value())) return false;
    skip_space();
    if (open_.empty() && !wants_value_) break;
  }
  return at_ == end_ || expected("the end of the document");
}

bool reader::value() {
  const auto where = open_.empty() || open_.back() == container::array ? here() : member_;
  const char c = peek();
  if (c == '{') return open(container::object, where);
  if (c == '[') return open(container::array, where);
  wants_value_ = false;
  switch (c) {
  case '"':
    return string() && taken(target_.string(token_, where));
  case 't':
    return literal("true") && taken(target_.boolean(true, where));
  case 'f':
    return literal("false") && taken(target_.boolean(false, where));
  case 'n':
    return literal("null") && taken(target_.null(where));
  default:
    if (c != '-' && !is_digit(c)) return expected("a value");
    return number() && taken(target_.number(token_, where));
  }
}

bool reader::open(container which, position where) {
  const bool object = which == container::object;
  if (!taken(object ? target_.begin_object(where) : target_.begin_array(where))) return false;
  open_.push_back(which);
  ++at_;
  skip_space();
  if (peek() == (object ? '}' : ']')) return close();
  return !object || name();
}

bool reader::close() {
  const auto which = open_.back();
  open_.pop_back();
  ++at_;
  wants_value_ = false;
  if (which == container::object) return taken(target_.end_object());
  target_.end_array();
  return true;
}

bool reader::name() {
  if (peek() != '"') return expected("a name in double quotes");
  member_ = here();
  if (!string() || !taken(target_.key(token_, member_))) return false;
  skip_space();
  if (peek() != ':') return expected("':'");
  ++at_;
  skip_space();
  wants_value_ = true;
  return true;
}

bool reader::after_value() {
  const bool in_object = open_.back() == container::object;
  const char c = peek();
  if (c == (in_object ? '}' : ']')) return close();
  if (c != ',') return expected(in_object ? "',' or '}'" : "',' or ']'");
  ++at_;
  skip_space();
  wants_value_ = true;
  return !in_object || name();
}

bool reader::literal(std::string_view word) {
  for (const char wanted : word) {
    if (peek() != wanted) return expected("'" + std::string{word} + "'");
    ++at_;
  }
  return true;
}

bool reader::digits() {
  if (!is_digit(peek())) return expected("a digit");
  while (is_digit(peek()))
    ++at_;
  return true;
}

bool reader::number() {
  const char* begin = at_;
  if (peek() == '-') ++at_;
  if (peek() == '0') {
    ++at_;
    if (is_digit(peek())) return refuse(place_of(begin), "a number must not start with a zero");
  } else if (!digits()) {
    return false;
  }
  if (peek() == '.') {
    ++at_;
    if (!digits()) return false;
  }
  if (peek() == 'e' || peek() == 'E') {
    ++at_;
    if (peek() == '+' || peek() == '-') ++at_;
    if (!digits()) return false;
  }
  token_ = {begin, static_cast<std::size_t>(at_ - begin)};
  return true;
}

bool reader::string() {
  const char* begin = ++at_;
  at_ = find_json_special(at_, end_);
  if (at_ == end_) return unended(begin - 1);
  if (*at_ == '\\') return escaped_string(begin);
  if (*at_ != '"') return expected("a character of a string, or an escape like \\n for it,");
  token_ = {begin, static_cast<std::size_t>(at_++ - begin)};
  return true;
}

bool reader::escaped_string(const char* begin) {
  unescaped_.assign(begin, at_);
  for (;;) {
    const char* from = at_;
    at_ = find_json_special(at_, end_);
    unescaped_.append(from, at_);
    if (at_ == end_) return unended(begin - 1);
    if (*at_ == '"') {
      ++at_;
      token_ = unescaped_;
      return true;
    }
    if (*at_ != '\\') return expected("a character of a string, or an escape like \\n for it,");
    if (!escape()) return false;
  }
}

bool reader::escape() {
  const auto where = here();
  ++at_;
  constexpr std::string_view codes = "\"\\/bfnrt";
  constexpr std::string_view meant = "\"\\/\b\f\n\r\t";
  const char c = peek();
  if (const auto known = codes.find(c); at_ != end_ && known != std::string_view::npos) {
    unescaped_ += meant[known];
    ++at_;
    return true;
  }
  if (c != 'u') return refuse(where, "there is no such escape in JSON");
  ++at_;
  std::uint32_t code = 0;
  if (!four_digits(code)) return false;
  constexpr auto is_high = [](std::uint32_t u) { return u >= 0xD800 && u < 0xDC00; };
  constexpr auto is_low = [](std::uint32_t u) { return u >= 0xDC00 && u < 0xE000; };
  if (is_high(code) && end_ - at_ >= 2 && at_[0] == '\\' && at_[1] == 'u') {
    at_ += 2;
    std::uint32_t low = 0;
    if (!four_digits(low)) return false;
    if (is_low(low)) code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
  }
  if (is_high(code) || is_low(code))
    return refuse(where, "half of a surrogate pair is not a character");
  append_utf8(unescaped_, code);
  return true;
}

bool reader::four_digits(std::uint32_t& code) {
  for (int i = 0; i < 4; ++i, ++at_) {
    const char c = peek();
    if (is_digit(c))
      code = code * 16 + static_cast<std::uint32_t>(c - '0');
    else if (c >= 'a' && c <= 'f')
      code = code * 16 + static_cast<std::uint32_t>(c - 'a' + 10);
    else if (c >= 'A' && c <= 'F')
      code = code * 16 + static_cast<std::uint32_t>(c - 'A' + 10);
    else
      return expected("a hexadecimal digit");
  }
  return true;
}

} // namespace

result<void> read_json(std::string_view text, parse_target& target) {
  return reader{text, target}.read();
}

} // namespace apisync::specs
