#pragma once

#include "specs/error.hpp"

#include <cstddef>
#include <string>

namespace apisync::tools {

/// The parsers that documents are measured beside. Each only parses, and keeps nothing.

/// simdjson's DOM with a new parser, as a command line that reads one document has it. A text whose
/// capacity has room for `simdjson_padding` more is not copied.
result<void> simdjson_parses(const std::string& text);
inline constexpr std::size_t simdjson_padding = 64;

/// libyaml's events, looked at no further.
result<void> libyaml_parses(const std::string& text);

} // namespace apisync::tools
