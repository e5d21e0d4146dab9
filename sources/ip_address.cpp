#include "sources/ip_address.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <charconv>
#include <cstring>
#include <netinet/in.h>
#include <sys/socket.h>

namespace apisync::sources {

bool ip_address::shares_prefix(const ip_address& other, unsigned count) const {
  for (unsigned bit = 0; bit < count; bit += 8) {
    const unsigned kept = std::min(8U, count - bit);
    const auto mask = static_cast<std::uint8_t>(0xFFU << (8U - kept));
    if (((bytes[bit / 8] ^ other.bytes[bit / 8]) & mask) != 0) return false;
  }
  return true;
}

std::optional<ip_address> ip_address::embedded_v4() const {
  static const ip_block mapped = *ip_block::parse("::ffff:0:0/96");
  static const ip_block translated = *ip_block::parse("64:ff9b::/96");
  static const ip_block six_to_four = *ip_block::parse("2002::/16");
  if (v4) return std::nullopt;
  ip_address inner;
  if (mapped.contains(*this) || translated.contains(*this))
    std::copy_n(bytes.begin() + 12, 4, inner.bytes.begin());
  else if (six_to_four.contains(*this))
    std::copy_n(bytes.begin() + 2, 4, inner.bytes.begin());
  else
    return std::nullopt;
  return inner;
}

std::string ip_address::text() const {
  std::array<char, INET6_ADDRSTRLEN> buffer{};
  ::inet_ntop(v4 ? AF_INET : AF_INET6, bytes.data(), buffer.data(), buffer.size());
  return buffer.data();
}

std::optional<ip_address> ip_address::parse(std::string_view text) {
  const std::string terminated(text);
  ip_address parsed;
  if (::inet_pton(AF_INET, terminated.c_str(), parsed.bytes.data()) == 1) return parsed;
  parsed.v4 = false;
  if (::inet_pton(AF_INET6, terminated.c_str(), parsed.bytes.data()) == 1) return parsed;
  return std::nullopt;
}

std::optional<ip_endpoint> ip_endpoint::from(const sockaddr* address) {
  ip_endpoint found;
  if (address->sa_family == AF_INET) {
    sockaddr_in in{};
    std::memcpy(&in, address, sizeof in);
    std::memcpy(found.address.bytes.data(), &in.sin_addr, 4);
    found.port = ntohs(in.sin_port);
    return found;
  }
  if (address->sa_family == AF_INET6) {
    sockaddr_in6 in{};
    std::memcpy(&in, address, sizeof in);
    found.address.v4 = false;
    std::memcpy(found.address.bytes.data(), &in.sin6_addr, 16);
    found.port = ntohs(in.sin6_port);
    return found;
  }
  return std::nullopt;
}

std::optional<ip_block> ip_block::parse(std::string_view text) {
  const auto slash = text.find('/');
  const auto base = ip_address::parse(text.substr(0, slash));
  if (!base) return std::nullopt;
  if (slash == std::string_view::npos) return ip_block{*base, base->bits()};
  const auto digits = text.substr(slash + 1);
  unsigned prefix = 0;
  const auto [end, code] = std::from_chars(digits.begin(), digits.end(), prefix);
  if (code != std::errc() || end != digits.end() || prefix > base->bits()) return std::nullopt;
  return ip_block{*base, prefix};
}

} // namespace apisync::sources
