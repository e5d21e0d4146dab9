#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace apisync::events {

/// Makes what a shared pointer holds writable by this thread: a copy of it where somebody else
/// holds it too. Only the thread that owns `held` may copy it, so a count of one stays one.
template <class T>
T& own(std::shared_ptr<T>& held) {
  if (!held)
    held = std::make_shared<T>();
  else if (held.use_count() != 1)
    held = std::make_shared<T>(std::as_const(*held));
  else
    std::atomic_thread_fence(std::memory_order_acquire); // after the last reader's release
  return *held;
}

/// A map from text to `T` that is cheap to copy: a copy shares its shards with the original, and
/// writing copies only the touched entry and its shard's table of entries, once per copy. One
/// thread writes a map and copies it; the copies may be read by any thread, each by one at a time
/// or by many as long as nobody writes that copy.
template <class T, std::size_t Shards = 64>
class cow_map {
public:
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] bool empty() const { return size_ == 0; }

  /// The value of a key, or null. Valid until this map is written or destroyed.
  [[nodiscard]] const T* find(std::string_view key) const {
    const auto& shard = shards_[index(key)];
    if (!shard) return nullptr;
    const auto at = shard->find(key);
    return at == shard->end() ? nullptr : at->second.get();
  }

  /// The value of a key, to be written; null where there is none.
  [[nodiscard]] T* edit(std::string_view key) {
    if (!find(key)) return nullptr;
    return &own(own(shards_[index(key)]).find(key)->second);
  }

  /// The value of a key, to be written; made if it is not there.
  T& touch(std::string_view key) {
    auto& entries = own(shards_[index(key)]);
    auto at = entries.lower_bound(key);
    if (at == entries.end() || at->first != key) {
      at = entries.emplace_hint(at, std::string{key}, std::make_shared<T>());
      ++size_;
    }
    return own(at->second);
  }

  /// False where the key was not there.
  bool erase(std::string_view key) {
    if (!find(key)) return false;
    auto& entries = own(shards_[index(key)]);
    entries.erase(entries.find(key));
    --size_;
    return true;
  }

  using entry = std::pair<std::string_view, const T*>;

  /// The first `limit` entries whose keys come after `after`, in the order of keys.
  [[nodiscard]] std::vector<entry> page(std::string_view after, std::size_t limit) const {
    return collect([after](const table& of) { return of.upper_bound(after); }, limit);
  }

  /// All entries in the order of keys.
  [[nodiscard]] std::vector<entry> all() const {
    return collect([](const table& of) { return of.begin(); }, size_);
  }

  /// Visits every entry, in no order that means anything.
  template <class Visit>
  void for_each(Visit visit) const {
    for (const auto& shard : shards_)
      if (shard)
        for (const auto& [key, value] : *shard)
          visit(std::string_view{key}, std::as_const(*value));
  }

private:
  using table = std::map<std::string, std::shared_ptr<T>, std::less<>>;
  using cursor = std::pair<typename table::const_iterator, typename table::const_iterator>;

  static std::size_t index(std::string_view key) {
    return std::hash<std::string_view>{}(key) % Shards;
  }

  /// Merges the shards, each from where `start` says.
  template <class Start>
  std::vector<entry> collect(Start start, std::size_t limit) const {
    const auto later = [](const cursor& a, const cursor& b) {
      return a.first->first > b.first->first;
    };
    std::vector<cursor> heads;
    for (const auto& shard : shards_)
      if (shard)
        if (const auto from = start(*shard); from != shard->end())
          heads.emplace_back(from, shard->end());
    std::make_heap(heads.begin(), heads.end(), later);
    std::vector<entry> out;
    out.reserve(std::min(limit, size_));
    while (!heads.empty() && out.size() < limit) {
      std::pop_heap(heads.begin(), heads.end(), later);
      auto& head = heads.back();
      out.emplace_back(head.first->first, head.first->second.get());
      if (++head.first == head.second)
        heads.pop_back();
      else
        std::push_heap(heads.begin(), heads.end(), later);
    }
    return out;
  }

  std::array<std::shared_ptr<table>, Shards> shards_{};
  std::size_t size_ = 0;
};

} // namespace apisync::events
