#pragma once

#include "specs/error.hpp"

#include <functional>
#include <vector>

namespace apisync::tools {

/// One way to do something, and how long it took in each round.
struct way {
  std::function<result<void>()> go;
  std::function<void()> after = {}; ///< Not measured.
  std::vector<double> seconds = {};

  /// The median round's time.
  [[nodiscard]] double time() const;
};

/// Runs the ways one after the other, round by round, so that what else the machine does hits all
/// of them. Fails as the first way that fails.
result<void> take_turns(std::vector<way>& ways, int rounds);

} // namespace apisync::tools
