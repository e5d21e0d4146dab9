#pragma once

#include <string>
#include <string_view>

namespace apisync::events {

/// Whether a text says where a secret stands (`env:NAME`, `file:PATH`) instead of what it is.
[[nodiscard]] bool is_secret_reference(std::string_view text);

/// The same of a header's value, where a scheme may stand before: `Bearer env:TOKEN`.
[[nodiscard]] bool is_header_reference(std::string_view value);

/// Whether a header of that name usually carries a secret: `Authorization`, `Cookie`, and names
/// with `auth`, `token`, `secret`, `password` or `key`.
[[nodiscard]] bool is_secret_header(std::string_view name);

/// Whether the authority of a URL holds a user, with a password or without.
[[nodiscard]] bool has_user(std::string_view url);

} // namespace apisync::events
