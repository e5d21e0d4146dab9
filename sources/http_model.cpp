#include "sources/http_model.hpp"

#include "sources/failure.hpp"
#include "sources/secret.hpp"

#include <algorithm>
#include <utility>

namespace apisync::sources {

/// One question on its way, however many requests it takes.
struct http_model::exchange {
  model_request request;
  callback done;
  chat_dialect dialect;
  std::uint32_t requests = 0;
};

namespace {

constexpr std::uint32_t requests_max = 5; // a server that refuses more than that is not asked again

tl::expected<http_order, fetch_failure>
to_order(const model_request& request, const chat_dialect& dialect, const roots& allowed) {
  const auto& endpoint = request.endpoint;
  http_order made;
  made.url = completion_url(endpoint);
  made.allow_addresses = endpoint.allow_addresses;
  made.body = std::make_shared<const std::string>(completion_body(request, dialect));
  made.whole_answer = true;
  made.own_headers = {"Content-Type: application/json", "Accept: application/json", "Expect:"};
  if (!endpoint.key.empty()) {
    const auto key = resolve_secret(endpoint.key, allowed);
    if (!key)
      return failed(failure_class::auth, key.error().code,
                    "the model's key: " + render(key.error()), endpoint.url);
    made.own_headers.push_back(endpoint.azure_key ? "api-key: " + *key
                                                  : "Authorization: Bearer " + *key);
  }
  made.limits.bytes = endpoint.answer_bytes;
  made.limits.connect_timeout = std::min(made.limits.connect_timeout, endpoint.timeout);
  made.limits.total_timeout = endpoint.timeout;
  return made;
}

std::string name_of(const model_endpoint& endpoint) {
  return endpoint.url + ' ' + endpoint.model;
}

} // namespace

http_model::http_model(http_peer peer)
    : allowed_(std::move(peer.allowed)),
      now_(std::move(peer.now)),
      client_(std::make_unique<http_client>(std::move(peer.settings))) {}

http_model::~http_model() = default;

chat_dialect http_model::dialect_of(const model_endpoint& endpoint) const {
  const std::scoped_lock lock(mutex_);
  const auto known = dialects_.find(name_of(endpoint));
  return known == dialects_.end() ? chat_dialect{} : known->second;
}

void http_model::remember(const model_endpoint& endpoint, const chat_dialect& learnt) {
  constexpr std::size_t endpoints_max = 100; // a file has one; tests and benches a few
  const std::scoped_lock lock(mutex_);
  if (dialects_.size() >= endpoints_max) dialects_.clear();
  dialects_[name_of(endpoint)] = learnt;
}

void http_model::ask(model_request request, callback done) {
  auto asked = std::make_shared<exchange>();
  asked->dialect = dialect_of(request.endpoint);
  asked->request = std::move(request);
  asked->done = std::move(done);
  send(std::move(asked));
}

void http_model::send(std::shared_ptr<exchange> asked) {
  ++asked->requests;
  client_->perform(
      asked->request.endpoint.url,
      [this, asked] { return to_order(asked->request, asked->dialect, allowed_); },
      [this, asked](http_outcome outcome) { take(asked, std::move(outcome)); });
}

void http_model::take(const std::shared_ptr<exchange>& asked, http_outcome came) {
  if (!came) {
    auto failure = unreached(came.error());
    failure.requests = asked->requests;
    return asked->done(tl::unexpected(std::move(failure)));
  }
  if (asked->requests < requests_max)
    if (const auto next = other_dialect(*came, asked->dialect)) {
      asked->dialect = *next;
      return send(asked);
    }
  auto outcome = judge_completion(*came, asked->request, asked->dialect, now_());
  if (outcome) {
    if (asked->requests > 1) remember(asked->request.endpoint, asked->dialect);
    outcome->requests = asked->requests;
  } else {
    outcome.error().requests = asked->requests;
  }
  asked->done(std::move(outcome));
}

result<std::unique_ptr<model_client>> make_model_client(http_peer_config config) {
  auto peer = open_peer(std::move(config));
  if (!peer) return tl::unexpected(peer.error());
  return std::make_unique<http_model>(std::move(*peer));
}

} // namespace apisync::sources
