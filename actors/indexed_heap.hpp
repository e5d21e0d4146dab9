#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace apisync::actors {

/// A heap of small references with a key each, whose places are known, so that any of them can be
/// taken out or moved in O(log n). The least key is in front, the lesser reference first among
/// equals. `place(ref)` is where that reference's index is kept, `no_place` while it is in no heap;
/// it is given with each call, so that a heap is a plain vector that can be copied and moved with
/// what it refers to. Keys lie in the heap itself and a node has four children, so that comparing
/// stays in few cache lines.
template <class Key>
class indexed_heap {
public:
  using ref = std::uint32_t;
  static constexpr std::uint32_t no_place = UINT32_MAX;

  [[nodiscard]] bool empty() const { return items_.empty(); }
  [[nodiscard]] std::size_t size() const { return items_.size(); }
  [[nodiscard]] ref front() const { return items_.front().what; }
  [[nodiscard]] Key front_key() const { return items_.front().key; }
  [[nodiscard]] std::size_t bytes() const { return items_.capacity() * sizeof(item); }

  template <class Place>
  void push(ref what, Key key, Place place) {
    items_.push_back({key, what});
    rise(items_.size() - 1, place);
  }

  /// @pre it is in this heap
  template <class Place>
  void erase(ref what, Place place) {
    const std::size_t at = place(what);
    place(what) = no_place;
    const auto last = items_.back();
    items_.pop_back();
    if (at == items_.size()) return;
    items_[at] = last;
    settle(at, place);
  }

  /// @pre it is in this heap
  template <class Place>
  void update(ref what, Key key, Place place) {
    const std::size_t at = place(what);
    if (items_[at].key == key) return;
    items_[at].key = key;
    settle(at, place);
  }

private:
  static constexpr std::size_t children = 4;

  struct item {
    Key key;
    ref what;

    bool operator<(const item& other) const {
      return key != other.key ? key < other.key : what < other.what;
    }
  };

  template <class Place>
  void settle(std::size_t at, Place place) {
    if (rise(at, place) == at) sink(at, place);
  }

  template <class Place>
  std::size_t rise(std::size_t at, Place place) {
    const auto moved = items_[at];
    while (at > 0) {
      const auto parent = (at - 1) / children;
      if (!(moved < items_[parent])) break;
      put(at, items_[parent], place);
      at = parent;
    }
    put(at, moved, place);
    return at;
  }

  template <class Place>
  void sink(std::size_t at, Place place) {
    const auto moved = items_[at];
    for (;;) {
      const auto first = at * children + 1;
      if (first >= items_.size()) break;
      const auto end = std::min(first + children, items_.size());
      auto least = first;
      for (auto child = first + 1; child < end; ++child)
        if (items_[child] < items_[least]) least = child;
      if (!(items_[least] < moved)) break;
      put(at, items_[least], place);
      at = least;
    }
    put(at, moved, place);
  }

  template <class Place>
  void put(std::size_t at, const item& moved, Place place) {
    items_[at] = moved;
    place(moved.what) = static_cast<std::uint32_t>(at);
  }

  std::vector<item> items_;
};

} // namespace apisync::actors
