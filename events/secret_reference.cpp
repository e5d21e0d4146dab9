#include "events/secret_reference.hpp"

#include <algorithm>
#include <cctype>
#include <iterator>

namespace apisync::events {

bool is_secret_reference(std::string_view text) {
  return text.starts_with("env:") || text.starts_with("file:");
}

bool is_header_reference(std::string_view value) {
  const auto space = value.find(' ');
  if (is_secret_reference(value) || space == std::string_view::npos)
    return is_secret_reference(value);
  const auto scheme = value.substr(0, space);
  return scheme.find(':') == std::string_view::npos && is_secret_reference(value.substr(space + 1));
}

bool is_secret_header(std::string_view name) {
  std::string lower{name};
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  if (lower == "cookie") return true;
  constexpr std::string_view words[] = {"auth", "token", "secret", "password", "key"};
  return std::any_of(std::begin(words), std::end(words),
                     [&](std::string_view word) { return lower.find(word) != std::string::npos; });
}

bool has_user(std::string_view url) {
  const auto scheme = url.find("://");
  if (scheme == std::string_view::npos) return false;
  const auto rest = url.substr(scheme + 3);
  return rest.substr(0, rest.find_first_of("/?#")).find('@') != std::string_view::npos;
}

} // namespace apisync::events
