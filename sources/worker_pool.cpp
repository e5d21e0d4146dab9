#include "sources/worker_pool.hpp"

#include <utility>

namespace apisync::sources {

worker_pool::worker_pool(std::size_t threads, std::size_t queue_max) : queue_max_(queue_max) {
  threads_.reserve(threads);
  for (std::size_t i = 0; i < threads; ++i)
    threads_.emplace_back([this] { run(); });
}

worker_pool::~worker_pool() {
  stop();
}

void worker_pool::stop() {
  {
    const std::scoped_lock lock(mutex_);
    stop_.request_stop();
  }
  filled_.notify_all();
  for (auto& thread : threads_)
    if (thread.joinable()) thread.join();
}

bool worker_pool::submit(task work) {
  {
    const std::scoped_lock lock(mutex_);
    if (stop_.stop_requested() || queue_.size() >= queue_max_) return false;
    queue_.push_back(std::move(work));
  }
  filled_.notify_one();
  return true;
}

void worker_pool::run() {
  const auto token = stop_.get_token();
  for (;;) {
    task next;
    {
      std::unique_lock lock(mutex_);
      filled_.wait(lock, [&] { return !queue_.empty() || token.stop_requested(); });
      if (queue_.empty()) return;
      next = std::move(queue_.front());
      queue_.pop_front();
    }
    next(token);
  }
}

} // namespace apisync::sources
