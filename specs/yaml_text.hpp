#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace apisync::specs {

/// Appends a string as a YAML scalar on one line: plain where every reader takes it for that string
/// (YAML 1.1 readers included), else in single quotes, else in double quotes with escapes.
void append_yaml_flow(std::string& out, std::string_view text);

/// Whether a string of several lines can be a literal block (`|`) and come back as it is.
[[nodiscard]] bool fits_literal_block(std::string_view text);

/// Appends a literal block with its header, its lines indented, and a final newline.
/// @pre fits_literal_block(text)
void append_literal_block(std::string& out, std::string_view text, std::size_t indent);

} // namespace apisync::specs
