#pragma once

#include <string>
#include <string_view>

namespace apisync::specs {

/// A reference (RFC 3986) in two parts: `FILE#FRAGMENT`.
struct reference_address {
  std::string_view file;     ///< Empty: this document.
  std::string_view fragment; ///< Without `#`; empty: the whole document.
};

[[nodiscard]] reference_address split_reference(std::string_view reference);

/// Whether a reference names a scheme (`https:`) or a host (`//host`), so that it is no file beside
/// the document.
[[nodiscard]] bool is_remote(std::string_view reference);

/// The address of a relative path that stands in a file, with `.`, `..` and percent escapes undone.
[[nodiscard]] std::string resolve_address(std::string_view base, std::string_view relative);

/// RFC 3986 section 2.1; a `%` that begins no escape stays.
[[nodiscard]] std::string percent_decode(std::string_view text);

} // namespace apisync::specs
