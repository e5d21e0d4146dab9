#pragma once

#include "admin/http_head.hpp"
#include "admin/listen_socket.hpp"
#include "admin/message.hpp"
#include "admin/socket_channel.hpp"
#include "specs/error.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace apisync::admin {

/// What the server may use. The defaults fit one service on one machine.
struct server_options {
  listen_address listen;
  std::size_t threads = 64;       ///< Connections served at once, event streams not counted.
  std::size_t event_streams = 32; ///< Open-ended answers at once; each has a thread of its own.
  std::size_t waiting = 256;      ///< Connections that wait for a thread; more are answered 503.
  std::chrono::milliseconds idle{5'000}; ///< How long a connection may be silent between requests.
  head_limits head;
  channel_limits channel;
  shared_budget* bodies = nullptr; ///< For tests; by default one of the server's own.
};

/// An HTTP/1.1 server on one address: keep-alive, a thread per connection from a bounded pool, and
/// deadlines and byte budgets around everything that a client can send or refuse to take. Answers
/// of its own (400, 408, 413, 414, 416, 431, 503, ...) are problem details like those of the
/// handler.
class http_server {
public:
  /// Called on many threads at once; must not block for long, but for `response::stream`.
  using handler = std::function<response(request&)>;

  /// Binds and serves until `stop`. Fails as `listen_socket::open` does.
  static result<std::unique_ptr<http_server>> start(server_options options, handler answer);

  /// Stops.
  ~http_server();
  http_server(const http_server&) = delete;
  http_server& operator=(const http_server&) = delete;

  /// The address that was bound, with the port that the system chose for 0.
  [[nodiscard]] const listen_address& address() const;

  /// Accepts no more, cuts idle connections and streams, lets answers under way end within the
  /// grace of `channel_limits`, and joins the threads. Returns after the longest running handler at
  /// the latest. Idempotent.
  void stop();

private:
  struct impl;
  explicit http_server(std::unique_ptr<impl> state);
  std::unique_ptr<impl> impl_;
};

} // namespace apisync::admin
