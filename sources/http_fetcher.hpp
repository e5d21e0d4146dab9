#pragma once

#include "sources/address_policy.hpp"
#include "sources/fetch.hpp"
#include "sources/roots.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace apisync::sources {

struct http_settings {
  roots allowed;            ///< for `file:` references in headers
  address_policy addresses; ///< allowed to every source, besides its own list
  std::string user_agent = "apisync";
  std::string ca_file;                     ///< PEM file of authorities; empty: the system's
  std::size_t in_flight_max = 64;          ///< transfers at once
  std::size_t waiting_max = 10'000;        ///< more are refused as `overloaded`
  std::uint64_t buffered_max = 256U << 20; ///< bytes of answers held at once
  std::function<wall_time()> now;          ///< for `Retry-After` dates
};

class http_client;

/// Fetches http and https sources with an `http_client` of its own; see `judge` for what an answer
/// means.
class http_fetcher final : public fetcher {
public:
  explicit http_fetcher(http_settings settings);
  ~http_fetcher() override;
  http_fetcher(const http_fetcher&) = delete;
  http_fetcher& operator=(const http_fetcher&) = delete;

  void fetch(fetch_request request, callback done) override;

private:
  roots allowed_;
  std::function<wall_time()> now_;
  std::unique_ptr<http_client> client_; // last: what it still does uses the others
};

} // namespace apisync::sources
