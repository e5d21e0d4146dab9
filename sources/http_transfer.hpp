#pragma once

#include "sources/address_policy.hpp"
#include "sources/fetch.hpp"
#include "sources/http_answer.hpp"
#include "sources/http_connection.hpp"
#include "sources/http_url.hpp"

#include <curl/curl.h>

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace apisync::sources {

/// What is asked of a server, or told to it.
struct http_order {
  std::string url;
  std::vector<std::string> allow_addresses; ///< beyond those of the context
  std::vector<std::string> own_headers;     ///< lines for the URL's own origin
  std::vector<std::string> headers;         ///< lines for every origin
  tls_identity own_tls;                     ///< for the URL's own origin
  std::string method;                       ///< Of a request with a body; empty: POST.
  /// What is sent by POST, and then to this URL only: redirects are answers. Null: a GET.
  std::shared_ptr<const std::string> body;
  bool whole_answer = false; ///< To a POST: read up to the limit, not only its beginning.
  fetch_limits limits;
};

/// What came back at the end of all redirects, whatever its status, or why nothing did.
using http_outcome = tl::expected<http_answer, fetch_failure>;
using http_callback = std::function<void(http_outcome)>;

/// What every transfer of one client shares. Belongs to the client's thread.
struct http_context {
  address_policy addresses; ///< allowed to every transfer
  std::string user_agent = "apisync";
  std::string ca_file;                     ///< PEM; empty: the system's
  CURLSH* shared = nullptr;                ///< TLS sessions
  std::uint64_t buffered_max = 256U << 20; ///< bytes of bodies held by all transfers together
  std::uint64_t buffered = 0;
};

/// One exchange over HTTP: the requests of all its hops, one after another on one curl handle. It
/// follows redirects itself, so that each hop is checked anew and headers stay with the origin they
/// were configured for.
class http_transfer {
public:
  using deadline = std::chrono::steady_clock::time_point;

  /// `who` is on whose behalf, for messages.
  http_transfer(std::string who, http_callback done, http_context& context);
  ~http_transfer();
  http_transfer(const http_transfer&) = delete;
  http_transfer& operator=(const http_transfer&) = delete;

  /// Prepares the first request; a failure is the outcome.
  tl::expected<void, fetch_failure> begin(http_order order);

  /// Takes the end of one request. Nothing: the next hop is ready to be performed.
  std::optional<http_outcome> proceed(CURLcode code);

  /// Answers; to be called once.
  void finish(http_outcome outcome);

  [[nodiscard]] CURL* handle() const { return easy_.get(); }
  [[nodiscard]] const std::string& who() const { return who_; }

private:
  void set_options();
  void set_limits();
  void prepare_hop();
  [[nodiscard]] curl_list_ptr make_headers() const;
  tl::expected<void, fetch_failure> follow(const std::string& target);
  fetch_failure transport_failure(CURLcode code) const;
  void forget_answer();

  std::size_t take_header(std::string_view line);
  std::size_t take_body(std::string_view bytes);

  static std::size_t on_header(char* text, std::size_t size, std::size_t count, void* self);
  static std::size_t on_body(char* text, std::size_t size, std::size_t count, void* self);

  /// Why the transfer was broken off from here.
  enum class abort_reason : std::uint8_t { none, body, headers, memory, enough };

  std::string who_;
  http_order order_;
  http_callback done_;
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
