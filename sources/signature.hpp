#pragma once

#include "specs/error.hpp"

#include <chrono>
#include <string>
#include <string_view>

/// Signatures of deliveries as Standard Webhooks 1.0.0 has them (standardwebhooks.com): so that
/// receivers can check them with what is there for their language.
namespace apisync::sources {

/// The key that a configured secret stands for: `whsec_` and base64 is the decoded key, anything
/// else its own bytes. Errors: `invalid_argument` for bad base64 or an empty key.
result<std::string> signing_key(std::string_view secret);

/// `v1,` and the base64 of HMAC-SHA256 (RFC 2104) under the key, over `ID.TIMESTAMP.BODY`, the
/// timestamp in seconds since 1970.
std::string sign(std::string_view key, std::string_view id, std::chrono::sys_seconds time,
                 std::string_view body);

} // namespace apisync::sources
