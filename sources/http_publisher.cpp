#include "sources/http_publisher.hpp"

#include "sources/failure.hpp"
#include "sources/http_sender.hpp"
#include "sources/published_text.hpp"
#include "sources/secret.hpp"

#include <utility>

namespace apisync::sources {

namespace {

/// An order and what it comes to, between two calls on the client's thread.
struct exchange {
  publish_order order;
  published made;
};

tl::unexpected<fetch_failure> unusable(error problem) {
  return failed(failure_class::permanent, std::move(problem));
}

/// The header that keeps what its source has not taken in from being overwritten.
result<std::string> guard_of(const read_there& shared) {
  if (shared.etag.empty() || shared.etag.starts_with("W/"))
    return fail(errc::conflict,
                "source '" + shared.source +
                    "' reads there, and there is no strong ETag of what it took in last to write "
                    "against: a change there could be lost");
  return "If-Match: " + shared.etag;
}

tl::expected<http_order, fetch_failure> to_http(exchange& of, const roots& allowed) {
  const auto& order = of.order;
  const auto url = resolve_secret(order.to.url, allowed);
  if (!url) return unusable(url.error());
  auto document = order.text();
  if (!document) return unusable(document.error());
  auto text = text_for(order, std::move(*document), std::nullopt);
  if (!text) return unusable(text.error());
  const auto format = order.to.format.empty() ? order.format : order.to.format;
  http_order made;
  made.url = *url;
  made.method = order.to.method;
  made.allow_addresses = order.to.allow_addresses;
  auto own = configured_headers(order.to.headers, order.target, allowed);
  if (!own) return tl::unexpected(own.error());
  made.own_headers = std::move(*own);
  made.own_headers.push_back("Content-Type: application/" + format);
  made.own_headers.emplace_back(
      "Expect:"); // curl would wait for the server's consent to a long body
  if (order.shared) {
    auto guard = guard_of(*order.shared);
    if (!guard) return unusable(guard.error());
    made.own_headers.push_back(std::move(*guard));
  }
  of.made = {sha256::of(text->bytes), text->bytes.size(), text->verbatim, false, {}};
  made.body = std::make_shared<const std::string>(std::move(text->bytes));
  made.limits.connect_timeout = std::min(made.limits.connect_timeout, order.timeout);
  made.limits.total_timeout = order.timeout;
  return made;
}

publish_outcome judge(const exchange& of, const http_outcome& outcome, wall_time now) {
  if (!outcome)
    return tl::unexpected(publish_failure{outcome.error().problem, outcome.error().retry_after});
  constexpr long precondition_failed = 412;
  if (outcome->status == precondition_failed && of.order.shared)
    return tl::unexpected(
        publish_failure{{errc::conflict,
                         "what is there was changed since source '" + of.order.shared->source +
                             "' was last synced; it is written once that change is taken in",
                         outcome->url},
                        {}});
  const auto taken = judge_delivery(*outcome, now);
  if (!taken)
    return tl::unexpected(publish_failure{taken.error().problem, taken.error().retry_after});
  return of.made;
}

} // namespace

http_publisher::http_publisher(http_peer peer)
    : allowed_(std::move(peer.allowed)),
      now_(std::move(peer.now)),
      client_(std::make_unique<http_client>(std::move(peer.settings))) {}

http_publisher::~http_publisher() = default;

void http_publisher::publish(publish_order order, callback done) {
  auto of = std::make_shared<exchange>(exchange{std::move(order), {}});
  client_->perform(
      of->order.target, [this, of] { return to_http(*of, allowed_); },
      [this, of, done = std::move(done)](const http_outcome& outcome) {
        auto ended = judge(*of, outcome, now_());
        // An address that is kept secret may be so for its path.
        if (!ended && is_reference(of->order.to.url))
          ended.error().problem.where = of->order.to.url;
        done(std::move(ended));
      });
}

} // namespace apisync::sources
