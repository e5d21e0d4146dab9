#include "specs/canonical.hpp"

#include <charconv>

namespace apisync::specs {

std::string canonical_number(std::string_view text) {
  constexpr std::size_t max_exponent_digits = 9;
  auto rest = text;
  const bool negative = rest.starts_with('-');
  if (negative) rest.remove_prefix(1);

  const auto mark = std::min(rest.find_first_of("eE"), rest.size());
  auto exponent_text = rest.substr(std::min(mark + 1, rest.size()));
  if (exponent_text.starts_with('+')) exponent_text.remove_prefix(1);
  if (exponent_text.size() > max_exponent_digits) return std::string{text};
  long long exponent = 0;
  std::from_chars(exponent_text.data(), exponent_text.data() + exponent_text.size(), exponent);

  std::string digits;
  bool in_fraction = false;
  for (const char c : rest.substr(0, mark)) {
    if (c == '.') {
      in_fraction = true;
      continue;
    }
    digits += c;
    if (in_fraction) --exponent;
  }
  const auto first = digits.find_first_not_of('0');
  if (first == std::string::npos) return "0";
  digits.erase(0, first);
  const auto last = digits.find_last_not_of('0');
  exponent += static_cast<long long>(digits.size() - 1 - last);
  digits.resize(last + 1);

  std::string number = negative ? "-" : "";
  number += digits;
  if (exponent != 0) number += 'e' + std::to_string(exponent);
  return number;
}

} // namespace apisync::specs
