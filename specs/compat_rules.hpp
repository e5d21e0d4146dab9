#pragma once

#include "specs/compat.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace apisync::specs {

/// Does to findings what somebody's rules say: other levels, and exceptions.
class rule_filter {
public:
  /// @param today exceptions whose last day is before it no longer hold; without it all do.
  rule_filter(const rule_config& rules, std::optional<std::int32_t> today);

  /// Moves findings into the report: among the findings, among those that are ignored, or, where
  /// their rule is off, nowhere. One that is ignored for some of its operations is in both.
  void apply(std::vector<finding> found, compat_report& into);

  /// The exceptions that ignored nothing so far.
  [[nodiscard]] std::vector<idle_exception> idle() const;

private:
  [[nodiscard]] bool expired(const ignored_changes& exception) const;
  /// Takes out of the finding what an exception covers; says whether anything is left.
  bool except(finding& found, compat_report& into);

  const rule_config& rules_;
  std::optional<std::int32_t> today_;
  std::vector<bool> used_;
};

} // namespace apisync::specs
