#include "specs/json_reader.hpp"

#include <array>
#include <cstdio>
#include <string>
#include <vector>

namespace apisync::specs {

namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// The characters that a string can hold as they are.
constexpr auto plain = [] {
  std::array<bool, 256> table{};
  for (std::size_t c = 0x20; c < table.size(); ++c)
    table[c] = c != '"' && c != '\\';
  return table;
}();

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

class reader {
public:
  reader(std::string_view text, parse_target& target)
      : at_{text.data()},
        end_{text.data() + text.size()},
        line_start_{text.data()},
        target_{target} {}

  result<void> read();

private:
  enum class container : std::uint8_t { array, object };

  [[nodiscard]] char peek() const { return at_ == end_ ? '\0' : *at_; }
  [[nodiscard]] position here() const { return place_of(at_); }
  [[nodiscard]] position place_of(const char* p) const {
    return {line_, static_cast<std::uint32_t>(p - line_start_) + 1};
  }
  [[nodiscard]] tl::unexpected<error> unexpected(const std::string& wanted) const;

  void skip_space();
  [[nodiscard]] result<void> value();
  [[nodiscard]] result<void> name();
  [[nodiscard]] result<void> after_value();
  [[nodiscard]] result<void> close();
  [[nodiscard]] result<void> literal(std::string_view word);
  [[nodiscard]] result<std::string_view> number();
  [[nodiscard]] result<std::string_view> string();
  [[nodiscard]] result<std::string_view> escaped_string(const char* begin);
  [[nodiscard]] result<void> escape();
  [[nodiscard]] result<std::uint32_t> four_digits();

