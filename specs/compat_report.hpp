#pragma once

#include "specs/compat.hpp"

#include <string>

namespace apisync::specs {

/// The report as one JSON object (docs/compatibility.md), members in a fixed order, one line:
///
///     {"verdict": "breaking",
///      "changes": [{"rule", "level", "pointer", "message", "operations": [{"method", "path",
///                   "direction"}], "old": {"pointer", "value", "line", "column"}, "new": {…}}],
///      "notCompared": [{"pointer", "reason"}],
///      "ignored": [{"rule", "level", "pointer", "message", "operations", "reason"}],
///      "version": {"step", "old", "new", "suggested"},
///      "summary": {"error", "warning", "info"}}
///
/// `old` and `new` are empty where that version does not have the place, and without `value` where
/// it is long. Of `version`, what the documents do not say is left out.
[[nodiscard]] std::string to_json(const compat_report& report);

/// The same with one change per rule and operation: each has `method` and `path` instead of
/// `operations`, both empty where it belongs to none. Changes that no rule speaks of are left out,
/// and the summary counts what is listed.
[[nodiscard]] std::string to_expanded_json(const compat_report& report);

} // namespace apisync::specs
