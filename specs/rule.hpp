#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace apisync::specs {

/// How much a change matters to those who use the API; ascending.
enum class severity : std::uint8_t {
  info,
  warning, ///< May break some.
  error,   ///< Breaks those who did nothing wrong.
};

/// `info`, `warning`, `error`.
std::string_view to_string(severity level);

/// The level by its name; nothing for another word.
[[nodiscard]] std::optional<severity> severity_named(std::string_view name);

/// A rule of the catalogue.
struct rule_entry {
  std::string_view id;
  severity level;
  bool shared = true; ///< With oasdiff; otherwise of this project alone, for what no rule judges.
};

/// All rules, in the order of their ids.
[[nodiscard]] std::span<const rule_entry> rule_catalogue();

/// The level of a rule, or nothing for an id that is no rule. An id is put together from what
/// changed (specs/compat_schema.cpp), and changes for which there is no rule are told as
/// `other-changed`.
[[nodiscard]] std::optional<severity> rule_severity(std::string_view id);

} // namespace apisync::specs
