#pragma once

#include "tools/change_report.hpp"

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

/// What the formats of a report have in common.
namespace apisync::tools {

/// From the worst on.
inline constexpr std::array levels_from_worst{specs::severity::error, specs::severity::warning,
                                              specs::severity::info};

/// How many operations a title names before it only counts.
inline constexpr std::size_t operations_shown_max = 3;

/// `GET /pets`, with the direction behind it where there is one. Safe to print.
std::string operation_text(const specs::reached_operation& operation);

/// `FILE:LINE:COLUMN POINTER`, in the old version where the new one does not have the place.
std::string place_text(const report_input& input, const specs::finding& found);

/// Changes that reach the same operations.
struct change_group {
  std::vector<specs::reached_operation> operations; ///< Empty: the API as a whole.
  std::vector<const specs::finding*> changes;       ///< As in the report.

  /// The operations, of which a title names the first few.
  [[nodiscard]] std::string title() const;
};

/// The changes by what they reach, the worst group first. Expanded, a group for each operation.
std::vector<change_group> grouped(const report_input& input);

/// `1 error, 2 warnings, 3 info`; what there is none of is left out. Empty for no changes.
std::string counts_text(const specs::compat_report& report);

/// `major (2.0.0 after 1.4.2)`, and `none`.
std::string step_text(const specs::compat_report& report);

} // namespace apisync::tools
