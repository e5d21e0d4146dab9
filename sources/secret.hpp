#pragma once

#include "sources/roots.hpp"
#include "specs/error.hpp"

#include <string>
#include <string_view>

namespace apisync::sources {

/// The value that a configured text stands for: `env:NAME` is the environment variable, `file:PATH`
/// the content of a file inside the roots (64 KiB at most, line ends at its end dropped), and
/// anything else itself. A scheme may stand before a reference: `Bearer env:TOKEN`.
/// Errors: `not_found`, `forbidden`, `invalid_argument` (a value with control characters), `io`;
/// the message has the name only, never the value.
result<std::string> resolve_secret(std::string_view text, const roots& allowed);

/// The text that `env:NAME` or `file:PATH` names, with all its lines; 1 MiB at most. Errors as
/// above, and `invalid_argument` for a text that is no reference.
result<std::string> resolve_text(std::string_view reference, const roots& allowed);

/// Whether the text refers to a value elsewhere; such a value is kept to the origin it is meant
/// for.
bool is_reference(std::string_view text);

} // namespace apisync::sources
