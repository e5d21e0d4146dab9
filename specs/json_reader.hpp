#pragma once

#include "specs/parse_limits.hpp"

#include <string_view>

namespace apisync::specs {

/// Reads a JSON text (RFC 8259) into the target. A reader of our own, for simdjson tells neither
/// where a value stands nor where a text breaks; it is as fast in filling the tree.
/// @pre `text` is UTF-8, without a byte order mark
[[nodiscard]] result<void> read_json(std::string_view text, parse_target& target);

} // namespace apisync::specs
