#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace apisync::storage {

/// Numbers on disk are little-endian, keys big-endian; both are written byte by byte through these.
template <class Number>
constexpr Number reversed_bytes(Number value) {
  if constexpr (sizeof(Number) == 8)
    return static_cast<Number>(__builtin_bswap64(static_cast<std::uint64_t>(value)));
  else if constexpr (sizeof(Number) == 4)
    return static_cast<Number>(__builtin_bswap32(static_cast<std::uint32_t>(value)));
  else
    return static_cast<Number>(__builtin_bswap16(static_cast<std::uint16_t>(value)));
}

/// Appends a little-endian number.
template <class Number>
void put_little(std::string& out, Number value) {
  if constexpr (std::endian::native == std::endian::big) value = reversed_bytes(value);
  out.append(reinterpret_cast<const char*>(&value), sizeof value);
}

/// Takes values off the front of a text. Reading past the end makes it `!ok()`, gives zeros, and
/// stays so: check once, at the end.
class byte_reader {
public:
  explicit byte_reader(std::string_view text) : rest_{text} {}

  template <class Number>
  Number little() {
    Number value{};
    const auto text = take(sizeof value);
    if (text.size() == sizeof value) std::memcpy(&value, text.data(), sizeof value);
    return std::endian::native == std::endian::big ? reversed_bytes(value) : value;
  }

  std::string_view take(std::size_t size) {
    if (size > rest_.size()) {
      ok_ = false;
      rest_ = {};
      return {};
    }
    const auto text = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return text;
  }

  [[nodiscard]] bool ok() const { return ok_; }
  [[nodiscard]] std::string_view rest() const { return rest_; }

private:
  std::string_view rest_;
  bool ok_ = true;
};

/// Eight bytes that sort as the number does.
inline std::string big_endian_key(std::uint64_t value) {
  if constexpr (std::endian::native == std::endian::little) value = reversed_bytes(value);
  return {reinterpret_cast<const char*>(&value), sizeof value};
}

/// The inverse of `big_endian_key`; 0 for text that is not 8 bytes long.
inline std::uint64_t from_big_endian_key(std::string_view key) {
  std::uint64_t value = 0;
  if (key.size() != sizeof value) return 0;
  std::memcpy(&value, key.data(), sizeof value);
  return std::endian::native == std::endian::little ? reversed_bytes(value) : value;
}

} // namespace apisync::storage
