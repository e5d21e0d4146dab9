#pragma once

#include "sources/address_policy.hpp"
#include "sources/deliver.hpp"
#include "sources/http_answer.hpp"
#include "sources/roots.hpp"

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace apisync::sources {

class http_client;

/// What the sender of a service may do, and how much at once.
struct sender_config {
  std::vector<std::string> roots;           ///< For `file:` references.
  std::string base = ".";                   ///< Where relative paths start: the configuration's.
  std::vector<std::string> allow_addresses; ///< For every receiver, see address_policy.hpp.
  std::string user_agent = "apisync";
  std::string ca_file;             ///< PEM file of authorities; empty: the system's.
  std::size_t in_flight_max = 64;  ///< Deliveries at once.
  std::size_t waiting_max = 1'000; ///< More are refused as `overloaded`.
  std::function<wall_time()> now;  ///< For signatures; empty: the system's clock.
};

/// Delivers by HTTP POST, under the address policy that sources are fetched under, with an
/// `http_client` of its own, so that receivers do not slow fetches. Redirects are not followed: a
/// signed message goes where it was meant to go.
class http_sender final : public sender {
public:
  http_sender(const sender_config& config, roots allowed, address_policy addresses);
  ~http_sender() override;
  http_sender(const http_sender&) = delete;
  http_sender& operator=(const http_sender&) = delete;

  void send(delivery_request request, callback done) override;

private:
  roots allowed_;
  std::function<wall_time()> now_;
  std::unique_ptr<http_client> client_; // last: what it still does uses the others
};

/// Errors: those of `roots::open` and `address_policy::parse`.
result<std::unique_ptr<sender>> make_sender(sender_config config);

/// What an answer means: 2xx is taken. 401, 403, 404, 408, 410, 421, 423, 425 and 429 may pass, as
/// do redirects and 5xx; any other 4xx says that this message will never be taken.
delivery_outcome judge_delivery(const http_answer& answer, wall_time now);

} // namespace apisync::sources
