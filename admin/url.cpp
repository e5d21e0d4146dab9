#include "admin/url.hpp"

#include <algorithm>

namespace apisync::admin {
namespace {

int hex_value(char digit) {
  if (digit >= '0' && digit <= '9') return digit - '0';
  if (digit >= 'a' && digit <= 'f') return digit - 'a' + 10;
  if (digit >= 'A' && digit <= 'F') return digit - 'A' + 10;
  return -1;
}

bool is_unreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '.' || c == '_' || c == '~';
}

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

/// Cuts the text before the next `mark` off the front of `rest`.
std::string_view next_piece(std::string_view& rest, char mark) {
  auto const at = rest.find(mark);
  auto const piece = rest.substr(0, at);
  rest = at == std::string_view::npos ? std::string_view{} : rest.substr(at + 1);
  return piece;
}

std::optional<name_values> parse_query(std::string_view text) {
  name_values query;
  while (!text.empty()) {
    auto pair = next_piece(text, '&');
    if (pair.empty()) continue;
    auto name = percent_decode(next_piece(pair, '='), true);
    auto value = percent_decode(pair, true);
    if (!name || !value) return std::nullopt;
    query.emplace_back(std::move(*name), std::move(*value));
  }
  return query;
}

} // namespace

std::optional<std::string> percent_decode(std::string_view text, bool plus_is_space) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+' && plus_is_space) {
      decoded += ' ';
    } else if (text[i] != '%') {
      decoded += text[i];
    } else {
      auto const high = i + 2 < text.size() ? hex_value(text[i + 1]) : -1;
      auto const low = high < 0 ? -1 : hex_value(text[i + 2]);
      if (low < 0 || (high == 0 && low == 0)) return std::nullopt;
      decoded += static_cast<char>(high * 16 + low);
      i += 2;
    }
  }
  return decoded;
}

std::string percent_encode(std::string_view text) {
  static constexpr std::string_view digits = "0123456789ABCDEF";
  std::string encoded;
  encoded.reserve(text.size());
  for (char const c : text) {
    if (is_unreserved(c)) {
      encoded += c;
    } else {
      auto const byte = static_cast<unsigned char>(c);
      encoded += {'%', digits[byte >> 4U], digits[byte & 15U]};
    }
  }
  return encoded;
}

std::optional<request_target> parse_target(std::string_view target) {
  if (target.empty() || target.front() != '/') return std::nullopt;
  target = target.substr(0, target.find('#'));
  request_target parsed;
  auto const mark = target.find('?');
  parsed.path = target.substr(0, mark);
  auto query = parse_query(mark == std::string_view::npos ? "" : target.substr(mark + 1));
  if (!query) return std::nullopt;
  parsed.query = std::move(*query);
  std::string_view rest = std::string_view{parsed.path}.substr(1);
  bool more = !rest.empty();
  while (more) {
    more = rest.find('/') != std::string_view::npos;
    auto segment = percent_decode(next_piece(rest, '/'));
    if (!segment) return std::nullopt;
    parsed.segments.push_back(std::move(*segment));
  }
  return parsed;
}

std::string to_lower(std::string_view text) {
  std::string lowered{text};
  std::ranges::transform(lowered, lowered.begin(), lower);
  return lowered;
}

bool equals_ignoring_case(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, {}, lower, lower);
}

std::string_view trim(std::string_view text) {
  auto const first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

} // namespace apisync::admin
