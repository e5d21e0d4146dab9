#pragma once

#include "specs/error.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace apisync {

/// A SHA-256 value (FIPS 180-4): the name of a document's content, a link of the log's chain.
struct digest {
  std::array<std::uint8_t, 32> bytes{};

  bool operator==(const digest&) const = default;
  auto operator<=>(const digest&) const = default;

  /// 64 lower-case hexadecimal digits.
  [[nodiscard]] std::string hex() const;

  /// The inverse of `hex`; nothing for text that is not 64 lower-case hexadecimal digits.
  static std::optional<digest> from_hex(std::string_view text);

  /// The 32 bytes as characters, for keys and hashing.
  [[nodiscard]] std::string_view view() const {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  }
};

/// Computes SHA-256. Reusable: the OpenSSL context is fetched once, which for short input is most
/// of the cost. One instance belongs to one thread at a time.
class sha256 {
public:
  sha256();
  ~sha256();
  sha256(sha256&&) noexcept;
  sha256& operator=(sha256&&) noexcept;
  sha256(const sha256&) = delete;
  sha256& operator=(const sha256&) = delete;

  sha256& update(std::string_view text);

  /// Returns the hash of everything since the last `finish` and starts anew.
  digest finish();

  /// The hash of one text.
  static digest of(std::string_view text);

private:
  struct context;
  std::unique_ptr<context> context_;
};

} // namespace apisync

template <>
struct std::hash<apisync::digest> {
  std::size_t operator()(const apisync::digest& value) const noexcept;
};
