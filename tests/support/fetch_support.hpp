#pragma once

#include "sources/fetch.hpp"

#include <catch2/catch.hpp>

#include <atomic>
#include <chrono>
#include <future>
#include <memory>
#include <utility>

namespace apisync::test {

/// A fetch under way: its outcome, and how often it was answered.
class pending_fetch {
public:
  pending_fetch(sources::fetcher& fetcher, sources::fetch_request request) {
    auto state = state_;
    fetcher.fetch(std::move(request), [state](sources::fetch_outcome outcome) {
      if (state->answers.fetch_add(1) == 0) state->outcome.set_value(std::move(outcome));
    });
  }

  /// Waits for the answer; throws when there is none within 20 seconds.
  sources::fetch_outcome get() {
    auto answer = state_->outcome.get_future();
    if (answer.wait_for(std::chrono::seconds(20)) != std::future_status::ready)
      throw std::runtime_error("a fetch was never answered");
    return answer.get();
  }

  [[nodiscard]] int answers() const { return state_->answers; }

private:
  struct shared {
    std::promise<sources::fetch_outcome> outcome;
    std::atomic<int> answers{0};
  };
  std::shared_ptr<shared> state_ = std::make_shared<shared>();
};

/// Fetches and waits.
inline sources::fetch_outcome fetch_now(sources::fetcher& fetcher, sources::fetch_request request) {
  return pending_fetch(fetcher, std::move(request)).get();
}

/// The failure of an outcome that must be one.
inline sources::fetch_failure failure_of(const sources::fetch_outcome& outcome) {
  REQUIRE_FALSE(outcome);
  return outcome.error();
}

/// What was found by a fetch that must have worked.
inline sources::fetched found_by(const sources::fetch_outcome& outcome) {
  if (!outcome) FAIL(render(outcome.error().problem));
  return *outcome;
}

} // namespace apisync::test
