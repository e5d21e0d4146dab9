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

/// A relative path behind the folder of a base.
std::string joined(std::string_view base, std::string_view relative) {
  std::string out;
  if (!relative.starts_with('/')) out = base.substr(0, base.rfind('/') + 1); // npos + 1 is 0
  return out.append(relative);
}

/// Without `.`, `..` and empty steps; a path that begins with `/` is never left.
std::string normal_path(std::string_view path) {
  const bool rooted = path.starts_with('/');
  std::vector<std::string_view> kept;
  for (std::string_view rest = path; !rest.empty();) {
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

/// RFC 3986 section 5.2: the query of the base goes where the reference says a path. Escapes stay:
/// `%2F` is no slash to a server.
std::string resolved_url(std::string_view base, std::string_view relative) {
  const auto origin = origin_of(base);
  auto path = base.substr(origin.size());
  auto query = path.substr(std::min(path.find_first_of("?#"), path.size()));
  path.remove_suffix(query.size());
  std::string target{path};
  if (!relative.empty()) {
    query = relative.substr(std::min(relative.find('?'), relative.size()));
    relative.remove_suffix(query.size());
    if (!relative.empty()) target = joined(path.empty() ? "/" : path, relative);
  }
  return std::string{origin}.append(normal_path(target)).append(query);
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

std::string_view origin_of(std::string_view address) {
  const auto colon = address.find("://");
  if (colon == std::string_view::npos || colon == 0 ||
      !std::all_of(address.begin(), address.begin() + static_cast<std::ptrdiff_t>(colon),
                   is_scheme_character))
    return {};
  return address.substr(0, address.find_first_of("/?#", colon + 3));
}

std::string resolve_address(std::string_view base, std::string_view relative) {
  if (!origin_of(relative).empty()) return resolved_url(relative, {});
  const auto origin = origin_of(base);
  if (origin.empty()) return normal_path(joined(base, percent_decode(relative)));
  if (relative.starts_with("//"))
    return resolved_url(std::string{origin.substr(0, origin.find(':') + 1)}.append(relative), {});
  return resolved_url(base, relative);
}

} // namespace apisync::specs
