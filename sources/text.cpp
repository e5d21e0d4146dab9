#include "sources/text.hpp"

#include <algorithm>
#include <cstdint>

namespace apisync::sources {

namespace {

/// How many bytes the character at the front has (RFC 3629); 0 when there is none.
std::size_t character_bytes(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  const auto lead = byte(0);
  if (lead < 0x80) return 1;
  const std::size_t length = lead >= 0xC2 && lead < 0xE0   ? 2
                             : lead >= 0xE0 && lead < 0xF0 ? 3
                             : lead >= 0xF0 && lead < 0xF5 ? 4
                                                           : 0;
  if (length == 0 || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i)
    if ((byte(i) & 0xC0U) != 0x80) return 0;
  const bool overlong = (lead == 0xE0 && byte(1) < 0xA0) || (lead == 0xF0 && byte(1) < 0x90);
  const bool outside = (lead == 0xED && byte(1) >= 0xA0) || (lead == 0xF4 && byte(1) >= 0x90);
  return overlong || outside ? 0 : length;
}

} // namespace

std::string clean_text(std::string_view text, std::size_t bytes_max) {
  std::string clean;
  while (!text.empty()) {
    const auto length = character_bytes(text);
    std::string_view character = length == 0 ? "\xEF\xBF\xBD" : text.substr(0, length);
    if (length == 1 && (static_cast<std::uint8_t>(text.front()) < 0x20 || text.front() == 0x7F))
      character = " ";
    if (clean.size() + character.size() > bytes_max) break;
    clean += character;
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return clean;
}

} // namespace apisync::sources
