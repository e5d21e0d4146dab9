#pragma once

#include "admin/http_server.hpp"

#include <functional>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace apisync::test {

/// A service on any free port of 127.0.0.1 that answers what it is told and remembers what it was
/// asked.
class fake_service {
public:
  using answering = std::function<admin::response(const admin::request&)>;

  explicit fake_service(answering answer) : answer_{std::move(answer)} {
    admin::server_options options;
    options.listen = {"127.0.0.1", 0};
    options.threads = 2;
    options.event_streams = 0;
    auto started = admin::http_server::start(options, [this](admin::request& asked) {
      std::lock_guard const lock{mutex_};
      asked_.push_back(asked);
      return answer_(asked);
    });
    if (!started) throw std::runtime_error{started.error().message};
    server_ = std::move(*started);
  }

  [[nodiscard]] std::string url() const { return "http://" + server_->address().to_string(); }

  /// What was asked so far, in order.
  [[nodiscard]] std::vector<admin::request> asked() const {
    std::lock_guard const lock{mutex_};
    return asked_;
  }

private:
  answering answer_;
  mutable std::mutex mutex_;
  std::vector<admin::request> asked_;
  std::unique_ptr<admin::http_server> server_;
};

/// An answer with that body.
inline admin::response answered(std::string body, int status = 200) {
  admin::response answer;
  answer.status = status;
  answer.body = std::move(body);
  return answer;
}

} // namespace apisync::test
