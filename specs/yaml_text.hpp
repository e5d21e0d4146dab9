#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace apisync::specs {

/// Appends a string as a YAML scalar on one line: plain where every reader takes it for that string
/// (YAML 1.1 readers included), else in single quotes, else in double quotes with escapes.
void append_yaml_flow(std::string& out, std::string_view text);

/// How a one-line scalar is to be written, where its text allows that.
enum class scalar_quotes : std::uint8_t { only_needed, always_single, always_double };

/// Likewise, in the way that its surroundings are written.
///
/// @param needed what is used where quotes are needed: `'` or `"`
/// @param in_flow the scalar stands within brackets, where commas and brackets need quotes
void append_yaml_scalar(std::string& out, std::string_view text, scalar_quotes wanted, char needed,
                        bool in_flow);

/// Whether a string of several lines can be a literal block (`|`) and come back as it is.
[[nodiscard]] bool fits_literal_block(std::string_view text);

/// Appends a literal block: its header and its lines, indented, without the last one's end.
/// @pre fits_literal_block(text)
void append_literal_block(std::string& out, std::string_view text, std::size_t indent,
                          std::string_view line_end);

} // namespace apisync::specs
