#pragma once

#include "sources/discovery_search.hpp"
#include "sources/http_client.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace apisync::sources {

/// Makes the requests of a search. Only public addresses are asked, but for probes that `allow`
/// their host: then whatever it resolves to, metadata, multicast and reserved addresses excepted.
class page_getter {
public:
  using deadline = std::chrono::steady_clock::time_point;

  explicit page_getter(std::string user_agent);

  /// Asks all at once and waits for all answers, until the deadline. One outcome per probe, in
  /// their order.
  std::vector<http_outcome> get(const std::vector<probe>& probes, std::uint64_t bytes_max,
                                deadline until);

private:
  http_client client_;
};

/// What `allow_addresses` needs so that a host that a person named may be asked, whichever
/// loopback, private, link-local or shared address it has; nothing for a written address of another
/// kind.
std::vector<std::string> allowance_of(const std::string& url);

} // namespace apisync::sources
