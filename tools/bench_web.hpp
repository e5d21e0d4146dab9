#pragma once

#include "specs/error.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <sys/types.h>

namespace apisync::tools {

/// A web server of small specifications in a process of its own, for a benchmark; reachable on the
/// loopback interface alone, under every address of 127.0.0.0/8. `/same/N` is always the same
/// document, with an ETag by which it answers 304; `/new/N` is another with every answer.
class bench_web {
public:
  /// Forks; threads that run do not go with it. Fails with `unavailable`.
  static result<std::unique_ptr<bench_web>> start();
  /// Ends the process.
  ~bench_web();
  bench_web(const bench_web&) = delete;
  bench_web& operator=(const bench_web&) = delete;

  [[nodiscard]] std::uint16_t port() const { return port_; }

private:
  bench_web(pid_t process, std::uint16_t port) : process_{process}, port_{port} {}

  pid_t process_;
  std::uint16_t port_;
};

/// Lets this process open as many files as the system allows it to.
void raise_file_limit();

} // namespace apisync::tools
