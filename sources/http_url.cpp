#include "sources/http_url.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <memory>

namespace apisync::sources {

namespace {

using url_handle = std::unique_ptr<CURLU, decltype(&curl_url_cleanup)>;

std::string part(const url_handle& url, CURLUPart what, unsigned flags = 0) {
  char* text = nullptr;
  if (curl_url_get(url.get(), what, &text, flags) != CURLUE_OK) return {};
  std::string copy(text);
  curl_free(text);
  return copy;
}

} // namespace

result<http_url> http_url::parse(const std::string& text) {
  const url_handle url(curl_url(), &curl_url_cleanup);
  if (const auto code = curl_url_set(url.get(), CURLUPART_URL, text.c_str(), 0); code != CURLUE_OK)
    return fail(errc::invalid_argument, std::string("is not a URL: ") + curl_url_strerror(code));
  http_url parsed;
  parsed.scheme = part(url, CURLUPART_SCHEME);
  if (parsed.scheme != "http" && parsed.scheme != "https")
    return fail(errc::invalid_argument, "only http and https are fetched, not " + parsed.scheme);
  if (!part(url, CURLUPART_USER).empty() || !part(url, CURLUPART_PASSWORD).empty())
    return fail(errc::invalid_argument,
                "a URL must not carry a user or password: give a header that refers to the secret, "
                "such as Authorization: Bearer env:TOKEN");
  parsed.host = part(url, CURLUPART_HOST);
  std::ranges::transform(parsed.host, parsed.host.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  if (parsed.host.starts_with('[')) parsed.host = parsed.host.substr(1, parsed.host.size() - 2);
  const auto port = part(url, CURLUPART_PORT, CURLU_DEFAULT_PORT);
  std::from_chars(port.data(), port.data() + port.size(), parsed.port);
  parsed.text = part(url, CURLUPART_URL);

  const bool has_query = !part(url, CURLUPART_QUERY).empty();
  curl_url_set(url.get(), CURLUPART_QUERY, nullptr, 0);
  curl_url_set(url.get(), CURLUPART_FRAGMENT, nullptr, 0);
  parsed.printable = part(url, CURLUPART_URL) + (has_query ? "?…" : "");
  return parsed;
}

} // namespace apisync::sources
