#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <stop_token>
#include <thread>
#include <vector>

namespace apisync::sources {

/// A few threads that run tasks in order of arrival, with a bounded queue. Every task that was
/// accepted runs exactly once; after a stop, with a token that says so, and it should then do no
/// more than answer "cancelled".
class worker_pool {
public:
  using task = std::function<void(const std::stop_token&)>;

  worker_pool(std::size_t threads, std::size_t queue_max);
  /// Stops.
  ~worker_pool();
  worker_pool(const worker_pool&) = delete;
  worker_pool& operator=(const worker_pool&) = delete;

  /// False when the queue is full or the pool stops; the task is then not run.
  [[nodiscard]] bool submit(task work);

  /// Waits for the tasks under way, having asked them to stop, and runs the rest as cancelled. Not
  /// to be called by a task.
  void stop();

private:
  void run();

  const std::size_t queue_max_;
  std::stop_source stop_;
  std::mutex mutex_;
  std::condition_variable filled_;
  std::deque<task> queue_; // protected by mutex_
  std::vector<std::thread> threads_;
};

} // namespace apisync::sources