  const char* at_;
  const char* end_;
  const char* line_start_;
  std::uint32_t line_ = 1;
  parse_target& target_;
  std::vector<container> open_;
  position member_;         ///< Of the name that the next value belongs to.
  bool wants_value_ = true; ///< Else a comma or an end.
  std::string unescaped_;   ///< The string just read, where it had escapes.
};

tl::unexpected<error> reader::unexpected(const std::string& wanted) const {
  if (at_ == end_)
    return target_.fail_at(here(),
                           "the text ends where " + wanted + " is expected; it may be cut off");
  std::array<char, 16> code{};
  const auto c = static_cast<unsigned char>(*at_);
  if (c >= 0x21 && c < 0x7F)
    std::snprintf(code.data(), code.size(), "'%c'", c);
  else
    std::snprintf(code.data(), code.size(), "byte 0x%02X", c);
  return target_.fail_at(here(), std::string{code.data()} + " where " + wanted + " is expected");
}

void reader::skip_space() {
  for (; at_ != end_; ++at_) {
    if (*at_ == '\n') {
      ++line_;
      line_start_ = at_ + 1;
    } else if (*at_ != ' ' && *at_ != '\t' && *at_ != '\r') {
      return;
    }
  }
}

result<void> reader::read() {
  skip_space();
  if (at_ == end_) return target_.fail_at(here(), "the document is empty");
  for (;;) {
    auto done = wants_value_ ? value() : after_value();
    if (!done) return done;
    skip_space();
    if (open_.empty() && !wants_value_) break;
  }
  if (at_ != end_) return unexpected("the end of the document");
  return {};
}

result<void> reader::value() {
  const auto where = open_.empty() || open_.back() == container::array ? here() : member_;
  const char c = peek();
  if (c == '{') {
    if (auto begun = target_.begin_object(where); !begun) return begun;
    open_.push_back(container::object);
    ++at_;
    skip_space();
    return peek() == '}' ? close() : name();
  }
  if (c == '[') {
    if (auto begun = target_.begin_array(where); !begun) return begun;
    open_.push_back(container::array);
    ++at_;
    skip_space();
    return peek() == ']' ? close() : result<void>{};
  }
  wants_value_ = false;
  if (c == '"') {
    const auto text = string();
    if (!text) return tl::unexpected{text.error()};
    return target_.string(*text, where);
  }
  if (c == '-' || is_digit(c)) {
    const auto text = number();
    if (!text) return tl::unexpected{text.error()};
    return target_.number(*text, where);
  }
  if (c == 't') return literal("true").and_then([&] { return target_.boolean(true, where); });
  if (c == 'f') return literal("false").and_then([&] { return target_.boolean(false, where); });
  if (c == 'n') return literal("null").and_then([&] { return target_.null(where); });
  return unexpected("a value");
}

result<void> reader::close() {
  const auto which = open_.back();
  open_.pop_back();
  ++at_;
  wants_value_ = false;
  if (which == container::object) return target_.end_object();
  target_.end_array();
  return {};
}

result<void> reader::name() {
  if (peek() != '"') return unexpected("a name in double quotes");
  member_ = here();
  const auto text = string();
  if (!text) return tl::unexpected{text.error()};
  if (auto taken = target_.key(*text, member_); !taken) return taken;
  skip_space();
  if (peek() != ':') return unexpected("':'");
  ++at_;
  skip_space();
  wants_value_ = true;
  return {};
}

result<void> reader::after_value() {
  const bool in_object = open_.back() == container::object;
  const char c = peek();
  if (c == (in_object ? '}' : ']')) return close();
  if (c != ',') return unexpected(in_object ? "',' or '}'" : "',' or ']'");
  ++at_;
  skip_space();
  wants_value_ = true;
  return in_object ? name() : result<void>{};
}

result<void> reader::literal(std::string_view word) {
  for (const char wanted : word) {
    if (peek() != wanted) return unexpected("'" + std::string{word} + "'");
    ++at_;
  }
  return {};
}

result<std::string_view> reader::number() {
  const char* begin = at_;
  const auto digits = [&]() -> result<void> {
    if (!is_digit(peek())) return unexpected("a digit");
    while (is_digit(peek()))
      ++at_;
    return {};
  };
  if (peek() == '-') ++at_;
  if (peek() == '0') {
    ++at_;
    if (is_digit(peek()))
      return target_.fail_at(place_of(begin), "a number must not start with a zero");
  } else if (auto whole = digits(); !whole) {
    return tl::unexpected{whole.error()};
  }
  if (peek() == '.') {
    ++at_;
    if (auto fraction = digits(); !fraction) return tl::unexpected{fraction.error()};
  }
  if (peek() == 'e' || peek() == 'E') {
    ++at_;
    if (peek() == '+' || peek() == '-') ++at_;
    if (auto exponent = digits(); !exponent) return tl::unexpected{exponent.error()};
  }
  return std::string_view{begin, static_cast<std::size_t>(at_ - begin)};
}

result<std::string_view> reader::string() {
  const char* begin = ++at_;
  while (at_ != end_ && plain[static_cast<unsigned char>(*at_)])
    ++at_;
  if (peek() == '\\') return escaped_string(begin);
  if (at_ == end_)
    return target_.fail_at(place_of(begin - 1),
                           "this string does not end; the text may be cut off");
  if (*at_ != '"') return unexpected("a character of a string, or an escape like \\n for it,");
  return std::string_view{begin, static_cast<std::size_t>(at_++ - begin)};
}

result<std::string_view> reader::escaped_string(const char* begin) {
  unescaped_.assign(begin, at_);
  for (;;) {
    const char* from = at_;
    while (at_ != end_ && plain[static_cast<unsigned char>(*at_)])
      ++at_;
    unescaped_.append(from, at_);
    if (at_ == end_)
      return target_.fail_at(place_of(begin - 1),
                             "this string does not end; the text may be cut off");
    if (*at_ == '"') {
      ++at_;
      return std::string_view{unescaped_};
    }
    if (*at_ != '\\') return unexpected("a character of a string, or an escape like \\n for it,");
    if (auto taken = escape(); !taken) return tl::unexpected{taken.error()};
  }
}

result<void> reader::escape() {
  const auto where = here();
  ++at_;
  constexpr std::string_view codes = "\"\\/bfnrt";
  constexpr std::string_view meant = "\"\\/\b\f\n\r\t";
  const char c = peek();
  if (const auto known = codes.find(c); at_ != end_ && known != std::string_view::npos) {
    unescaped_ += meant[known];
    ++at_;
    return {};
  }
  if (c != 'u') return target_.fail_at(where, "there is no such escape in JSON");
  ++at_;
  auto code = four_digits();
  if (!code) return tl::unexpected{code.error()};
  constexpr auto is_high = [](std::uint32_t u) { return u >= 0xD800 && u < 0xDC00; };
  constexpr auto is_low = [](std::uint32_t u) { return u >= 0xDC00 && u < 0xE000; };
  if (is_high(*code) && end_ - at_ >= 2 && at_[0] == '\\' && at_[1] == 'u') {
    at_ += 2;
    const auto low = four_digits();
    if (!low) return tl::unexpected{low.error()};
    if (is_low(*low)) code = 0x10000 + ((*code - 0xD800) << 10) + (*low - 0xDC00);
  }
  if (is_high(*code) || is_low(*code))
    return target_.fail_at(where, "half of a surrogate pair is not a character");
  append_utf8(unescaped_, *code);
  return {};
}

result<std::uint32_t> reader::four_digits() {
  std::uint32_t code = 0;
  for (int i = 0; i < 4; ++i, ++at_) {
    const char c = peek();
    if (is_digit(c))
      code = code * 16 + static_cast<std::uint32_t>(c - '0');
    else if (c >= 'a' && c <= 'f')
      code = code * 16 + static_cast<std::uint32_t>(c - 'a' + 10);
    else if (c >= 'A' && c <= 'F')
      code = code * 16 + static_cast<std::uint32_t>(c - 'A' + 10);
    else
      return unexpected("a hexadecimal digit");
  }
  return code;
}

} // namespace

result<void> read_json(std::string_view text, parse_target& target) {
  return reader{text, target}.read();
}

} // namespace apisync::specs
