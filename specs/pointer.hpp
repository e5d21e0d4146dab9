#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace apisync::specs {

/// A token as it stands in a JSON pointer (RFC 6901 section 3): `~` as `~0`, `/` as `~1`.
[[nodiscard]] std::string escape_token(std::string_view token);

/// Appends `/` and the escaped token.
void append_token(std::string& pointer, std::string_view token);

/// The inverse of `escape_token`; nothing where a `~` is followed by neither `0` nor `1`.
[[nodiscard]] std::optional<std::string> unescape_token(std::string_view token);

/// The unescaped tokens of a pointer; nothing for text that is not a JSON pointer. The empty
/// pointer names the whole document and has none.
[[nodiscard]] std::optional<std::vector<std::string>> split_pointer(std::string_view pointer);

/// The element that a token names in an array (digits without a leading zero), or nothing.
[[nodiscard]] std::optional<std::size_t> array_index(std::string_view token);

} // namespace apisync::specs
