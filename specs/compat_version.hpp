#pragma once

#include "specs/compat.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace apisync::specs {

/// A semantic version's numbers, with or without a `v` before them; nothing for other versions.
[[nodiscard]] std::optional<std::array<int, 3>> version_numbers(std::string_view text);

/// What the next version's number should say (semver.org).
enum class version_step : std::uint8_t {
  none,
  patch, ///< Text, examples, extensions.
  minor, ///< What users may use or notice, and nothing that breaks them.
  major, ///< Something breaks users.
};

/// `none`, `patch`, `minor`, `major`.
std::string_view to_string(version_step step);

[[nodiscard]] version_step step_of(const compat_report& report);

/// The old version, that step further: 1.4.2 by a minor step is 1.5.0. Before 1.0.0, a major step
/// raises the second number, and the others the third. Empty where the old version is no semantic
/// version.
[[nodiscard]] std::string stepped(std::string_view old_version, version_step step);

} // namespace apisync::specs
