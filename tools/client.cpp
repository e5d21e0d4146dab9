#include "tools/client.hpp"

#include <curl/curl.h>
#include <nlohmann/json.hpp>

#include <memory>
#include <mutex>

namespace apisync::tools {
namespace {

struct curl_deleter {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using curl_handle = std::unique_ptr<CURL, curl_deleter>;
using curl_headers = std::unique_ptr<curl_slist, curl_deleter>;

struct transfer {
  api_answer answer;
  std::size_t bytes_max = 0;
  bool too_large = false;
};

std::size_t take_body(char* data, std::size_t, std::size_t size, void* context) {
  auto& into = *static_cast<transfer*>(context);
  if (into.answer.body.size() + size > into.bytes_max) {
    into.too_large = true;
    return 0;
  }
  into.answer.body.append(data, size);
  return size;
}

std::size_t take_header(char* data, std::size_t, std::size_t size, void* context) {
  auto& into = *static_cast<transfer*>(context);
  std::string_view line{data, size};
  auto const colon = line.find(':');
  if (colon == std::string_view::npos) return size;
  auto value = line.substr(colon + 1);
  while (value.ends_with('\n') || value.ends_with('\r'))
    value.remove_suffix(1);
  auto const name = line.substr(0, colon);
  if (admin::equals_ignoring_case(name, "content-type"))
    into.answer.content_type = admin::trim(value);
  else if (admin::equals_ignoring_case(name, "etag"))
    into.answer.etag = admin::trim(value);
  return size;
}

void add_header(curl_headers& list, const std::string& line) {
  if (auto* const longer = curl_slist_append(list.get(), line.c_str()); longer != nullptr) {
    (void)list.release();
    list.reset(longer);
  }
}

curl_headers headers_of(const api_call& call, const std::string& token) {
  curl_headers list;
  add_header(list, "Expect:"); // no round trip before a body
  add_header(list, "Accept: " + (call.accept.empty() ? "application/json" : call.accept));
  add_header(list, "Content-Type:" + (call.content_type.empty() ? "" : " " + call.content_type));
  if (!token.empty()) add_header(list, "Authorization: Bearer " + token);
  if (!call.if_match.empty()) add_header(list, "If-Match: " + call.if_match);
  for (auto const& [name, value] : call.headers)
    add_header(list, name + ": " + value);
  return list;
}

std::string url_of(const std::string& server, const api_call& call) {
  auto url = server + call.path;
  char separator = '?';
  for (auto const& [name, value] : call.query) {
    url += separator + admin::percent_encode(name) + '=' + admin::percent_encode(value);
    separator = '&';
  }
  return url;
}

error unreachable(CURLcode code, const client_options& options, const transfer& got) {
  if (got.too_large)
    return {errc::limit_exceeded,
            "the answer is longer than " + std::to_string(got.bytes_max) + " bytes",
            options.server};
  std::string message = "cannot reach the service: ";
  message += curl_easy_strerror(code);
  message += "; is it running? start it with `apisync serve`, or name another with --server URL";
  return {errc::unavailable, std::move(message), options.server};
}

errc code_of(long status) {
  switch (status) {
  case 404:
    return errc::not_found;
  case 401:
  case 403:
    return errc::forbidden;
  case 409:
  case 412:
    return errc::conflict;
  case 413:
    return errc::limit_exceeded;
  case 501:
    return errc::unsupported;
  default:
    return status >= 500 ? errc::unavailable : errc::invalid_argument;
  }
}

/// What the problem details of an answer say (RFC 9457), or its status alone.
error problem_of(const api_answer& answer, const std::string& url) {
  auto const json = nlohmann::json::parse(answer.body, nullptr, false);
  error problem{code_of(answer.status), "", ""};
  auto const text = [&](const char* name) -> std::string {
    if (!json.is_object()) return {};
    auto const found = json.find(name);
    return found != json.end() && found->is_string() ? found->get<std::string>() : std::string{};
  };
  problem.message = text("detail");
  problem.where = text("where");
  if (problem.message.empty()) {
    problem.message = "the server answered " + std::to_string(answer.status) +
                      " without saying why: is that an apisync service?";
    problem.where = url;
  }
  if (answer.status == 401) problem.message += "; give one with --token-file FILE";
  return problem;
}

} // namespace

std::string path_of(std::initializer_list<std::string_view> segments) {
  std::string path;
  for (auto const segment : segments)
    path += "/" + admin::percent_encode(segment);
  return path;
}

result<std::string> server_url(std::string_view text) {
  std::string url{text};
  if (url.find("://") == std::string::npos) url = "http://" + url;
  while (url.ends_with('/'))
    url.pop_back();
  auto const host = url.substr(std::min(url.size(), url.find("://") + 3));
  bool const web = url.starts_with("http://") || url.starts_with("https://");
  if (!web || host.empty() || url.find_first_of(" ?#\t\r\n") != std::string::npos)
    return fail(errc::invalid_argument,
                "the server is an http or https URL such as http://127.0.0.1:8420",
                std::string{text});
  return url;
}

result<api_answer> client::send(const api_call& call) const {
  static std::once_flag once;
  std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
  curl_handle const handle{curl_easy_init()};
  if (!handle) return fail(errc::internal, "libcurl cannot be started");
  auto const url = url_of(options_.server, call);
  auto const headers = headers_of(call, options_.token);
  transfer got;
  got.bytes_max = options_.body_bytes_max;
  auto* const curl = handle.get();
  curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl, CURLOPT_NOPROXY, "localhost,127.0.0.1,::1");
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers.get());
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS,
                   static_cast<long>(options_.connect_time.count()));
  curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, static_cast<long>(options_.total_time.count()));
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_body);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &got);
  curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, take_header);
  curl_easy_setopt(curl, CURLOPT_HEADERDATA, &got);
  if (call.method != "GET") {
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(call.body.size()));
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, call.body.data());
    curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, call.method.c_str());
  }
  if (auto const code = curl_easy_perform(curl); code != CURLE_OK)
    return tl::unexpected(unreachable(code, options_, got));
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &got.answer.status);
  if (got.answer.status >= 400) return tl::unexpected(problem_of(got.answer, url));
  return std::move(got.answer);
}

} // namespace apisync::tools
