#include "specs/json_path_query.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace apisync::specs {

namespace {

constexpr std::size_t max_length = 10'000;
constexpr std::size_t max_nesting = 64;
constexpr std::int64_t max_integer = (std::int64_t{1} << 53) - 1; // RFC 9535 section 2.1

using op = filter_operation;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_name_start(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}
bool is_function_name(char c) {
  return (c >= 'a' && c <= 'z') || c == '_' || is_digit(c);
}

void append_utf8(std::string& text, std::uint32_t c) {
  const auto tail = [&](unsigned shift) {
    text += static_cast<char>(0x80U | ((c >> shift) & 0x3FU));
  };
  if (c < 0x80) {
    text += static_cast<char>(c);
  } else if (c < 0x800) {
    text += static_cast<char>(0xC0U | (c >> 6U));
    tail(0);
  } else if (c < 0x10000) {
    text += static_cast<char>(0xE0U | (c >> 12U));
    tail(6);
    tail(0);
  } else {
    text += static_cast<char>(0xF0U | (c >> 18U));
    tail(12);
    tail(6);
    tail(0);
  }
}

/// What the type of an expression allows (RFC 9535 section 2.4.1).
bool is_comparable(const filter_expression& part) {
  switch (part.what) {
  case op::null:
  case op::boolean:
  case op::number:
  case op::text:
  case op::length:
  case op::count:
  case op::value:
    return true;
  case op::query:
    return part.query->singular();
  default:
    return false;
  }
}

/// Reads a query by recursive descent. The first error is kept in `problem_`, and ends everything:
/// each function then returns something empty.
class parser {
public:
  explicit parser(std::string_view text) : text_{text} {}

  result<json_path_query> read() {
    json_path_query query;
    if (text_.size() > max_length)
      refuse("a path has " + std::to_string(max_length) + " characters at most");
    else if (!accept('$'))
      refuse("a path begins with $");
    else
      query = segments();
    if (!problem_ && at_ < text_.size()) refuse("this is no part of a path");
    if (problem_)
      return fail(errc::parse_error, *problem_, "column " + std::to_string(problem_at_ + 1));
    return query;
  }

private:
  [[nodiscard]] char peek(std::size_t ahead = 0) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }
  [[nodiscard]] bool ended() const { return problem_ || at_ >= text_.size(); }
  bool accept(char c) {
    if (ended() || peek() != c) return false;
    ++at_;
    return true;
  }
  bool accept(std::string_view word) {
    if (problem_ || !text_.substr(at_).starts_with(word)) return false;
    at_ += word.size();
    return true;
  }
  void expect(char c) {
    if (!accept(c)) refuse(std::string{c} + " is expected here");
  }
  void blanks() {
    while (!ended() && std::string_view{" \t\n\r"}.find(peek()) != std::string_view::npos)
      ++at_;
  }
  void refuse(std::string why) {
    if (problem_) return;
    problem_ = std::move(why);
    problem_at_ = at_;
  }

  // -- segments ---------------------------------------------------------------

  json_path_query segments() {
    json_path_query query;
    for (;;) {
      const auto before = at_;
      blanks();
      if (!ended() && (peek() == '.' || peek() == '[')) {
        query.segments.push_back(segment());
        continue;
      }
      at_ = problem_ ? at_ : before; // blanks belong to a segment that follows
      return query;
    }
  }

  path_segment segment() {
    path_segment made;
    made.descendant = accept("..");
    if (accept('[')) {
      made.selectors = bracketed();
      return made;
    }
    if (!made.descendant) expect('.');
    path_selector selector;
    if (!accept('*')) {
      selector.kind = selector_kind::name;
      selector.name = shorthand();
    }
    made.selectors.push_back(std::move(selector));
    return made;
  }

  std::string shorthand() {
    if (ended() || !is_name_start(peek())) {
      refuse("a name or * is expected after the dot; other names stand in brackets and quotes");
      return {};
    }
    const auto begin = at_;
    while (!ended() && (is_name_start(peek()) || is_digit(peek())))
      ++at_;
    return std::string{text_.substr(begin, at_ - begin)};
  }

  std::vector<path_selector> bracketed() {
    std::vector<path_selector> made;
    do {
      blanks();
      made.push_back(selector());
      blanks();
    } while (accept(','));
    expect(']');
    return made;
  }

  path_selector selector() {
    path_selector made;
    const auto c = peek();
    if (accept('*')) return made;
    if (c == '\'' || c == '"') {
      made.kind = selector_kind::name;
      made.name = quoted_text();
    } else if (accept('?')) {
      made.kind = selector_kind::filter;
      blanks();
      made.filter = std::make_shared<const filter_expression>(logical_or());
    } else if (c == ':' || c == '-' || is_digit(c)) {
      index_or_slice(made);
    } else {
      refuse("a name in quotes, a number, a slice, * or a filter is expected in brackets");
    }
    return made;
  }

