#pragma once

#include "sources/address_policy.hpp"
#include "sources/chat_completion.hpp"
#include "sources/model.hpp"
#include "sources/roots.hpp"

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace apisync::sources {

class http_client;

/// What the client of models may do, and how much at once.
struct model_client_config {
  std::vector<std::string> roots;           ///< For `file:` references.
  std::string base = ".";                   ///< Where relative paths start: the configuration's.
  std::vector<std::string> allow_addresses; ///< For every endpoint, see address_policy.hpp.
  std::string user_agent = "apisync";
  std::string ca_file;             ///< PEM file of authorities; empty: the system's.
  std::size_t in_flight_max = 64;  ///< Requests at once.
  std::size_t waiting_max = 1'000; ///< More are refused as `overloaded`.
  std::function<wall_time()> now;  ///< For `Retry-After` dates; empty: the system's clock.
};

/// Asks models over HTTP, with an `http_client` of its own, under the address policy that sources
/// are fetched under. Redirects are not followed. A server that refuses a parameter is asked again
/// without it, which is remembered per endpoint and model. Thread-safe.
class http_model final : public model_client {
public:
  http_model(const model_client_config& config, roots allowed, address_policy addresses);
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

/// Errors: those of `roots::open` and `address_policy::parse`.
result<std::unique_ptr<model_client>> make_model_client(model_client_config config);

} // namespace apisync::sources
