#pragma once

#include "specs/error.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace apisync::admin {

/// Where to listen: `HOST:PORT`, `[::1]:8420`.
struct listen_address {
  std::string host = "127.0.0.1";
  std::uint16_t port = 8420; ///< 0 lets the system choose one.

  bool operator==(const listen_address&) const = default;
  [[nodiscard]] std::string to_string() const;
};

/// Fails with `invalid_argument`, naming what was expected.
result<listen_address> parse_listen_address(std::string_view text);

/// `localhost`, a name below it, 127.0.0.0/8 or ::1 (with or without brackets).
bool is_loopback(std::string_view host);

/// A literal IPv4 or IPv6 address (with or without brackets).
bool is_address(std::string_view host);

/// A socket that listens, closed at the end unless released.
class listen_socket {
public:
  /// Binds and listens. Fails with `unavailable` when the port is taken and `io` for anything else,
  /// naming the address and what to do.
  static result<listen_socket> open(const listen_address& address);

  listen_socket(listen_socket&& other) noexcept;
  listen_socket& operator=(listen_socket&& other) noexcept;
  ~listen_socket();

  /// The port that was bound.
  [[nodiscard]] std::uint16_t port() const { return port_; }

  /// Hands the descriptor over to the caller.
  int release();

private:
  listen_socket(int fd, std::uint16_t port) : fd_{fd}, port_{port} {}

  int fd_ = -1;
  std::uint16_t port_ = 0;
};

} // namespace apisync::admin
