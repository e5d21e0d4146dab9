#pragma once

#include "specs/merge_proof_order.hpp"

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace apisync::specs {

/// Equal things of one list, by version.
struct fact {
  std::string name; ///< Empty where the content is the name.
  per_proof_version<std::vector<std::size_t>> at;

  [[nodiscard]] std::size_t count(std::size_t version) const { return at[version].size(); }

  /// A side has it more than once.
  [[nodiscard]] bool repeated() const {
    return count(of_base) > 1 || count(of_current) > 1 || count(of_incoming) > 1;
  }

  /// How often the merged list must have it: at least, at most.
  [[nodiscard]] std::pair<std::size_t, std::size_t> due() const {
    const auto b = count(of_base);
    const auto c = count(of_current);
    const auto i = count(of_incoming);
    if (b == c) return {i, i};
    if (b == i) return {c, c};
    const auto both = c + i > b ? c + i - b : 0;
    // Two equal changes are one change, or two that look alike.
    if (c == i) return {std::min(c, both), std::max(c, both)};
    return {both, both};
  }
};

} // namespace apisync::specs
