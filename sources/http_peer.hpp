#pragma once

#include "sources/http_client.hpp"
#include "sources/roots.hpp"

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace apisync::sources {

/// What one that sends to servers of one kind (receivers of webhooks, models) may do, and how much
/// at once.
struct http_peer_config {
  std::vector<std::string> roots;           ///< For `file:` references.
  std::string base = ".";                   ///< Where relative paths start: the configuration's.
  std::vector<std::string> allow_addresses; ///< For every server, see address_policy.hpp.
  std::string user_agent = "apisync";
  std::string ca_file;             ///< PEM file of authorities; empty: the system's.
  std::size_t in_flight_max = 64;  ///< Requests at once.
  std::size_t waiting_max = 1'000; ///< More are refused as `overloaded`.
  std::function<wall_time()> now;  ///< For signatures and `Retry-After`; empty: the system's clock.
};

/// The parts of such a sender, ready to be used.
struct http_peer {
  roots allowed;
  std::function<wall_time()> now;
  http_client_settings settings;
};

/// Errors: those of `roots::open` and `address_policy::parse`.
result<http_peer> open_peer(http_peer_config config);

} // namespace apisync::sources
