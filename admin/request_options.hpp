#pragma once

#include "admin/message.hpp"
#include "specs/error.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace apisync::admin {

/// A moment of the past: a sequence of the log, or a time (UTC, microseconds).
using moment = std::variant<std::uint64_t, std::chrono::sys_time<std::chrono::microseconds>>;

/// Reads `?at=SEQ|TIME`: a number is a sequence, anything else RFC 3339. Nothing when it was not
/// given; fails with `invalid_argument`.
result<std::optional<moment>> parse_at(const request& asked);

/// The longest `Idempotency-Key` accepted.
inline constexpr std::size_t idempotency_key_bytes_max = 200;

/// The value of `Idempotency-Key`; empty when there is none. Fails with `invalid_argument` for one
/// that is too long or has characters outside visible ASCII.
result<std::string> idempotency_key(const request& asked);

/// A whole number in the query, within the bounds; nothing when it was not given.
result<std::optional<std::uint64_t>> parse_number(const request& asked, std::string_view name,
                                                  std::uint64_t least, std::uint64_t most);

} // namespace apisync::admin
