#include "sources/page_getter.hpp"

#include "sources/address_policy.hpp"
#include "sources/http_url.hpp"

#include <algorithm>
#include <future>
#include <utility>

namespace apisync::sources {
namespace {

constexpr std::chrono::milliseconds connect_time_max{3'000};
constexpr std::chrono::milliseconds answer_time_max{15'000};

http_client_settings settings(std::string user_agent) {
  http_client_settings made;
  made.user_agent = std::move(user_agent);
  made.in_flight_max = 16;
  made.waiting_max = 1'000;
  return made;
}

/// The policy lets a written address through whatever it is for; here nobody has thought of more
/// than a service of their own.
bool may_be_a_service(const std::string& host) {
  const auto address = ip_address::parse(host);
  if (!address) return true; // of a name, the policy lets only such addresses through
  const auto found = classify(*address);
  return found == address_class::loopback || found == address_class::private_network ||
         found == address_class::link_local || found == address_class::shared;
}

} // namespace

std::vector<std::string> allowance_of(const std::string& text) {
  const auto url = http_url::parse(text);
  if (!url || !may_be_a_service(url->host)) return {};
  return {url->host.find(':') == std::string::npos ? url->host : "[" + url->host + "]"};
}

page_getter::page_getter(std::string user_agent) : client_(settings(std::move(user_agent))) {}

std::vector<http_outcome> page_getter::get(const std::vector<probe>& probes,
                                           std::uint64_t bytes_max, deadline until) {
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
      until - std::chrono::steady_clock::now());
  std::vector<std::future<http_outcome>> coming;
  for (const auto& one : probes) {
    http_order order;
    order.url = one.url;
    if (one.allow) order.allow_addresses = allowance_of(one.url);
    order.headers = {"Accept: application/json, application/yaml;q=0.9, */*;q=0.5"};
    order.limits.bytes = bytes_max;
    order.limits.total_timeout = std::clamp(left, std::chrono::milliseconds{1}, answer_time_max);
    order.limits.connect_timeout = std::min(connect_time_max, order.limits.total_timeout);
    auto promise = std::make_shared<std::promise<http_outcome>>();
    coming.push_back(promise->get_future());
    client_.perform(
        one.url,
        [order = std::move(order)] { return tl::expected<http_order, fetch_failure>{order}; },
        [promise](http_outcome outcome) { promise->set_value(std::move(outcome)); });
  }
  std::vector<http_outcome> came;
  for (auto& one : coming)
    came.push_back(one.get()); // each transfer ends by its own limit of time
  return came;
}

} // namespace apisync::sources
