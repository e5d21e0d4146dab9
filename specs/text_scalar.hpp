#pragma once

#include "specs/text_style.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace apisync::specs {

/// Appends a scalar or an empty container on one line of YAML, quoted like the value that it takes
/// the place of.
void append_word(std::string& out, node value, spelling as, const text_style& style, bool in_flow);

/// A block scalar (`|`, `>`) with another string in it: its header, its indentation, and every line
/// that did not change. Nothing where that string needs another kind of scalar.
///
/// @param written from its anchor or header on, without the last line's end
[[nodiscard]] std::optional<std::string>
respelled_block(std::string_view written, std::string_view value, std::string_view line_end);

} // namespace apisync::specs
