#include "specs/i_regexp.hpp"

#include <algorithm>
#include <limits>
#include <string>

namespace apisync::specs {

namespace {

constexpr std::size_t max_program = 20'000;
constexpr std::size_t max_nesting = 100;
constexpr std::size_t unlimited = std::numeric_limits<std::size_t>::max();

using range = i_regexp::range;
using instruction = i_regexp::instruction;
using program = std::vector<instruction>;

/// The first character of a UTF-8 text, which is taken off it.
char32_t take(std::string_view& text) {
  const auto lead = static_cast<unsigned char>(text.front());
  const std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  char32_t value = length == 1 ? lead : lead & (0xFFU >> (length + 1));
  for (std::size_t i = 1; i < length && i < text.size(); ++i)
    value = (value << 6U) | (static_cast<unsigned char>(text[i]) & 0x3FU);
  text.remove_prefix(std::min(length, text.size()));
  return value;
}

/// RFC 9485 section 4: an expression is read straight into the steps of its automaton.
class reader {
public:
  explicit reader(std::string_view pattern) : rest_{pattern} {}

  std::optional<program> read() {
    auto made = alternatives(0);
    if (!made || !rest_.empty()) return std::nullopt;
    made->push_back({});
    return made;
  }

private:
  [[nodiscard]] bool at(char c) const { return !rest_.empty() && rest_.front() == c; }
  bool accept(char c) {
    if (!at(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }

  /// Programs address their steps from their own start.
  static void append(program& to, const program& from) {
    const auto offset = to.size();
    for (auto step : from) {
      step.next += offset;
      step.other += offset;
      to.push_back(std::move(step));
    }
  }
  static instruction split(std::size_t next, std::size_t other) {
    return {instruction::kind::split, {}, false, next, other};
  }
  static instruction jump(std::size_t next) {
    return {instruction::kind::jump, {}, false, next, 0};
  }

  // NOLINTNEXTLINE(misc-no-recursion): bounded by max_nesting
  std::optional<program> alternatives(std::size_t depth) {
    if (depth > max_nesting) return std::nullopt;
    auto left = branch(depth);
    while (left && accept('|')) {
      const auto right = branch(depth);
      if (!right) return std::nullopt;
      program both;
      both.push_back(split(1, left->size() + 2));
      append(both, *left);
      both.push_back(jump(left->size() + 2 + right->size()));
      append(both, *right);
      if (both.size() > max_program) return std::nullopt;
      left = std::move(both);
    }
    return left;
  }

  // NOLINTNEXTLINE(misc-no-recursion)
  std::optional<program> branch(std::size_t depth) {
    program made;
    while (!rest_.empty() && !at('|') && !at(')')) {
      auto piece = atom(depth);
      if (!piece) return std::nullopt;
      auto repeated = quantified(std::move(*piece));
      if (!repeated) return std::nullopt;
      append(made, *repeated);
      if (made.size() > max_program) return std::nullopt;
    }
    return made;
  }

  std::optional<program> quantified(program piece) {
    if (accept('*')) return repeat(piece, 0, unlimited);
    if (accept('+')) return repeat(piece, 1, unlimited);
    if (accept('?')) return repeat(piece, 0, 1);
    if (!accept('{')) return piece;
    const auto least = number();
    if (!least) return std::nullopt;
    auto most = least;
    if (accept(',')) most = at('}') ? std::optional{unlimited} : number();
    if (!most || !accept('}') || *least > *most) return std::nullopt;
    return repeat(piece, *least, *most);
  }

  std::optional<std::size_t> number() {
    std::size_t value = 0;
    const auto before = rest_.size();
    while (!rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9') {
      value = value * 10 + static_cast<std::size_t>(rest_.front() - '0');
      if (value > max_program) return std::nullopt;
      rest_.remove_prefix(1);
    }
    return rest_.size() == before ? std::nullopt : std::optional{value};
  }

  static std::optional<program> repeat(const program& piece, std::size_t least, std::size_t most) {
    program made;
    const auto copies = most == unlimited ? least + 1 : most;
    if ((piece.size() + 2) * copies > max_program) return std::nullopt;
    for (std::size_t i = 0; i < least; ++i)
      append(made, piece);
    if (most == unlimited) {
      const auto loop = made.size();
      made.push_back(split(loop + 1, loop + piece.size() + 2));
      append(made, piece);
      made.push_back(jump(loop));
      return made;
    }
    for (auto i = least; i < most; ++i) {
      const auto here = made.size();
      made.push_back(split(here + 1, here + 1 + piece.size()));
      append(made, piece);
    }
    return made;
  }

  // NOLINTNEXTLINE(misc-no-recursion)
  std::optional<program> atom(std::size_t depth) {
    if (accept('(')) {
      auto inner = alternatives(depth + 1);
      if (!inner || !accept(')')) return std::nullopt;
      return inner;
    }
    if (accept('[')) return char_class();
    if (accept('.')) return one({{'\n', '\n'}, {'\r', '\r'}}, true);
    if (accept('\\')) {
      const auto c = escaped();
      if (!c) return std::nullopt;
      return one({{*c, *c}}, false);
    }
    if (std::string_view{"*+?{}]"}.find(rest_.front()) != std::string_view::npos)
      return std::nullopt;
    const auto c = take(rest_);
    return one({{c, c}}, false);
  }

  static program one(std::vector<range> ranges, bool negated) {
    return {{instruction::kind::character, std::move(ranges), negated, 1, 0}};
  }

  std::optional<char32_t> escaped() {
    if (rest_.empty()) return std::nullopt;
    const auto c = rest_.front();
    rest_.remove_prefix(1);
    if (c == 'n') return U'\n';
    if (c == 'r') return U'\r';
    if (c == 't') return U'\t';
    if (std::string_view{"()*+-.?[\\]^{|}"}.find(c) == std::string_view::npos) return std::nullopt;
    return static_cast<char32_t>(c);
  }

  std::optional<char32_t> class_character() {
    if (rest_.empty() || at('[') || at(']')) return std::nullopt;
    if (accept('\\')) return escaped();
    return take(rest_);
  }

  std::optional<program> char_class() {
    const bool negated = accept('^');
    std::vector<range> ranges;
    if (accept('-')) ranges.push_back({'-', '-'});
    while (!at(']')) {
      const bool literal_dash = at('-');
      const auto first = class_character();
      if (!first) return std::nullopt;
      if (literal_dash && !at(']')) return std::nullopt; // a dash stands first or last
      auto last = first;
      if (at('-') && rest_.size() > 1 && rest_[1] != ']') {
        rest_.remove_prefix(1);
        last = class_character();
        if (!last || *last < *first) return std::nullopt;
      }
      ranges.push_back({*first, *last});
    }
    rest_.remove_prefix(1);
    if (ranges.empty()) return std::nullopt;
    return one(std::move(ranges), negated);
  }

  std::string_view rest_;
};

bool takes(const instruction& step, char32_t c) {
  const bool inside = std::any_of(step.ranges.begin(), step.ranges.end(),
                                  [&](const range& r) { return r.first <= c && c <= r.last; });
  return inside != step.negated;
}

/// The steps that an automaton is at, each once.
class state_set {
public:
  explicit state_set(const program& of) : program_{&of}, member_(of.size(), false) {}

  void add(std::size_t start) {
    todo_.push_back(start);
    while (!todo_.empty()) {
      const auto at = todo_.back();
      todo_.pop_back();
      if (member_[at]) continue;
      member_[at] = true;
      const auto& step = (*program_)[at];
      if (step.what == instruction::kind::split) todo_.push_back(step.other);
      if (step.what == instruction::kind::split || step.what == instruction::kind::jump)
        todo_.push_back(step.next);
      else
        active_.push_back(at);
      accepting_ = accepting_ || step.what == instruction::kind::accept;
    }
  }
  void clear() {
    std::fill(member_.begin(), member_.end(), false);
    active_.clear();
    accepting_ = false;
  }
  [[nodiscard]] bool accepting() const { return accepting_; }
  [[nodiscard]] const std::vector<std::size_t>& active() const { return active_; }

private:
  const program* program_;
  std::vector<bool> member_;
  std::vector<std::size_t> active_, todo_;
  bool accepting_ = false;
};

} // namespace

std::optional<i_regexp> i_regexp::parse(std::string_view pattern) {
  auto steps = reader{pattern}.read();
  if (!steps) return std::nullopt;
  i_regexp made;
  made.program_ = std::move(*steps);
  return made;
}

bool i_regexp::run(std::string_view text, bool whole) const {
  state_set now{program_};
  state_set next{program_};
  now.add(0);
  while (!text.empty()) {
    if (!whole && now.accepting()) return true;
    const auto c = take(text);
    for (const auto at : now.active())
      if (const auto& step = program_[at];
          step.what == instruction::kind::character && takes(step, c))
        next.add(step.next);
    if (!whole) next.add(0);
    std::swap(now, next);
    next.clear();
    if (whole && now.active().empty()) return false;
  }
  return now.accepting();
}

} // namespace apisync::specs
