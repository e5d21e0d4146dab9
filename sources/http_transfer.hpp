#pragma once

#include "sources/address_policy.hpp"
#include "sources/fetch.hpp"
#include "sources/http_answer.hpp"
#include "sources/http_connection.hpp"
#include "sources/http_url.hpp"
#include "sources/roots.hpp"

#include <curl/curl.h>

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace apisync::sources {

/// What every transfer of one fetcher shares. Belongs to the fetcher's thread.
struct http_context {
  roots allowed;            ///< for `file:` references in headers
  address_policy addresses; ///< allowed to every source
  std::string user_agent = "apisync";
  std::string ca_file;                     ///< PEM; empty: the system's
  CURLSH* shared = nullptr;                ///< TLS sessions
  std::uint64_t buffered_max = 256U << 20; ///< bytes of bodies held by all transfers together
  std::uint64_t buffered = 0;
  std::function<wall_time()> now;
};

/// One fetch over HTTP: the requests of all its hops, one after another on one curl handle. It
/// follows redirects itself, so that each hop is checked anew and headers stay with the origin they
/// were configured for.
class http_transfer {
public:
  using deadline = std::chrono::steady_clock::time_point;

  http_transfer(fetch_request request, fetcher::callback done, http_context& context);
  ~http_transfer();
  http_transfer(const http_transfer&) = delete;
  http_transfer& operator=(const http_transfer&) = delete;

  /// Prepares the first request; a failure is the fetch's outcome.
  tl::expected<void, fetch_failure> begin();

  /// Takes the end of one request. Nothing: the next hop is ready to be performed.
  std::optional<fetch_outcome> proceed(CURLcode code);

  /// Answers the fetch; to be called once.
  void finish(fetch_outcome outcome);

  [[nodiscard]] CURL* handle() const { return easy_.get(); }
  [[nodiscard]] const fetch_request& request() const { return request_; }

private:
  void set_options();
  void set_limits();
  tl::expected<void, fetch_failure> prepare_hop();
  [[nodiscard]] tl::expected<curl_list_ptr, fetch_failure> make_headers() const;
  tl::expected<void, fetch_failure> follow(const std::string& target);
  fetch_failure transport_failure(CURLcode code) const;
  void forget_answer();

  std::size_t take_header(std::string_view line);
  std::size_t take_body(std::string_view bytes);

  static std::size_t on_header(char* text, std::size_t size, std::size_t count, void* self);
  static std::size_t on_body(char* text, std::size_t size, std::size_t count, void* self);

  /// Why the transfer was broken off from here.
  enum class abort_reason : std::uint8_t { none, body, headers, memory, enough };

  fetch_request request_;
  fetcher::callback done_;
  http_context& context_;
  address_guard guard_;
  deadline deadline_;
  http_url first_, current_;
  std::uint32_t redirects_ = 0;
  http_answer answer_;
  std::size_t header_bytes_ = 0;
  abort_reason aborted_ = abort_reason::none;
  std::array<char, CURL_ERROR_SIZE> problem_{};
  curl_list_ptr headers_;
  curl_easy_ptr easy_;
};

} // namespace apisync::sources
