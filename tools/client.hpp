#pragma once

#include "admin/url.hpp"
#include "specs/error.hpp"

#include <chrono>
#include <functional>
#include <string>
#include <string_view>

namespace apisync::tools {

/// Where the service is and how to speak with it.
struct client_options {
  std::string server = "http://127.0.0.1:8420"; ///< An http or https URL, perhaps with a path.
  std::string token;                            ///< Empty: none is sent.
  std::chrono::milliseconds connect_time{5'000};
  std::chrono::milliseconds total_time{120'000};
  std::size_t body_bytes_max = 256UL * 1024 * 1024;
};

/// A question to the service.
struct api_call {
  std::string method = "GET";
  std::string path; ///< Encoded, from `/`.
  admin::name_values query = {};
  std::string body = {};
  std::string content_type = {}; ///< Empty: no body.
  std::string accept = {};
  std::string if_match = {};
  admin::name_values headers = {}; ///< Further ones.
};

/// What it answered: a status below 400, and the body as it came.
struct api_answer {
  long status = 0;
  std::string body;
  std::string content_type;
  std::string etag;
};

/// Speaks HTTP with a running service. Not thread-safe.
class client {
public:
  explicit client(client_options options) : options_{std::move(options)} {}

  /// Sends and receives. Fails with `unavailable` when the service cannot be reached (`where` is
  /// the URL, and the message says what to do), and with what the service's problem details say for
  /// a status of 400 and above.
  [[nodiscard]] result<api_answer> send(const api_call& call) const;

private:
  client_options options_;
};

/// Joins path segments, each encoded: `/v1/apis/billing`.
std::string path_of(std::initializer_list<std::string_view> segments);

/// Completes what a person gives as the server: `localhost:8420` becomes `http://localhost:8420`.
/// Fails with `invalid_argument` for what is not an http or https URL.
result<std::string> server_url(std::string_view text);

} // namespace apisync::tools
