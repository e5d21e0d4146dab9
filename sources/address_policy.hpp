#pragma once

#include "sources/ip_address.hpp"
#include "specs/error.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace apisync::sources {

/// What an address is for (RFC 6890 and its registries), as far as it matters to who may be asked.
enum class address_class : std::uint8_t {
  public_internet, ///< Anything else: allowed.
  loopback,        ///< 127.0.0.0/8, ::1
  private_network, ///< 10/8, 172.16/12, 192.168/16 (RFC 1918), fc00::/7 (RFC 4193), fec0::/10
  link_local,      ///< 169.254.0.0/16, fe80::/10
  shared,          ///< 100.64.0.0/10 (RFC 6598), behind a carrier's translation
  metadata,        ///< Where clouds hand their machines credentials
  unspecified,     ///< 0.0.0.0/8, ::
  multicast,       ///< 224.0.0.0/4, ff00::/8
  reserved,        ///< Documentation, benchmarks, future use, broadcast, Teredo
};

/// As messages and the configuration have it: `private`, `link-local`.
std::string_view to_string(address_class value);

/// The class of an address; a mapped or translated one has the class of the IPv4 address inside.
address_class classify(const ip_address& address);

/// Which addresses besides the public ones may be connected to. Each entry is
///  - a class: `loopback`, `private`, `link-local` or `shared`;
///  - an address or block, with or without a port: `10.0.0.0/8`, `127.0.0.1:8080`, `[::1]:8080`;
///  - a host name, with or without a port: `petstore.internal:8080`, which allows what it resolves
///    to, metadata, multicast and other addresses that no server has excepted.
class address_policy {
public:
  /// Only public addresses.
  address_policy() = default;

  /// Errors: `invalid_argument`, naming the entry.
  static result<address_policy> parse(const std::vector<std::string>& entries);

  /// Adds what another policy allows.
  void merge(const address_policy& other);

  /// Whether `host`, as the URL has it, may be connected to at `endpoint`, which it resolved to.
  [[nodiscard]] bool allows(std::string_view host, const ip_endpoint& endpoint) const;

private:
  struct entry {
    enum class kind : std::uint8_t { whole_class, block, host };
    entry::kind type = kind::host;
    address_class whole = address_class::loopback;
    ip_block block;
    std::string host;       // lower case
    std::uint16_t port = 0; // 0: any

    bool matches(std::string_view host, const ip_endpoint& endpoint, address_class found) const;
  };
  static result<entry> parse_entry(std::string_view text);

  std::vector<entry> entries_;
};

/// Whether a connection is allowed: nothing, or `forbidden` with what to allow if it is meant.
/// To be asked for each address and each hop, when the socket is opened.
result<void> decide(std::string_view host, const ip_endpoint& endpoint,
                    const address_policy& policy);

} // namespace apisync::sources
