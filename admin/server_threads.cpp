#include "admin/server_threads.hpp"

#include <utility>

namespace apisync::admin {

server_threads::server_threads(std::size_t threads, std::size_t queue_most)
    : queue_most_{queue_most}, idle_{threads} {
  threads_.reserve(threads);
  for (std::size_t i = 0; i < threads; ++i)
    threads_.emplace_back([this] { work(); });
}

server_threads::~server_threads() {
  close();
}

bool server_threads::try_run(task& work) {
  {
    std::lock_guard const lock{mutex_};
    if (closed_ || queue_.size() >= queue_most_ + idle_) return false;
    queue_.push_back(std::move(work));
  }
  wake_.notify_one();
  return true;
}

bool server_threads::has_waiting() const {
  std::lock_guard const lock{mutex_};
  return queue_.size() > idle_;
}

void server_threads::close() {
  {
    std::lock_guard const lock{mutex_};
    closed_ = true;
  }
  wake_.notify_all();
  for (auto& thread : threads_) {
    if (thread.joinable()) thread.join();
  }
}

void server_threads::work() {
  for (;;) {
    task next;
    {
      std::unique_lock lock{mutex_};
      wake_.wait(lock, [this] { return closed_ || !queue_.empty(); });
      if (queue_.empty()) return;
      next = std::move(queue_.front());
      queue_.pop_front();
      --idle_;
    }
    next();
    std::lock_guard const lock{mutex_};
    ++idle_;
  }
}

} // namespace apisync::admin
