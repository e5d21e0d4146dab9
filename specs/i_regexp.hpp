#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace apisync::specs {

/// A regular expression of RFC 9485 (I-Regexp), without character properties (`\p{L}`). Matches in
/// time proportional to text times expression, whatever both are.
class i_regexp {
public:
  /// Nothing for text that is no I-Regexp, has a character property, or is too large.
  [[nodiscard]] static std::optional<i_regexp> parse(std::string_view pattern);

  /// Whether the whole of a text matches. @pre `text` is UTF-8
  [[nodiscard]] bool matches(std::string_view text) const { return run(text, true); }
  /// Whether any part of it does.
  [[nodiscard]] bool finds(std::string_view text) const { return run(text, false); }

  /// Steps that a character of a text takes at most.
  [[nodiscard]] std::size_t size() const { return program_.size(); }

  struct range {
    char32_t first = 0, last = 0;
  };

  /// One step of the automaton.
  struct instruction {
    enum class kind : std::uint8_t { character, split, jump, accept };
    kind what = kind::accept;
    std::vector<range> ranges; ///< Of a character.
    bool negated = false;
    std::size_t next = 0, other = 0;
  };

private:
  [[nodiscard]] bool run(std::string_view text, bool whole) const;

  std::vector<instruction> program_;
};

} // namespace apisync::specs
