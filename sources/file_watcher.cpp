#include "sources/file_watcher.hpp"

#include "sources/debouncer.hpp"
#include "sources/unique_fd.hpp"
#include "sources/watch_table.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <mutex>
#include <optional>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <system_error>
#include <thread>
#include <utility>

namespace apisync::sources {

/// The thread, and what it shares with the callers of watch and unwatch.
class file_watcher::loop {
public:
  loop(unique_fd inotify, unique_fd wake, roots allowed, callback changed, watch_settings settings)
      : wake_(std::move(wake)),
        changed_(std::move(changed)),
        table_(std::move(inotify), std::move(allowed)),
        bursts_(settings.quiet, settings.longest),
        thread_([this] { run(); }) {}

  ~loop() {
    {
      const std::scoped_lock lock(mutex_);
      stopping_ = true;
    }
    ::eventfd_write(wake_.get(), 1);
    thread_.join();
  }
  loop(const loop&) = delete;
  loop& operator=(const loop&) = delete;

  result<void> watch(const std::string& source, const std::vector<std::string>& paths) {
    const std::scoped_lock lock(mutex_);
    return table_.watch(source, paths);
  }

  void unwatch(const std::string& source) {
    const std::scoped_lock lock(mutex_);
    table_.unwatch(source);
    bursts_.forget(source);
  }

private:
  using clock = std::chrono::steady_clock;

  void run() {
    std::array<pollfd, 2> waiting{pollfd{table_.descriptor(), POLLIN, 0},
                                  pollfd{wake_.get(), POLLIN, 0}};
    while (const auto timeout_ms = time_to_next_ms()) {
      ::poll(waiting.data(), waiting.size(), *timeout_ms);
      take_events();
      for (const auto& source : take_due())
        changed_(source);
    }
  }

  /// -1 is for ever, as poll has it; nothing at a stop.
  std::optional<int> time_to_next_ms() {
    const std::scoped_lock lock(mutex_);
    if (stopping_) return std::nullopt;
    const auto next = bursts_.next();
    if (!next) return -1;
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(*next - clock::now()).count();
    return static_cast<int>(std::clamp<std::int64_t>(left, 0, 60'000));
  }

  void take_events() {
    alignas(inotify_event) std::array<char, 16'384> buffer;
    const auto count = ::read(table_.descriptor(), buffer.data(), buffer.size());
    if (count <= 0) return; // nothing yet: the descriptor does not block
    const std::scoped_lock lock(mutex_);
    const auto now = clock::now();
    for (std::size_t at = 0; at < static_cast<std::size_t>(count);) {
      const auto& event = *reinterpret_cast<const inotify_event*>(buffer.data() + at);
      for (const auto& source : table_.take(event))
        bursts_.note(source, now);
      at += sizeof(inotify_event) + event.len;
    }
  }

  std::vector<std::string> take_due() {
    const std::scoped_lock lock(mutex_);
    return bursts_.due(clock::now());
  }

  const unique_fd wake_;
  const callback changed_;
  std::mutex mutex_;
  watch_table table_; // protected by mutex_, as are the next two
  debouncer bursts_;
  bool stopping_ = false;
  std::thread thread_; // last: it uses the rest
};

result<std::unique_ptr<file_watcher>> file_watcher::start(roots allowed, callback changed,
                                                          watch_settings settings) {
  unique_fd inotify(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC));
  unique_fd wake(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC));
  if (!inotify || !wake)
    return fail(errc::unavailable,
                "files cannot be watched (" + std::generic_category().message(errno) +
                    "): raise fs.inotify.max_user_instances, or rely on polling");
  auto running = std::make_unique<loop>(std::move(inotify), std::move(wake), std::move(allowed),
                                        std::move(changed), settings);
  return std::unique_ptr<file_watcher>(new file_watcher(std::move(running)));
}

file_watcher::file_watcher(std::unique_ptr<loop> running) : loop_(std::move(running)) {}
file_watcher::~file_watcher() = default;

result<void> file_watcher::watch(const std::string& source, const std::vector<std::string>& paths) {
  return loop_->watch(source, paths);
}

void file_watcher::unwatch(const std::string& source) {
  loop_->unwatch(source);
}

} // namespace apisync::sources
