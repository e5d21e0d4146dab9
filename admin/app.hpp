#pragma once

#include "actors/environment.hpp"
#include "actors/service.hpp"
#include "admin/guard.hpp"
#include "admin/http_server.hpp"
#include "admin/router.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace apisync::admin {

/// What the HTTP API needs beside the service itself.
struct app_options {
  std::string version = "0.0.0";               ///< Of the program.
  actors::wall_clock now = actors::system_now; ///< For moments that lie ahead, and process age.
  std::function<void()> pause = {};            ///< Between two looks of an event stream at the log;
                                               ///< by default 100 ms.
  std::function<std::optional<error>()> unready = {}; ///< Why no write can succeed now, if so.
  /// The value that `env:NAME` or `file:PATH` stands for; without it no delivery can be checked.
  std::function<result<std::string>(const std::string& reference)> secret = {};
  std::shared_ptr<const events::config> file = {}; ///< What the process was started with, if any.
};

class api_context;

/// The HTTP API of a service: every route of docs/http-api.md behind the access checks.
/// Thread-safe. The service must outlive it.
class app {
public:
  app(actors::service& service, access_policy policy, app_options options);
  ~app();
  app(const app&) = delete;
  app& operator=(const app&) = delete;

  /// Answers one request.
  response answer(request& asked) const { return router_->answer(asked); }

  /// For `http_server`; this object must outlive it.
  [[nodiscard]] http_server::handler handler() const {
    return [this](request& asked) { return answer(asked); };
  }

  [[nodiscard]] const std::vector<route>& routes() const { return router_->routes(); }

private:
  std::unique_ptr<api_context> context_;
  std::unique_ptr<router> router_;
};

} // namespace apisync::admin
