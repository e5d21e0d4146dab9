#pragma once

#include "sources/http_transfer.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace apisync::sources {

/// What holds for every exchange of one client.
struct http_client_settings {
  address_policy addresses; ///< allowed to everybody, besides each order's own list
  std::string user_agent = "apisync";
  std::string ca_file;                     ///< PEM file of authorities; empty: the system's
  std::size_t in_flight_max = 64;          ///< transfers at once
  std::size_t waiting_max = 10'000;        ///< more are refused as `overloaded`
  std::uint64_t buffered_max = 256U << 20; ///< bytes of answers held at once
};

/// Speaks HTTP with libcurl, many exchanges at once on one thread of its own. Addresses are checked
/// at each connection and each request, redirects included; headers of at most 64 KiB, decoded
/// documents up to the order's limit and the beginning of anything else are read. Thread-safe.
class http_client {
public:
  explicit http_client(http_client_settings settings);
  /// Answers what is under way or waits as `cancelled`.
  ~http_client();
  http_client(const http_client&) = delete;
  http_client& operator=(const http_client&) = delete;

  /// Makes the order when its turn has come, on the client's thread, where secrets may be read.
  using order_maker = std::function<tl::expected<http_order, fetch_failure>()>;

  /// Returns at once; `done` is called exactly once, on the client's thread or from here when there
  /// is no room. `who` is on whose behalf, for messages.
  void perform(std::string who, order_maker make, http_callback done);

private:
  class loop;
  std::unique_ptr<loop> loop_;
};

} // namespace apisync::sources
