#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

struct sockaddr;

namespace apisync::sources {

/// An IPv4 or IPv6 address.
struct ip_address {
  std::array<std::uint8_t, 16> bytes{}; ///< Network order; IPv4 in the first four.
  bool v4 = true;

  bool operator==(const ip_address&) const = default;

  /// How many bits an address of this kind has.
  [[nodiscard]] unsigned bits() const { return v4 ? 32 : 128; }

  /// Whether the first `count` bits are those of `other`, an address of the same kind.
  [[nodiscard]] bool shares_prefix(const ip_address& other, unsigned count) const;

  /// The IPv4 address inside a mapped (::ffff:0:0/96, RFC 4291), translated (64:ff9b::/96,
  /// RFC 6052) or 6to4 (2002::/16, RFC 3056) address: what such an address really reaches.
  [[nodiscard]] std::optional<ip_address> embedded_v4() const;

  /// The usual text, `127.0.0.1` or `::1`.
  [[nodiscard]] std::string text() const;

  /// Reads the usual text, without brackets, port or zone.
  static std::optional<ip_address> parse(std::string_view text);
};

/// An address and a port, as a socket is connected to.
struct ip_endpoint {
  ip_address address;
  std::uint16_t port = 0;

  /// Nothing for families other than IPv4 and IPv6 (a Unix socket, say).
  static std::optional<ip_endpoint> from(const sockaddr* address);
};

/// A block of addresses.
struct ip_block {
  ip_address base;
  unsigned prefix = 0; ///< bits

  [[nodiscard]] bool contains(const ip_address& address) const {
    return address.v4 == base.v4 && address.shares_prefix(base, prefix);
  }

  /// Reads `10.0.0.0/8`, or a single address as the block that holds only it.
  static std::optional<ip_block> parse(std::string_view text);
};

} // namespace apisync::sources
