#pragma once

#include "specs/reach.hpp"

#include <optional>
#include <string_view>
#include <vector>

namespace apisync::specs {

/// The types that a schema allows, `null` left out.
struct type_set {
  std::vector<std::string_view> names; ///< Sorted; empty where every type is allowed.
  bool by_branches = false;            ///< They are the branches of an anyOf or oneOf.
  bool nullable = false;
};

[[nodiscard]] type_set types_of(node schema);

/// How the types and formats of two schemas compare.
enum class type_change : std::uint8_t {
  none,
  changed,
  compatible,  ///< Carried by the medium in the same way.
  generalized, ///< The new ones allow all that the old ones did.
  specialized,
  list_widened, ///< Between lists of alternatives.
  list_narrowed,
};

[[nodiscard]] type_change compare_types(node before, node after, const schema_role& role);

/// The end of the rule's id: `type-changed`, `list-of-types-widened`, …
[[nodiscard]] std::string_view rule_suffix(type_change of);

/// The one branch beside `type: null` of a oneOf or anyOf of two: a schema made nullable by
/// wrapping.
[[nodiscard]] spot unwrapped_nullable(const spot& schema);

} // namespace apisync::specs
