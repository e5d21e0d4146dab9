#pragma once

#include "sources/address_policy.hpp"
#include "sources/fetch.hpp"
#include "sources/http_url.hpp"
#include "sources/roots.hpp"

#include <curl/curl.h>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace apisync::sources {

struct curl_easy_deleter {
  void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
};
struct curl_list_deleter {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using curl_easy_ptr = std::unique_ptr<CURL, curl_easy_deleter>;
using curl_list_ptr = std::unique_ptr<curl_slist, curl_list_deleter>;

/// Starts libcurl, once in the process.
void start_curl();

/// Judges every address that a handle connects to or sends a request to. Installed on a handle, it
/// must stay where it is as long as the handle performs.
class address_guard {
public:
  address_guard() = default;
  explicit address_guard(address_policy allowed) : allowed_(std::move(allowed)) {}
  address_guard(const address_guard&) = delete;
  address_guard& operator=(const address_guard&) = delete;

  void allow(address_policy allowed) { allowed_ = std::move(allowed); }

  /// Sets the callbacks on a handle.
  void install(CURL* easy);

  /// Names the target of the next request and forgets what was denied before.
  void expect(const http_url& target);

  /// What was denied during the request, if that is why it ended with `code`.
  [[nodiscard]] std::optional<error> denial(CURLcode code) const;

private:
  bool accept(const ip_endpoint& endpoint);
  static curl_socket_t on_socket(void* self, curlsocktype purpose, curl_sockaddr* address);
  static int on_request(void* self, char* address, char* local, int port, int local_port);

  address_policy allowed_;
  std::string host_, where_;
  std::optional<error> denied_;
};

/// Sets what every connection of this project has: http and https only, no proxy, no redirects, no
/// signals, no remembered names, certificates from one file (the system's when empty).
void set_connection_options(CURL* easy, const std::string& user_agent, const std::string& ca_file);

/// Headers as they are configured, `Name: value` with references resolved. A secret that is missing
/// or refused is `auth`; a name or value that cannot be sent `permanent`. `who` is on whose behalf,
/// for messages.
tl::expected<std::vector<std::string>, fetch_failure>
configured_headers(const std::map<std::string, std::string>& headers, const std::string& who,
                   const roots& allowed);

/// PEM texts for one server; empty ones are not used.
struct tls_identity {
  std::string ca, certificate, key;
};

/// Sets what the next request shows and trusts. The identity outlives the request.
void show_identity(CURL* easy, const tls_identity& identity);

/// The texts that are referred to. One that is missing or refused is `auth`; one that cannot be
/// read `transient`.
tl::expected<tls_identity, fetch_failure>
configured_tls(const tls_references& from, const std::string& who, const roots& allowed);

/// The class and words for a request that ended without an answer.
fetch_failure connection_failure(CURLcode code, const char* detail, const std::string& where);

} // namespace apisync::sources
