#include "admin/listen_socket.hpp"

#include "admin/url.hpp"

#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <memory>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace apisync::admin {
namespace {

constexpr int backlog = 511;

std::string_view without_brackets(std::string_view host) {
  if (host.size() >= 2 && host.front() == '[' && host.back() == ']')
    return host.substr(1, host.size() - 2);
  return host;
}

struct binary_address {
  int family = AF_UNSPEC;
  std::array<unsigned char, sizeof(in6_addr)> bytes{};
};

binary_address to_binary(std::string_view host) {
  std::string const text{without_brackets(host)};
  binary_address address;
  for (int const family : {AF_INET, AF_INET6}) {
    if (::inet_pton(family, text.c_str(), address.bytes.data()) == 1) {
      address.family = family;
      return address;
    }
  }
  return address;
}

std::uint16_t bound_port(int fd) {
  sockaddr_storage bound{};
  socklen_t size = sizeof bound;
  if (::getsockname(fd, reinterpret_cast<sockaddr*>(&bound), &size) != 0) return 0;
  if (bound.ss_family == AF_INET6)
    return ntohs(reinterpret_cast<const sockaddr_in6*>(&bound)->sin6_port);
  return ntohs(reinterpret_cast<const sockaddr_in*>(&bound)->sin_port);
}

error bind_error(int cause, const std::string& address) {
  switch (cause) {
  case EADDRINUSE:
    return {
        errc::unavailable,
        "the port is taken: stop the program that listens there (it may be another apisync), or "
        "choose another port with --listen",
        address};
  case EADDRNOTAVAIL:
    return {errc::io, "this machine has no such address: listen on one that it has", address};
  case EACCES:
    return {errc::io, "listening there is not permitted: choose a port above 1023", address};
  default:
    return {errc::io, std::string{"cannot listen: "} + std::strerror(cause), address};
  }
}

} // namespace

std::string listen_address::to_string() const {
  bool const bracket = host.find(':') != std::string::npos;
  return (bracket ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

result<listen_address> parse_listen_address(std::string_view text) {
  auto const colon = text.rfind(':');
  auto const host = text.substr(0, colon == std::string_view::npos ? 0 : colon);
  auto const digits = text.substr(colon == std::string_view::npos ? 0 : colon + 1);
  unsigned port = 0;
  auto const [end, status] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  bool const bare_ipv6 = !host.starts_with('[') && host.find(':') != std::string_view::npos;
  if (host.empty() || bare_ipv6 || digits.empty() || status != std::errc{} ||
      end != digits.data() + digits.size() || port > 65535)
    return fail(errc::invalid_argument,
                "an address to listen on is HOST:PORT, such as 127.0.0.1:8420 or [::1]:8420",
                std::string{text});
  return listen_address{std::string{without_brackets(host)}, static_cast<std::uint16_t>(port)};
}

bool is_loopback(std::string_view host) {
  auto const name = to_lower(host);
  if (name == "localhost" || name.ends_with(".localhost")) return true;
  auto const address = to_binary(host);
  if (address.family == AF_INET) return address.bytes[0] == 127;
  if (address.family != AF_INET6) return false;
  in6_addr parsed{};
  std::memcpy(&parsed, address.bytes.data(), sizeof parsed);
  return IN6_IS_ADDR_LOOPBACK(&parsed) ||
         (IN6_IS_ADDR_V4MAPPED(&parsed) && address.bytes[12] == 127);
}

bool is_address(std::string_view host) {
  return to_binary(host).family != AF_UNSPEC;
}

result<listen_socket> listen_socket::open(const listen_address& address) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICSERV;
  addrinfo* found = nullptr;
  auto const port = std::to_string(address.port);
  if (int const status = ::getaddrinfo(address.host.c_str(), port.c_str(), &hints, &found);
      status != 0)
    return fail(errc::io,
                std::string{"cannot find the address to listen on: "} + ::gai_strerror(status),
                address.to_string());
  std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> const owner{found, &::freeaddrinfo};

  int cause = EADDRNOTAVAIL;
  for (auto const* info = found; info != nullptr; info = info->ai_next) {
    int const fd = ::socket(info->ai_family, info->ai_socktype | SOCK_CLOEXEC, info->ai_protocol);
    if (fd < 0) {
      cause = errno;
      continue;
    }
    listen_socket made{fd, 0};
    int const yes = 1;
    // Without SO_REUSEPORT: with it a second service on the port would silently share its requests.
    (void)::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (::bind(fd, info->ai_addr, info->ai_addrlen) == 0 && ::listen(fd, backlog) == 0) {
      made.port_ = bound_port(fd);
      return made;
    }
    cause = errno;
  }
  return tl::unexpected<error>(bind_error(cause, address.to_string()));
}

listen_socket::listen_socket(listen_socket&& other) noexcept
    : fd_{std::exchange(other.fd_, -1)}, port_{other.port_} {}

listen_socket& listen_socket::operator=(listen_socket&& other) noexcept {
  std::swap(fd_, other.fd_);
  std::swap(port_, other.port_);
  return *this;
}

listen_socket::~listen_socket() {
  if (fd_ >= 0) ::close(fd_);
}

int listen_socket::release() {
  return std::exchange(fd_, -1);
}

} // namespace apisync::admin
