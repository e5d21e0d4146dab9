#pragma once

#include "specs/parse_limits.hpp"

#include <string_view>

namespace apisync::specs {

/// Reads a YAML 1.2 text with the core schema into the target. Aliases are written out, merge keys
/// (`<<`) applied; a key that is no string becomes the text that it is written with.
/// @pre `text` is UTF-8, without a byte order mark
[[nodiscard]] result<void> read_yaml(std::string_view text, parse_target& target);

} // namespace apisync::specs
