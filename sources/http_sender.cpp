#include "sources/http_sender.hpp"

#include "sources/failure.hpp"
#include "sources/secret.hpp"
#include "sources/signature.hpp"
#include "sources/text.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace apisync::sources {

namespace {

bool may_pass(long status) {
  constexpr std::array passing{401L, 403L, 404L, 408L, 410L, 421L, 423L, 425L, 429L};
  return status < 400 || status >= 500 ||
         std::find(passing.begin(), passing.end(), status) != passing.end();
}

std::string described(const http_answer& answer) {
  constexpr std::size_t said_bytes_max = 200;
  std::string text = "answered " + std::to_string(answer.status);
  if (answer.status >= 300 && answer.status < 400)
    return text + ": redirects are not followed; give the address where it leads";
  const auto said = clean_text(answer.body, said_bytes_max);
  return said.empty() || looks_like_html(answer.body) ? text : text + ": " + said;
}

tl::unexpected<fetch_failure> unusable(const error& problem, const std::string& what,
                                       const delivery_request& request) {
  return failed(failure_class::auth, problem.code, what + ": " + render(problem), request.receiver);
}

/// The order for a message, signed as of now with what its references stand for now.
tl::expected<http_order, fetch_failure> to_order(const delivery_request& request,
                                                 const roots& allowed, wall_time now) {
  const auto url = resolve_secret(request.url, allowed);
  if (!url) return unusable(url.error(), "the address", request);
  const auto time = std::chrono::floor<std::chrono::seconds>(now);
  std::string signatures;
  for (const auto& reference : request.secrets) {
    const auto secret = resolve_secret(reference, allowed);
    if (!secret) return unusable(secret.error(), "the secret", request);
    const auto key = signing_key(*secret);
    if (!key) return unusable(key.error(), "the secret " + reference, request);
    signatures += (signatures.empty() ? "" : " ") + sign(*key, request.id, time, *request.body);
  }
  http_order made;
  made.url = *url;
  made.allow_addresses = request.allow_addresses;
  made.body = request.body;
  made.own_headers = {"Content-Type: application/json",
                      "Expect:", // curl would wait for the receiver's consent to a long body
                      "webhook-id: " + request.id,
                      "webhook-timestamp: " + std::to_string(time.time_since_epoch().count()),
                      "webhook-signature: " + signatures};
  made.limits.connect_timeout = std::min(made.limits.connect_timeout, request.timeout);
  made.limits.total_timeout = request.timeout;
  return made;
}

delivery_outcome unreached(const fetch_failure& failure) {
  return tl::unexpected(delivery_failure{failure.problem, false, failure.retry_after});
}

} // namespace

delivery_outcome judge_delivery(const http_answer& answer, wall_time now) {
  if (answer.status >= 200 && answer.status < 300) return delivered{answer.status};
  delivery_failure failure;
  failure.problem = {errc::unavailable, described(answer), answer.url};
  failure.refused = !may_pass(answer.status);
  failure.retry_after = parse_retry_after(answer.retry_after, now);
  return tl::unexpected(std::move(failure));
}

http_sender::http_sender(http_peer peer)
    : allowed_(std::move(peer.allowed)),
      now_(std::move(peer.now)),
      client_(std::make_unique<http_client>(std::move(peer.settings))) {}

http_sender::~http_sender() = default;

void http_sender::send(delivery_request request, callback done) {
  auto asked = std::make_shared<const delivery_request>(std::move(request));
  client_->perform(
      asked->receiver, [this, asked] { return to_order(*asked, allowed_, now_()); },
      [this, asked, done = std::move(done)](http_outcome outcome) {
        auto ended = outcome ? judge_delivery(*outcome, now_()) : unreached(outcome.error());
        // An address that is kept secret may be so for its path.
        if (!ended && is_reference(asked->url)) ended.error().problem.where = asked->url;
        done(std::move(ended));
      });
}

result<std::unique_ptr<sender>> make_sender(http_peer_config config) {
  auto peer = open_peer(std::move(config));
  if (!peer) return tl::unexpected(peer.error());
  return std::make_unique<http_sender>(std::move(*peer));
}

} // namespace apisync::sources
