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

/// `scheme://authority` of a URL; empty for a path.
[[nodiscard]] std::string_view origin_of(std::string_view address);

/// The address of a relative reference that stands in a file. A path comes with `.`, `..` and
/// percent escapes undone; where the file is a URL, the result is one too (RFC 3986 section 5.2),
/// never above its origin, with its escapes as they are.
[[nodiscard]] std::string resolve_address(std::string_view base, std::string_view relative);

/// RFC 3986 section 2.1; a `%` that begins no escape stays.
[[nodiscard]] std::string percent_decode(std::string_view text);

} // namespace apisync::specs
