#pragma once

#include "admin/message.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace apisync::admin {

/// What the head of a request may be.
struct head_limits {
  std::size_t target_bytes = 4096;
  std::size_t fields = 100;
};

/// Why a head is refused before anything else reads it. The connection ends after the answer.
struct head_refusal {
  int status = 400;
  std::string detail;
};

/// What the guard learns from a head.
struct head_facts {
  bool must_close =
      false; ///< A body that this method has no use for would be read as the next request.
  /// No length is stated, so there is no body (RFC 9112 §6.3), though the method could have one.
  bool unstated_body = false;
};

/// Checks the head of an HTTP/1.1 request, request line to blank line: one meaning only (no bare
/// line feeds, no folded fields, one length; RFC 9112 §6.3), at most one range, no encoded body.
std::optional<head_refusal> check_head(std::string_view head, const head_limits& limits,
                                       head_facts& facts);

} // namespace apisync::admin
