#pragma once

#include "events/cow_map.hpp"

#include <array>
#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

namespace apisync::events {

/// The like of `cow_map` for values that are known by small numbers: slots in chunks, some of them
/// empty. Copying copies one pointer per chunk; writing copies the touched value and its chunk's
/// table, once per copy. The same rules about threads.
template <class T, std::size_t Chunk = 256>
class cow_vector {
public:
  /// The number of slots: one more than the highest number ever touched.
  [[nodiscard]] std::size_t size() const { return size_; }

  /// The value in a slot, or null. Valid until this vector is written or destroyed.
  [[nodiscard]] const T* find(std::size_t number) const {
    if (number >= size_) return nullptr;
    const auto& slots = chunks_[number / Chunk];
    return slots ? (*slots)[number % Chunk].get() : nullptr;
  }

  /// The value in a slot, to be written; null where there is none.
  [[nodiscard]] T* edit(std::size_t number) {
    if (!find(number)) return nullptr;
    return &own(own(chunks_[number / Chunk])[number % Chunk]);
  }

  /// The value in a slot, to be written; made if it is not there. The vector grows to hold it.
  T& touch(std::size_t number) {
    if (number >= size_) {
      size_ = number + 1;
      chunks_.resize(number / Chunk + 1);
    }
    return own(own(chunks_[number / Chunk])[number % Chunk]);
  }

  /// Empties a slot; it stays.
  void erase(std::size_t number) {
    if (find(number)) own(chunks_[number / Chunk])[number % Chunk].reset();
  }

  /// Visits every value by its number, in order.
  template <class Visit>
  void for_each(Visit visit) const {
    for (std::size_t number = 0; number < size_; ++number)
      if (const auto* value = find(number)) visit(number, *value);
  }

private:
  using chunk = std::array<std::shared_ptr<T>, Chunk>;

  std::vector<std::shared_ptr<chunk>> chunks_;
  std::size_t size_ = 0;
};

} // namespace apisync::events
