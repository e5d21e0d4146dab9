#include "specs/reference_address.hpp"

#include <algorithm>
#include <vector>

namespace apisync::specs {

namespace {

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool is_scheme_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '+' ||
         c == '-' || c == '.';
}

} // namespace

std::string percent_decode(std::string_view text) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const int high = text[i] == '%' && i + 2 < text.size() ? hex_value(text[i + 1]) : -1;
    const int low = high >= 0 ? hex_value(text[i + 2]) : -1;
    if (low < 0) {
      decoded += text[i];
      continue;
    }
    decoded += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return decoded;
}

reference_address split_reference(std::string_view reference) {
  const auto hash = reference.find('#');
  if (hash == std::string_view::npos) return {reference, {}};
  return {reference.substr(0, hash), reference.substr(hash + 1)};
}

bool is_remote(std::string_view reference) {
  if (reference.starts_with("//")) return true;
  const auto colon = reference.find(':');
  return colon != std::string_view::npos && colon > 1 && // one letter is a drive, no scheme
         std::all_of(reference.begin(), reference.begin() + static_cast<std::ptrdiff_t>(colon),
                     is_scheme_character);
}

std::string resolve_address(std::string_view base, std::string_view relative) {
  const auto decoded = percent_decode(relative);
  std::string joined;
  if (!decoded.starts_with('/')) joined = base.substr(0, base.rfind('/') + 1); // npos + 1 is 0
  joined += decoded;
  const bool rooted = joined.starts_with('/');
  std::vector<std::string_view> kept;
  for (std::string_view rest = joined; !rest.empty();) {
    const auto end = std::min(rest.find('/'), rest.size());
    const auto step = rest.substr(0, end);
    if (step == ".." && !kept.empty() && kept.back() != "..")
      kept.pop_back();
    else if (!step.empty() && step != "." && !(step == ".." && rooted))
      kept.push_back(step);
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  std::string made = rooted ? "/" : "";
  for (const auto step : kept)
    made += (made.empty() || made == "/" ? "" : "/") + std::string{step};
  return made;
}

} // namespace apisync::specs
