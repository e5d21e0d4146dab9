#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace apisync::events {

/// How grave a change is to those who use an API, gravest first; docs/compatibility.md.
enum class change_level : std::uint8_t { error, warning, info };
constexpr auto all_values(change_level) {
  return std::array{change_level::error, change_level::warning, change_level::info};
}
std::string_view to_string(change_level value);

} // namespace apisync::events
