#include "sources/http_fetcher.hpp"

#include "sources/http_client.hpp"

#include <algorithm>
#include <cctype>
#include <string_view>
#include <utility>

namespace apisync::sources {

namespace {

bool equal_no_case(std::string_view a, std::string_view b) {
  return std::ranges::equal(
      a, b, [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); });
}

http_client_settings for_client(const http_settings& settings) {
  return {settings.addresses,     settings.user_agent,  settings.ca_file,
          settings.in_flight_max, settings.waiting_max, settings.buffered_max};
}

tl::expected<http_order, fetch_failure> to_order(const fetch_request& request,
                                                 const roots& allowed) {
  auto own = configured_headers(request.from.headers, request.source, allowed);
  if (!own) return tl::unexpected(own.error());
  auto tls = configured_tls(request.from.tls, request.source, allowed);
  if (!tls) return tl::unexpected(tls.error());
  http_order made;
  made.url = request.from.url;
  made.allow_addresses = request.from.allow_addresses;
  made.own_headers = std::move(*own);
  made.own_tls = std::move(*tls);
  made.limits = request.limits;
  const auto is_accept = [](const auto& header) { return equal_no_case(header.first, "accept"); };
  if (std::ranges::none_of(request.from.headers, is_accept))
    made.headers.emplace_back("Accept: application/json, application/yaml;q=0.9, */*;q=0.5");
  if (request.last.bytes_hash.empty()) return made;
  if (!request.last.etag.empty()) made.headers.push_back("If-None-Match: " + request.last.etag);
  if (!request.last.last_modified.empty())
    made.headers.push_back("If-Modified-Since: " + request.last.last_modified);
  return made;
}

} // namespace

http_fetcher::http_fetcher(http_settings settings)
    : allowed_(std::move(settings.allowed)),
      now_(std::move(settings.now)),
      client_(std::make_unique<http_client>(for_client(settings))) {}

http_fetcher::~http_fetcher() = default;

void http_fetcher::fetch(fetch_request request, callback done) {
  auto asked = std::make_shared<const fetch_request>(std::move(request));
  client_->perform(
      asked->source, [this, asked] { return to_order(*asked, allowed_); },
      [this, asked, done = std::move(done)](http_outcome outcome) {
        if (outcome)
          done(judge(*asked, std::move(*outcome), now_()));
        else
          done(tl::unexpected(std::move(outcome.error())));
      });
}

} // namespace apisync::sources
