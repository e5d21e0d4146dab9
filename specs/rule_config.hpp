#pragma once

#include "specs/compat_lifecycle.hpp"
#include "specs/document.hpp"
#include "specs/error.hpp"
#include "specs/rule.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace apisync::specs {

/// Changes that somebody decided to live with. What is empty is not asked for; at least one of
/// rule, operation and pointer is given.
struct ignored_changes {
  std::string rule;
  std::string method;  ///< Upper case.
  std::string path;    ///< A template as a change names it, or the beginning of one before a `*`.
  std::string pointer; ///< RFC 6901: this place in either version and all within.
  std::optional<std::int32_t> until; ///< The last day on which it holds.
  std::string reason;                ///< For people; never empty.
  position where;                    ///< In the file of rules.
};

/// How somebody wants changes judged: docs/compatibility.md, "Rules of your own".
struct rule_config {
  /// By rule: another level than the catalogue's, or nothing: the rule is not told at all.
  std::map<std::string, std::optional<severity>, std::less<>> levels;
  std::vector<ignored_changes> ignored;
  std::int32_t notice_days_stable = 0; ///< Between deprecation and sunset; 0: none is asked for.
  std::int32_t notice_days_beta = 0;
  /// Operations and properties that promise less are not judged.
  stability judged_from = stability::beta;

  /// The notice asked of what promises this much.
  [[nodiscard]] std::int32_t notice_days(stability promised) const;
};

/// Whether the old version of an operation or property promised enough for its changes to be
/// judged; an unknown word promises as much as none.
[[nodiscard]] bool is_promised(const rule_config& rules, node before);

/// Reads a file of rules that was parsed already. Fails with `invalid_argument`, and `where` is
/// `NAME:LINE:COLUMN`: unknown keys, unknown rules, levels, dates that no calendar has, exceptions
/// without a reason or that would match everything.
[[nodiscard]] result<rule_config> read_rule_config(const document& rules, std::string_view name);

} // namespace apisync::specs
