#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace apisync::sources {

/// Text from outside, fit for messages and the log: valid UTF-8 (each byte that is not part of a
/// character becomes U+FFFD), control characters as blanks, cut before the character that would
/// exceed `bytes_max`.
std::string clean_text(std::string_view text, std::size_t bytes_max);

} // namespace apisync::sources
