#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace apisync::admin {

/// A fixed number of threads and a bounded queue in front of them.
class server_threads {
public:
  using task = std::function<void()>;

  server_threads(std::size_t threads, std::size_t queue_most);
  ~server_threads();
  server_threads(const server_threads&) = delete;
  server_threads& operator=(const server_threads&) = delete;

  /// Takes the task; false, leaving it alone, when no thread is free and the queue is full, or when
  /// closed.
  bool try_run(task& work);

  /// Tasks wait and no thread is free for them.
  [[nodiscard]] bool has_waiting() const;

  /// Runs what is queued and joins the threads. Idempotent.
  void close();

private:
  void work();

  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<task> queue_;
  std::size_t queue_most_;
  std::size_t idle_ = 0; ///< Threads that take the next tasks at once.
  bool closed_ = false;
  std::vector<std::thread> threads_;
};

} // namespace apisync::admin
