#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace apisync::admin {

/// How much one request may take of the machine.
struct channel_limits {
  std::size_t head_bytes = 16UL * 1024;
  std::size_t body_bytes = 32UL * 1024 * 1024; ///< On the wire, chunk framing included.
  std::chrono::milliseconds read_time{20'000}; ///< From the first byte of a request to its last.
  std::chrono::milliseconds write_time{
      60'000}; ///< For the whole answer; for each piece of a stream.
  std::chrono::milliseconds stop_grace{1'000}; ///< For an answer under way when the server stops.
};

/// Bytes of bodies held by all connections together.
struct shared_budget {
  std::size_t most = 256UL * 1024 * 1024;
  std::atomic<std::size_t> used{0};
};

/// A connected socket, read and written under deadlines and budgets. Not thread-safe; does not own
/// the descriptor.
class socket_channel {
public:
  enum class wake { data, closed, idle };
  enum class head_result { complete, too_large, timed_out, closed };

  /// `stop_fd` becomes readable, and stays so, when the server stops.
  socket_channel(int fd, int stop_fd, const channel_limits& limits, shared_budget& shared);
  ~socket_channel();
  socket_channel(const socket_channel&) = delete;
  socket_channel& operator=(const socket_channel&) = delete;

  /// Waits for the first byte of the next request; gives up early when `hurry` says that somebody
  /// else waits for the thread.
  wake await_request(std::chrono::milliseconds at_most, const std::function<bool()>& hurry);

  /// Starts the clock and the budget of a request and reads its head into memory.
  head_result read_head();

  /// The head of the request: request line to blank line. Valid until the next `read`.
  [[nodiscard]] std::string_view head() const;

  /// Adds `Content-Length: 0` to a head that states no length, for a reader that would wait for a
  /// body until the connection ends. @pre `read_head` was complete and nothing was read since
  void state_empty_body();

  /// Reads what follows the last byte read: the head first, then the body. -1 when the budget or
  /// the time is used up, the peer is gone, or the server stops.
  long read(char* into, std::size_t size);

  /// Collects output; sends it once there is enough. False when the peer does not take it in time.
  bool write(std::string_view text);

  /// Sends what was collected.
  bool flush();

  /// Restarts the clock of the answer, for open-ended ones.
  void extend_write_deadline();

  /// The peer has not closed and the server does not stop. Does not block.
  [[nodiscard]] bool open() const;

  /// What ended the reading of a body early, if anything did.
  [[nodiscard]] bool over_budget() const { return over_budget_; }
  [[nodiscard]] bool over_shared_budget() const { return over_shared_budget_; }
  [[nodiscard]] bool timed_out() const { return timed_out_; }

  /// Every byte that was sent so far left the process without an error.
  [[nodiscard]] bool healthy() const { return healthy_; }

  [[nodiscard]] int fd() const { return fd_; }

  /// The server is stopping.
  [[nodiscard]] bool stopping() const;

private:
  using clock = std::chrono::steady_clock;
  enum class readiness { ready, timeout, stopping };

  readiness wait(short events, clock::time_point deadline, bool mind_stop) const;
  long receive(char* into, std::size_t size);
  bool refill();
  bool charge(std::size_t bytes);
  void end_request();
  bool send_all(std::string_view text);

  int fd_;
  int stop_fd_;
  channel_limits limits_;
  shared_budget& shared_;
  std::string in_; ///< Received, read up to `at_`.
  std::size_t at_ = 0;
  std::size_t head_end_ = 0; ///< Where the head ends in `in_`.
  std::string out_;
  std::size_t body_taken_ = 0; ///< Of this request, and of the shared budget.
  clock::time_point read_deadline_;
  clock::time_point write_deadline_;
  bool answering_ = false; ///< The clock of the answer has started.
  bool over_budget_ = false;
  bool over_shared_budget_ = false;
  bool timed_out_ = false;
  bool healthy_ = true;
};

} // namespace apisync::admin
