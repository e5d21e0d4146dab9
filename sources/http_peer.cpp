#include "sources/http_peer.hpp"

#include <chrono>
#include <utility>

namespace apisync::sources {

result<http_peer> open_peer(http_peer_config config) {
  if (!config.now)
    config.now = [] {
      return std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
    };
  auto allowed = roots::open(config.roots, config.base);
  if (!allowed) return tl::unexpected(allowed.error());
  auto addresses = address_policy::parse(config.allow_addresses);
  if (!addresses) return tl::unexpected(addresses.error());
  http_client_settings settings;
  settings.addresses = std::move(*addresses);
  settings.user_agent = std::move(config.user_agent);
  settings.ca_file = std::move(config.ca_file);
  settings.in_flight_max = config.in_flight_max;
  settings.waiting_max = config.waiting_max;
  return http_peer{std::move(*allowed), std::move(config.now), std::move(settings)};
}

} // namespace apisync::sources
