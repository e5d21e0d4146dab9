#pragma once

#include "actors/aggregate.hpp"
#include "actors/failure.hpp"
#include "actors/interfaces.hpp"

#include <caf/typed_response_promise.hpp>

#include <algorithm>
#include <memory>
#include <optional>

namespace apisync::actors {

/// Answers once for several appends: with the last sequence, or the first error.
class answer_tally {
public:
  explicit answer_tally(caf::typed_response_promise<answer> reply) : reply_{std::move(reply)} {}

  /// Another append is under way.
  void expect() { ++left_; }

  /// One has ended; the last call is that of whoever started them.
  void add(const change_result& outcome) {
    if (outcome)
      last_ = std::max(last_, outcome->last);
    else if (!problem_)
      problem_ = outcome.error();
    if (--left_ > 0) return;
    if (problem_)
      reply_.deliver(to_caf(*problem_));
    else
      reply_.deliver(answer{last_, "{}"});
  }

private:
  caf::typed_response_promise<answer> reply_;
  std::size_t left_ = 1; ///< Appends, and whoever starts them.
  events::sequence last_ = 0;
  std::optional<error> problem_;
};

} // namespace apisync::actors
