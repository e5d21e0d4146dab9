#pragma once

#include "specs/error.hpp"

#include <cstdint>
#include <string>

namespace apisync::sources {

/// The parts of an http or https URL (RFC 3986) that decide where a request goes.
struct http_url {
  std::string scheme; ///< `http` or `https`
  std::string host;   ///< As curl normalises it; an IPv6 address without brackets.
  std::uint16_t port = 0;
  std::string text;      ///< The whole URL, ready to be requested.
  std::string printable; ///< Without user, query and fragment, which may hold secrets.

  /// Whether both have the same scheme, host and port (RFC 6454).
  [[nodiscard]] bool same_origin(const http_url& other) const {
    return scheme == other.scheme && host == other.host && port == other.port;
  }

  /// Errors: `invalid_argument` for anything but http and https, and for a URL that has a user or
  /// a password, which belong into a header by reference.
  static result<http_url> parse(const std::string& text);
};

} // namespace apisync::sources
