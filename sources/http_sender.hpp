#pragma once

#include "sources/deliver.hpp"
#include "sources/http_answer.hpp"
#include "sources/http_peer.hpp"

#include <functional>
#include <memory>
#include <string>

namespace apisync::sources {

/// Delivers by HTTP POST, under the address policy that sources are fetched under, with an
/// `http_client` of its own, so that receivers do not slow fetches. Redirects are not followed: a
/// signed message goes where it was meant to go.
class http_sender final : public sender {
public:
  explicit http_sender(http_peer peer);
  ~http_sender() override;
  http_sender(const http_sender&) = delete;
  http_sender& operator=(const http_sender&) = delete;

  void send(delivery_request request, callback done) override;

private:
  roots allowed_;
  std::function<wall_time()> now_;
  std::unique_ptr<http_client> client_; // last: what it still does uses the others
};

/// Errors: those of `open_peer`.
result<std::unique_ptr<sender>> make_sender(http_peer_config config);

/// What an answer means: 2xx is taken. 401, 403, 404, 408, 410, 421, 423, 425 and 429 may pass, as
/// do redirects and 5xx; any other 4xx says that this message will never be taken.
delivery_outcome judge_delivery(const http_answer& answer, wall_time now);

} // namespace apisync::sources