  void index_or_slice(path_selector& made) {
    if (peek() != ':') made.start = integer();
    const auto before = at_;
    blanks();
    if (!accept(':')) {
      at_ = problem_ ? at_ : before;
      made.kind = selector_kind::index;
      made.index = made.start.value_or(0);
      return;
    }
    made.kind = selector_kind::slice;
    blanks();
    if (peek() == '-' || is_digit(peek())) made.end = integer();
    blanks();
    if (!accept(':')) return;
    blanks();
    if (peek() == '-' || is_digit(peek())) made.step = integer();
  }

  std::int64_t integer() {
    const auto begin = at_;
    if (peek() == '-') ++at_;
    const auto first = at_;
    while (is_digit(peek()))
      ++at_;
    std::int64_t value = 0;
    const auto read = std::from_chars(text_.data() + begin, text_.data() + at_, value);
    const bool padded = peek_at(first) == '0' && (at_ - first > 1 || first != begin);
    if (at_ == first || padded || read.ec != std::errc{} || value > max_integer ||
        value < -max_integer) {
      at_ = begin;
      refuse("this is no whole number without leading zeros below 2^53");
    }
    return value;
  }
  [[nodiscard]] char peek_at(std::size_t where) const {
    return where < text_.size() ? text_[where] : '\0';
  }

  // -- texts and numbers ------------------------------------------------------

  std::string quoted_text() {
    const auto quote = peek();
    ++at_;
    std::string made;
    while (!ended() && peek() != quote) {
      if (static_cast<unsigned char>(peek()) < 0x20) {
        refuse("a control character stands in a text as \\u and four digits");
        return {};
      }
      if (accept('\\'))
        escape(quote, made);
      else
        made += text_[at_++];
    }
    if (!accept(quote)) refuse("the text has no closing quote");
    return made;
  }

  void escape(char quote, std::string& into) {
    constexpr std::string_view letters = "bfnrt/\\";
    constexpr std::string_view meant = "\b\f\n\r\t/\\";
    if (accept('u')) return append_utf8(into, code_point());
    if (accept(quote)) {
      into += quote;
      return;
    }
    const auto which = ended() ? letters.npos : letters.find(peek());
    if (which == letters.npos) return refuse("this is no escape of a text");
    into += meant[which];
    ++at_;
  }

  std::uint32_t hex4() {
    std::uint32_t value = 0;
    const auto digits = text_.substr(at_, 4);
    const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
    if (digits.size() != 4 || read.ptr != digits.data() + 4 || digits.front() == '-') {
      refuse("four hexadecimal digits are expected after \\u");
      return 0;
    }
    at_ += 4;
    return value;
  }

  std::uint32_t code_point() {
    const auto first = hex4();
    if (first < 0xD800 || first > 0xDFFF) return first;
    const bool high = first < 0xDC00 && accept("\\u");
    const auto second = high ? hex4() : 0;
    if (second < 0xDC00 || second > 0xDFFF) {
      refuse("this is half of a surrogate pair");
      return 0;
    }
    return 0x10000 + ((first - 0xD800) << 10U) + (second - 0xDC00);
  }

  filter_expression number() {
    const auto begin = at_;
    accept('-');
    const auto first = at_;
    while (is_digit(peek()))
      ++at_;
    bool good = at_ > first && (peek_at(first) != '0' || at_ - first == 1);
    if (accept('.')) good = digits() && good;
    if (peek() == 'e' || peek() == 'E') {
      ++at_;
      if (!accept('-')) accept('+');
      good = digits() && good;
    }
    filter_expression made;
    made.what = op::number;
    std::from_chars(text_.data() + begin, text_.data() + at_, made.number);
    if (!good) refuse("this is no number");
    return made;
  }
  bool digits() {
    const auto begin = at_;
    while (is_digit(peek()))
      ++at_;
    return at_ > begin;
  }

  // -- filters ----------------------------------------------------------------

  // NOLINTNEXTLINE(misc-no-recursion): bounded by max_nesting
  filter_expression logical_or() {
    if (++depth_ > max_nesting) refuse("the filter is nested too deep");
    auto made = chain(op::any_of, "||",
                      [this] { return chain(op::all_of, "&&", [this] { return basic(); }); });
    --depth_;
    return made;
  }

  template <class Read>
  filter_expression chain(op what, std::string_view word, Read&& read) {
    auto first = read();
    blanks_before(word);
    if (!accept(word)) return first;
    filter_expression made;
    made.what = what;
    made.operands.push_back(std::move(first));
    do {
      blanks();
      made.operands.push_back(read());
      blanks_before(word);
    } while (accept(word));
    return made;
  }

  void blanks_before(std::string_view word) {
    const auto before = at_;
    blanks();
    if (!problem_ && !text_.substr(at_).starts_with(word)) at_ = before;
  }

  // NOLINTNEXTLINE(misc-no-recursion)
  filter_expression basic() {
    if (problem_) return {};
    if (accept('!')) {
      blanks();
      filter_expression made;
      made.what = op::negation;
      made.operands.push_back(peek() == '(' ? in_parentheses() : tested(operand()));
      return made;
    }
    if (peek() == '(') return in_parentheses();
    auto left = operand();
    const auto before = at_;
    blanks();
    if (const auto what = comparison()) return compared(*what, std::move(left));
    at_ = problem_ ? at_ : before;
    return tested(std::move(left));
  }

