#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace apisync::admin {

/// Decodes `%XX` (RFC 3986 §2.1); nothing for a broken escape or one that makes a NUL. With
/// `plus_is_space`, `+` becomes a space, as in query strings.
std::optional<std::string> percent_decode(std::string_view text, bool plus_is_space = false);

/// Encodes everything but the unreserved characters of RFC 3986 §2.3: fit for one path segment or
/// one query value.
std::string percent_encode(std::string_view text);

/// Names and values in the order in which they came.
using name_values = std::vector<std::pair<std::string, std::string>>;

/// The target of a request, split before it is decoded: an encoded slash stays inside its segment.
struct request_target {
  std::string path;                  ///< As sent, without the query.
  std::vector<std::string> segments; ///< Decoded; `/` has none, `/a/` has `a` and an empty one.
  name_values query;                 ///< Decoded.
};

/// Splits an origin-form target (RFC 9112 §3.2.1); nothing for another form or a broken escape.
std::optional<request_target> parse_target(std::string_view target);

/// ASCII letters made small; everything else as it is.
std::string to_lower(std::string_view text);

/// Equal but for the case of ASCII letters.
bool equals_ignoring_case(std::string_view a, std::string_view b);

/// Without spaces and tabs at both ends.
std::string_view trim(std::string_view text);

} // namespace apisync::admin
