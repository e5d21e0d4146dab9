#include "specs/version_order.hpp"

#include <algorithm>
#include <cctype>
#include <compare>

namespace apisync::specs {

namespace {

/// Takes the text up to the separator off the front.
std::string_view take_part(std::string_view& rest, char separator) {
  const auto end = rest.find(separator);
  const auto part = rest.substr(0, end);
  rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
  return part;
}

bool is_number(std::string_view part) {
  return !part.empty() && std::all_of(part.begin(), part.end(), [](char c) {
    return std::isdigit(static_cast<unsigned char>(c)) != 0;
  });
}

int sign(std::strong_ordering order) {
  return order < 0 ? -1 : order > 0 ? 1 : 0;
}

int compare_parts(std::string_view left, std::string_view right) {
  if (is_number(left) && is_number(right)) {
    left.remove_prefix(std::min(left.find_first_not_of('0'), left.size()));
    right.remove_prefix(std::min(right.find_first_not_of('0'), right.size()));
    if (left.size() != right.size()) return left.size() < right.size() ? -1 : 1;
  }
  return sign(left <=> right);
}

int compare_dotted(std::string_view left, std::string_view right, std::string_view filler) {
  while (!left.empty() || !right.empty()) {
    const auto a = left.empty() ? filler : take_part(left, '.');
    const auto b = right.empty() ? filler : take_part(right, '.');
    if (const int order = compare_parts(a, b); order != 0) return order;
  }
  return 0;
}

} // namespace

int compare_versions(std::string_view left, std::string_view right) {
  left = take_part(left, '+');
  right = take_part(right, '+');
  if (left.starts_with('v')) left.remove_prefix(1);
  if (right.starts_with('v')) right.remove_prefix(1);
  const auto left_core = take_part(left, '-');
  const auto right_core = take_part(right, '-');
  if (const int order = compare_dotted(left_core, right_core, "0"); order != 0) return order;
  if (left.empty() != right.empty()) return left.empty() ? 1 : -1;
  return compare_dotted(left, right, "");
}

} // namespace apisync::specs
