#pragma once

#include "specs/error.hpp"

#include <chrono>
#include <string>
#include <string_view>

namespace apisync::events {

/// Reads a length of time as people write it: `30s`, `5m`, `1h30m`, `500ms`, `7d`, `2w`, largest
/// unit first and each at most once, or a plain integer of milliseconds. Never negative, at most
/// 100 years. Fails with invalid_argument.
result<std::chrono::milliseconds> parse_duration(std::string_view text);

/// The inverse: the shortest text that reads back the same, as `1h30m`; `0s` for nothing.
std::string print_duration(std::chrono::milliseconds value);

} // namespace apisync::events
