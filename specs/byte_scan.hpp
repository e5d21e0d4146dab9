#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace apisync::specs {

/// A quote, a backslash or a control character: what a JSON string cannot hold as it is.
constexpr bool is_json_special(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\';
}

/// The first special byte of a text, or its end.
inline const char* find_json_special(const char* at, const char* end) {
#if defined(__SSE2__)
  const auto quote = _mm_set1_epi8('"');
  const auto backslash = _mm_set1_epi8('\\');
  const auto last_control = _mm_set1_epi8(0x1F);
  for (; end - at >= 16; at += 16) {
    const auto bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
    const auto control = _mm_cmpeq_epi8(_mm_max_epu8(bytes, last_control), last_control);
    const auto found = _mm_or_si128(
        control, _mm_or_si128(_mm_cmpeq_epi8(bytes, quote), _mm_cmpeq_epi8(bytes, backslash)));
    if (const auto mask = static_cast<unsigned>(_mm_movemask_epi8(found)); mask != 0)
      return at + std::countr_zero(mask);
  }
#endif
  while (at != end && !is_json_special(*at))
    ++at;
  return at;
}

/// The first byte of a text that is no space, or its end.
inline const char* find_no_space(const char* at, const char* end) {
#if defined(__SSE2__)
  const auto space = _mm_set1_epi8(' ');
  for (; end - at >= 16; at += 16) {
    const auto bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
    const auto same = static_cast<unsigned>(_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, space)));
    if (same != 0xFFFF) return at + std::countr_one(same);
  }
#endif
  while (at != end && *at == ' ')
    ++at;
  return at;
}

/// What 16 bytes of UTF-8 hold.
struct byte_block {
  static constexpr std::size_t size = 16;
  bool ascii = false;           ///< Each byte is a character.
  std::uint32_t line_feeds = 0; ///< Bit N: byte N is one.
};

/// @pre `byte_block::size` bytes are there
inline byte_block look_at_block(const char* at) {
#if defined(__SSE2__)
  const auto bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
  const auto feeds = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\n'));
  return {_mm_movemask_epi8(bytes) == 0, static_cast<std::uint32_t>(_mm_movemask_epi8(feeds))};
#else
  byte_block seen{true, 0};
  for (std::size_t i = 0; i < byte_block::size; ++i) {
    seen.ascii = seen.ascii && static_cast<unsigned char>(at[i]) < 0x80;
    if (at[i] == '\n') seen.line_feeds |= std::uint32_t{1} << i;
  }
  return seen;
#endif
}

} // namespace apisync::specs
