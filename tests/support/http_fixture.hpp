#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace apisync::test {

/// A request as the fixture read it.
struct http_request {
  std::string method, target;
  std::map<std::string, std::string> headers; ///< names in lower case
  std::string body;
};

/// One connection of the fixture, for handlers that misbehave on purpose.
class http_connection {
public:
  explicit http_connection(int fd) : fd_(fd) {}

  /// Sends bytes as they are. False when the other side has gone.
  bool send(std::string_view bytes) const;

  /// Waits until the other side closes, or the fixture is destroyed.
  void wait_for_close() const;

  /// Sends the bytes one at a time, each after a pause of a few milliseconds, over and over, until
  /// the other side closes.
  void drip(std::string_view bytes) const;

private:
  int fd_;
};

/// A loopback HTTP server that answers each connection with what a handler sends, then closes it.
/// Handlers run on threads of their own and may do anything to the connection.
class http_fixture {
public:
  using handler = std::function<void(const http_request&, const http_connection&)>;

  explicit http_fixture(handler answer);
  ~http_fixture();
  http_fixture(const http_fixture&) = delete;
  http_fixture& operator=(const http_fixture&) = delete;

  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] std::string url(const std::string& path) const;

  /// The requests so far, oldest first.
  [[nodiscard]] std::vector<http_request> requests() const;

  /// Waits until that many requests have come; false when they don't within ten seconds.
  bool wait_for_requests(std::size_t count) const;

  /// A whole answer with its length.
  static std::string answer(int status, const std::string& headers, std::string_view body);

private:
  void accept_all();
  void serve(int fd);

  handler answer_;
  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::atomic<bool> stopping_{false};
  mutable std::mutex mutex_;
  mutable std::condition_variable came_;
  std::vector<http_request> requests_; // protected by mutex_, as are the next two
  std::vector<int> open_;
  std::vector<std::thread> serving_;
  std::thread accepting_;
};

} // namespace apisync::test