  // NOLINTNEXTLINE(misc-no-recursion)
  filter_expression in_parentheses() {
    expect('(');
    blanks();
    auto made = logical_or();
    blanks();
    expect(')');
    return made;
  }

  std::optional<op> comparison() {
    if (accept("==")) return op::equal;
    if (accept("!=")) return op::not_equal;
    if (accept("<=")) return op::less_or_equal;
    if (accept(">=")) return op::greater_or_equal;
    if (accept('<')) return op::less;
    if (accept('>')) return op::greater;
    return std::nullopt;
  }

  // NOLINTNEXTLINE(misc-no-recursion)
  filter_expression compared(op what, filter_expression left) {
    blanks();
    filter_expression made;
    made.what = what;
    made.operands.push_back(std::move(left));
    made.operands.push_back(operand());
    for (const auto& side : made.operands)
      if (!problem_ && !is_comparable(side))
        refuse("only values can be compared: a literal, a path to one node, length, count, value");
    return made;
  }

  /// A query or function that stands alone is a test.
  filter_expression tested(filter_expression part) {
    if (problem_ || part.what == op::match || part.what == op::search) return part;
    filter_expression made;
    made.what = op::exists;
    if (part.what != op::query) refuse("this is no test; compare it with something");
    made.operands.push_back(std::move(part));
    return made;
  }

  // NOLINTNEXTLINE(misc-no-recursion)
  filter_expression operand() {
    filter_expression made;
    const auto c = peek();
    if (problem_) return made;
    if (c == '@' || c == '$') return query();
    if (c == '\'' || c == '"') {
      made.what = op::text;
      made.text = quoted_text();
      return made;
    }
    if (c == '-' || is_digit(c)) return number();
    const auto begin = at_;
    while (is_function_name(peek()))
      ++at_;
    const auto word = text_.substr(begin, at_ - begin);
    if (peek() == '(') return function(word, begin);
    if (word == "true" || word == "false") {
      made.what = op::boolean;
      made.boolean = word == "true";
    } else if (word != "null") {
      at_ = begin;
      refuse("a path, a literal or a function is expected here");
    }
    return made;
  }

  // NOLINTNEXTLINE(misc-no-recursion)
  filter_expression query() {
    if (++depth_ > max_nesting) refuse("the filter is nested too deep");
    const bool relative = peek() == '@';
    ++at_;
    auto read = segments();
    read.relative = relative;
    filter_expression made;
    made.what = op::query;
    made.query = std::make_shared<const json_path_query>(std::move(read));
    --depth_;
    return made;
  }

  // NOLINTNEXTLINE(misc-no-recursion)
  filter_expression function(std::string_view name, std::size_t begin) {
    struct known {
      std::string_view name;
      op what;
      std::size_t arguments;
    };
    constexpr std::array functions{known{"length", op::length, 1}, known{"count", op::count, 1},
                                   known{"value", op::value, 1}, known{"match", op::match, 2},
                                   known{"search", op::search, 2}};
    const auto* const found = std::find_if(functions.begin(), functions.end(),
                                           [&](const known& one) { return one.name == name; });
    filter_expression made;
    if (found == functions.end()) {
      at_ = begin;
      refuse("there is no such function; there are length, count, match, search and value");
      return made;
    }
    made.what = found->what;
    arguments(made);
    if (problem_) return made;
    const bool nodes = made.what == op::count || made.what == op::value;
    const bool fits =
        made.operands.size() == found->arguments &&
        std::all_of(made.operands.begin(), made.operands.end(), [&](const auto& argument) {
          return nodes ? argument.what == op::query : is_comparable(argument);
        });
    if (!fits) {
      at_ = begin;
      refuse("the function " + std::string{name} + " takes other arguments");
    }
    prepare_pattern(made);
    return made;
  }

  // NOLINTNEXTLINE(misc-no-recursion)
  void arguments(filter_expression& of) {
    expect('(');
    blanks();
    if (accept(')')) return;
    do {
      blanks();
      if (++depth_ > max_nesting) refuse("the filter is nested too deep");
      of.operands.push_back(operand());
      --depth_;
      blanks();
    } while (accept(','));
    expect(')');
  }

  static void prepare_pattern(filter_expression& of) {
    if (of.operands.size() != 2 || of.operands[1].what != op::text) return;
    if (auto pattern = i_regexp::parse(of.operands[1].text))
      of.pattern = std::make_shared<const i_regexp>(std::move(*pattern));
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t depth_ = 0;
  std::optional<std::string> problem_;
  std::size_t problem_at_ = 0;
};

} // namespace

bool json_path_query::singular() const {
  return std::all_of(segments.begin(), segments.end(), [](const path_segment& one) {
    return !one.descendant && one.selectors.size() == 1 &&
           (one.selectors[0].kind == selector_kind::name ||
            one.selectors[0].kind == selector_kind::index);
  });
}

result<json_path_query> parse_json_path(std::string_view text) {
  return parser{text}.read();
}

} // namespace apisync::specs
