#include "actors/replay.hpp"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

namespace apisync::actors {

namespace {

constexpr std::size_t stretch_records = 128; // small enough for a core's cache
constexpr std::size_t stretches_ahead = 8;

using stretch = std::vector<events::decoded_record>;

/// Carries stretches of the log from the thread that decodes to the one that folds, and what is
/// left of them back, to be freed where it was made.
class belt {
public:
  /// Waits for room; false when nobody takes any more.
  bool put(stretch full) {
    std::unique_lock lock{mutex_};
    changed_.wait(lock, [&] { return given_up_ || full_.size() < stretches_ahead; });
    if (given_up_) return false;
    full_.push_back(std::move(full));
    changed_.notify_all();
    return true;
  }

  /// An empty stretch.
  stretch spare() {
    std::unique_lock lock{mutex_};
    if (used_.empty()) return {};
    auto again = std::move(used_.back());
    used_.pop_back();
    lock.unlock();
    again.clear();
    return again;
  }

  /// Waits for the next; nothing after the last.
  std::optional<stretch> take() {
    std::unique_lock lock{mutex_};
    changed_.wait(lock, [&] { return closed_ || !full_.empty(); });
    if (full_.empty()) return std::nullopt;
    auto next = std::move(full_.front());
    full_.pop_front();
    changed_.notify_all();
    return next;
  }

  void give_back(stretch used) {
    const std::scoped_lock lock{mutex_};
    used_.push_back(std::move(used));
  }

  /// Nothing more is put.
  void close() {
    const std::scoped_lock lock{mutex_};
    closed_ = true;
    changed_.notify_all();
  }

  /// Nothing more is taken.
  void give_up() {
    const std::scoped_lock lock{mutex_};
    given_up_ = true;
    changed_.notify_all();
  }

private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<stretch> full_;
  std::vector<stretch> used_;
  bool closed_ = false;
  bool given_up_ = false;
};

result<void> decode_onto(belt& out, const storage::event_log& log,
                         const storage::read_filter& filter) {
  result<void> decoded;
  stretch filling;
  const auto read = log.read(filter, [&](const events::record_view& record) {
    auto next = events::decode_record(record);
    if (!next) {
      decoded = tl::unexpected{next.error()};
      return false;
    }
    filling.push_back(std::move(*next));
    if (filling.size() < stretch_records) return true;
    const auto wanted = out.put(std::move(filling));
    filling = out.spare();
    return wanted;
  });
  out.put(std::move(filling));
  return decoded ? read : decoded;
}

result<void> fold_from(belt& in, events::views& into) {
  while (auto next = in.take()) {
    for (auto& record : *next)
      if (auto folded = into.apply(std::move(record)); !folded) return folded;
    in.give_back(std::move(*next));
  }
  return {};
}

} // namespace

result<events::views> replay(const storage::event_log& log, const storage::read_filter& filter) {
  belt between;
  result<void> read;
  events::views views;
  result<void> folded;
  {
    const std::jthread reader{[&] {
      read = decode_onto(between, log, filter);
      between.close();
    }};
    folded = fold_from(between, views);
    between.give_up();
  }
  if (!folded) return tl::unexpected{folded.error()};
  if (!read) return tl::unexpected{read.error()};
  return views;
}

} // namespace apisync::actors
