#pragma once

#include "tests/support/scratch_directory.hpp"
#include "tests/system/service_process.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <csignal>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace apisync::test {

/// A folder with a configuration, and the real program that serves it.
class served_folder {
public:
  scratch_directory folder; ///< `apisync.yaml` is to be there before `start`.

  void start() {
    service_.emplace(std::vector<std::string>{"serve", "--config", folder / "apisync.yaml",
                                              "--data", folder / "data", "--listen",
                                              "127.0.0.1:0"});
    port_ = port_of(*service_);
  }

  /// Has the configuration read again and waits until it is applied; once after each start.
  void reload() {
    service_->send(SIGHUP);
    service_->wait_for("configuration");
  }

  /// Sends a signal and waits for the end; the exit status.
  int end(int signal) { return service_->finish(signal); }

  /// What a command prints that is to end with that status.
  std::string said(std::vector<std::string> words, std::string_view input = {},
                   int status = 0) const {
    words.insert(words.end(), {"--server", "http://127.0.0.1:" + std::to_string(port_)});
    const auto done = run_program(std::move(words), input);
    INFO(done.output);
    REQUIRE(done.status == status);
    return done.output;
  }

  /// What a route answers that is to go well.
  [[nodiscard]] nlohmann::json got(const std::string& path) const {
    const auto reply = http(port_, "GET", path);
    INFO(reply.body);
    REQUIRE(reply.status == 200);
    return nlohmann::json::parse(reply.body);
  }

  [[nodiscard]] http_reply post(const std::string& path, const std::string& body) const {
    return http(port_, "POST", path, body);
  }

private:
  std::optional<program> service_;
  std::uint16_t port_ = 0;
};

} // namespace apisync::test
