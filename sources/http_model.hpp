#pragma once

#include "sources/chat_completion.hpp"
#include "sources/http_peer.hpp"
#include "sources/model.hpp"

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>

namespace apisync::sources {

/// Asks models over HTTP, with an `http_client` of its own, under the address policy that sources
/// are fetched under. Redirects are not followed. A server that refuses a parameter is asked again
/// without it, which is remembered per endpoint and model. Thread-safe.
class http_model final : public model_client {
public:
  explicit http_model(http_peer peer);
  ~http_model() override;
  http_model(const http_model&) = delete;
  http_model& operator=(const http_model&) = delete;

  void ask(model_request request, callback done) override;

private:
  struct exchange;
  void send(std::shared_ptr<exchange> asked);
  void take(const std::shared_ptr<exchange>& asked, tl::expected<http_answer, fetch_failure> came);
  [[nodiscard]] chat_dialect dialect_of(const model_endpoint& endpoint) const;
  void remember(const model_endpoint& endpoint, const chat_dialect& learnt);

  roots allowed_;
  std::function<wall_time()> now_;
  mutable std::mutex mutex_;
  std::map<std::string, chat_dialect> dialects_; // protected by mutex_; by URL and model
  std::unique_ptr<http_client> client_;          // last: what it still does uses the others
};

/// Errors: those of `open_peer`.
result<std::unique_ptr<model_client>> make_model_client(http_peer_config config);

} // namespace apisync::sources
