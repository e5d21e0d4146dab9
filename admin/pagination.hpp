#pragma once

#include "admin/message.hpp"
#include "specs/error.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace apisync::admin {

/// Base64 with the URL alphabet and without padding (RFC 4648 §5).
std::string base64url_encode(std::string_view bytes);

/// The inverse; nothing for other characters, padding or stray bits.
std::optional<std::string> base64url_decode(std::string_view text);

/// Which part of a list is asked for.
struct page_request {
  static constexpr std::size_t limit_default = 100;
  static constexpr std::size_t limit_most = 1000;

  std::size_t limit = limit_default;
  std::string after; ///< The key of the last item seen, exclusive; empty at the start.
};

/// Reads `limit` (1 to 1000) and `cursor`. Fails with `invalid_argument`.
result<page_request> parse_page(const request& asked);

/// The cursor that goes on after the item with that key. Opaque to clients; kept across restarts.
std::string make_cursor(std::string_view last_key);

} // namespace apisync::admin
