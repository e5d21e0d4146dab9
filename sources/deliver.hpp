#pragma once

#include "sources/fetch.hpp"
#include "specs/error.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace apisync::sources {

/// One message to a receiver: an HTTP POST of a JSON body, signed.
struct delivery_request {
  std::string receiver;                     ///< Who it is for, in messages.
  std::string url;                          ///< Or `env:NAME`, `file:PATH`.
  std::vector<std::string> secrets;         ///< References; each signs. docs/webhooks.md.
  std::vector<std::string> allow_addresses; ///< Beyond the public ones, see address_policy.hpp.
  std::string id;                           ///< The same for every attempt.
  std::shared_ptr<const std::string> body;
  std::chrono::milliseconds timeout{10'000}; ///< From the connection to the whole answer.
};

/// The receiver has taken it: a status of 200 to 299.
struct delivered {
  long status = 0;
};

struct delivery_failure {
  error problem;
  bool refused = false; ///< The receiver has seen it and will never take it.
  std::optional<std::chrono::seconds> retry_after; ///< What the receiver asked for.
};

using delivery_outcome = tl::expected<delivered, delivery_failure>;

/// Brings messages to their receivers. `send` returns at once and calls `done` exactly once, from
/// any thread (also from within `send`), also when it is cancelled (with `errc::cancelled`). `done`
/// must not throw, block for long, or destroy the sender. The destructor cancels what is under way.
class sender {
public:
  virtual ~sender() = default;
  using callback = std::function<void(delivery_outcome)>;
  virtual void send(delivery_request request, callback done) = 0;
};

} // namespace apisync::sources
