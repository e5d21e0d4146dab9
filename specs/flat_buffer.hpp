#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <new>
#include <type_traits>
#include <utility>

namespace apisync::specs {

/// Asks for large pages under a block of memory that is about to be filled: a document of megabytes
/// otherwise spends a fifth of its reading on getting memory page by page.
void prefer_large_pages(void* at, std::size_t bytes);

/// A growing array of plain values over realloc. Large blocks grow and shrink by moving pages, so
/// that a document of megabytes is neither copied nor held twice while it is read.
template <class T>
class flat_buffer {
  static_assert(std::is_trivially_copyable_v<T> && std::is_trivially_destructible_v<T>);

public:
  flat_buffer() = default;
  ~flat_buffer() { std::free(data_); }
  flat_buffer(flat_buffer&& other) noexcept
      : data_{std::exchange(other.data_, nullptr)},
        size_{std::exchange(other.size_, 0)},
        capacity_{std::exchange(other.capacity_, 0)} {}
  flat_buffer& operator=(flat_buffer&& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    std::swap(capacity_, other.capacity_);
    return *this;
  }
  flat_buffer(const flat_buffer&) = delete;
  flat_buffer& operator=(const flat_buffer&) = delete;

  [[nodiscard]] T* data() { return data_; }
  [[nodiscard]] const T* data() const { return data_; }
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] std::size_t capacity() const { return capacity_; }
  [[nodiscard]] bool empty() const { return size_ == 0; }
  T& operator[](std::size_t i) { return data_[i]; }
  const T& operator[](std::size_t i) const { return data_[i]; }
  [[nodiscard]] T* begin() { return data_; }
  [[nodiscard]] T* end() { return data_ + size_; }
  [[nodiscard]] const T* begin() const { return data_; }
  [[nodiscard]] const T* end() const { return data_ + size_; }
  [[nodiscard]] T& back() { return data_[size_ - 1]; }

  void push_back(const T& value) {
    const T copy = value; // which may lie inside
    if (size_ == capacity_) grow(size_ + 1);
    data_[size_++] = copy;
  }

  /// @pre `from` does not point into this buffer
  void append(const T* from, std::size_t count) {
    if (count == 0) return;
    if (count > capacity_ - size_) grow(size_ + count);
    std::memcpy(data_ + size_, from, count * sizeof(T));
    size_ += count;
  }

  /// Makes room without values in it; memory that is never written to costs no pages.
  void reserve(std::size_t capacity) {
    if (capacity > capacity_) reallocate(capacity);
  }

  /// Drops values from the end, or adds copies of one.
  void resize(std::size_t size, const T& value = T{}) {
    reserve(size);
    for (auto i = size_; i < size; ++i)
      data_[i] = value;
    size_ = size;
  }

  void shrink_to_fit() {
    if (size_ < capacity_) reallocate(size_);
  }

private:
  void grow(std::size_t needed) {
    constexpr std::size_t least = 16;
    reallocate(std::max({needed, least, capacity_ + capacity_ / 2}));
  }

  void reallocate(std::size_t capacity) {
    if (capacity == 0) {
      std::free(std::exchange(data_, nullptr));
    } else {
      auto* const moved = static_cast<T*>(std::realloc(data_, capacity * sizeof(T)));
      if (moved == nullptr) throw std::bad_alloc();
      data_ = moved;
      constexpr std::size_t large = std::size_t{4} << 20;
      if (capacity > capacity_ && capacity * sizeof(T) >= large)
        prefer_large_pages(moved, capacity * sizeof(T));
    }
    capacity_ = capacity;
  }

  T* data_ = nullptr;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
};

} // namespace apisync::specs
