#pragma once

#include "events/rule.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace apisync::events {

/// What a rule may ask about a place that two sides disagree about, or that one side changed.
struct contested_place {
  std::string_view pointer;  ///< RFC 6901
  std::string_view identity; ///< An identity path (docs/merge.md).
  std::string_view source;   ///< The incoming side's.
  std::string_view kind;     ///< Of the conflict; empty where there is none.
  /// The gravest change that taking the incoming value would bring; asked at most where a rule
  /// speaks of levels. Null: not known, and no such rule matches.
  std::function<std::optional<change_level>()> consequence;
};

[[nodiscard]] bool matches(const rule_definition& rule, const contested_place& place);

/// A pattern matches a JSON pointer segment by segment: `*` any one segment, a last `**` everything
/// below; a pattern also matches whatever lies below it.
[[nodiscard]] bool pointer_matches(std::string_view pattern, std::string_view pointer);

/// Whether the place at an identity path is of that kind, or lies in one that is.
[[nodiscard]] bool lies_in(std::string_view identity, rule_place kind);

} // namespace apisync::events
