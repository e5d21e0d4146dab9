#pragma once

#include "specs/error.hpp"

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <mutex>

namespace apisync::admin {

/// Bounds the memory of requests that read whole documents on the server's threads: so many work at
/// once, a few wait for their turn, the others are refused. Thread-safe.
class document_turns {
public:
  struct limits {
    std::size_t working = 2;
    std::size_t waiting = 8;
    std::chrono::milliseconds wait{5'000};
  };

  /// Gives its place to the next when it ends.
  class turn {
  public:
    explicit turn(document_turns& of) : of_{&of} {}
    turn(turn&& other) noexcept : of_{other.of_} { other.of_ = nullptr; }
    turn& operator=(turn&&) = delete;
    ~turn();

  private:
    document_turns* of_;
  };

  document_turns() = default;
  explicit document_turns(limits most) : limits_{most} {}

  /// Blocks until it is one's turn; `overloaded` where too many wait, or the wait is too long.
  [[nodiscard]] result<turn> take();

private:
  void give_back();

  limits limits_;
  std::mutex mutex_; ///< Protects what follows.
  std::condition_variable freed_;
  std::size_t working_ = 0, waiting_ = 0;
};

} // namespace apisync::admin
