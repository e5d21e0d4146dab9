#pragma once

#include "specs/document.hpp"

#include <string>
#include <string_view>

namespace apisync::specs {

/// The node as JSON, members in document order. `indent` 0 is the compact form without any space,
/// else the spaces per level. The result parses to the same content. No final newline.
[[nodiscard]] std::string to_json(node value, unsigned indent = 0);

/// The node as YAML in block style, members in document order, with a final newline. It reads back
/// as the same content under YAML 1.2, and strings that YAML 1.1 takes for something else are
/// quoted.
[[nodiscard]] std::string to_yaml(node value);

/// Appends a JSON string with its quotes; everything but quotes, backslashes and control characters
/// stands as it is.
void append_json_string(std::string& out, std::string_view text);

} // namespace apisync::specs
