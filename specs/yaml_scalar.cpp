#include "specs/yaml_scalar.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>

namespace apisync::specs {

namespace {

template <std::size_t N>
bool one_of(std::string_view text, const std::array<std::string_view, N>& words) {
  return std::find(words.begin(), words.end(), text) != words.end();
}

constexpr std::array<std::string_view, 5> nulls{"", "~", "null", "Null", "NULL"};
constexpr std::array<std::string_view, 3> trues{"true", "True", "TRUE"};
constexpr std::array<std::string_view, 3> falses{"false", "False", "FALSE"};
constexpr std::array<std::string_view, 3> infinities{".inf", ".Inf", ".INF"};
constexpr std::array<std::string_view, 3> not_numbers{".nan", ".NaN", ".NAN"};

std::string_view take_digits(std::string_view& text) {
  const auto length = std::min(text.find_first_not_of("0123456789"), text.size());
  const auto digits = text.substr(0, length);
  text.remove_prefix(length);
  return digits;
}

yaml_scalar in_base(std::string_view digits, int base) {
  yaml_scalar scalar;
  constexpr std::string_view all = "0123456789abcdefABCDEF";
  const auto allowed = base == 8 ? all.substr(0, 8) : all;
  if (digits.empty() || digits.find_first_not_of(allowed) != std::string_view::npos) return scalar;
  std::uint64_t value = 0;
  const auto outcome = std::from_chars(digits.data(), digits.data() + digits.size(), value, base);
  if (outcome.ec != std::errc{}) {
    scalar.not_representable = true;
    return scalar;
  }
  scalar.kind = kind::number;
  scalar.number = std::to_string(value);
  return scalar;
}

/// [-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?
yaml_scalar decimal(std::string_view text) {
  yaml_scalar scalar;
  std::string number;
  if (text.front() == '-') number = '-';
  if (text.front() == '-' || text.front() == '+') text.remove_prefix(1);

  auto whole = take_digits(text);
  const bool has_whole = !whole.empty();
  while (whole.size() > 1 && whole.front() == '0')
    whole.remove_prefix(1);
  number += has_whole ? whole : "0";

  if (text.starts_with('.')) {
    text.remove_prefix(1);
    const auto fraction = take_digits(text);
    if (fraction.empty() && !has_whole) return scalar;
    if (!fraction.empty()) number.append(".").append(fraction);
  } else if (!has_whole) {
    return scalar;
  }

  if (text.starts_with('e') || text.starts_with('E')) {
    number += text.front();
    text.remove_prefix(1);
    if (text.starts_with('-') || text.starts_with('+')) {
      number += text.front();
      text.remove_prefix(1);
    }
    const auto exponent = take_digits(text);
    if (exponent.empty()) return scalar;
    number += exponent;
  }
  if (!text.empty()) return scalar;
  scalar.kind = kind::number;
  scalar.number = std::move(number);
  return scalar;
}

} // namespace

yaml_scalar resolve_plain(std::string_view text) {
  yaml_scalar scalar;
  constexpr std::string_view first_of_special = "~nNtTfF.-+0123456789";
  if (!text.empty() && first_of_special.find(text.front()) == std::string_view::npos) return scalar;

  if (one_of(text, nulls)) {
    scalar.kind = kind::null;
  } else if (one_of(text, trues) || one_of(text, falses)) {
    scalar.kind = kind::boolean;
    scalar.boolean = one_of(text, trues);
  } else if (text.starts_with("0x")) {
    return in_base(text.substr(2), 16);
  } else if (text.starts_with("0o")) {
    return in_base(text.substr(2), 8);
  } else if (auto bare = text.substr(text.front() == '-' || text.front() == '+' ? 1 : 0);
             one_of(bare, infinities) || one_of(text, not_numbers)) {
    scalar.not_representable = true;
  } else if (first_of_special.substr(7).find(text.front()) != std::string_view::npos) {
    return decimal(text);
  }
  return scalar;
}

} // namespace apisync::specs
