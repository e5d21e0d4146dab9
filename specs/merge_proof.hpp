#pragma once

#include "specs/document.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace apisync::specs {

/// Something in a merged document that the changes of its two sides do not account for.
struct merge_damage {
  enum class kind : std::uint8_t {
    dropped,  ///< A change of a side, or what nobody touched, is not there.
    invented, ///< Neither side says so.
    doubled,  ///< It stands there more often than any side has it.
    misplaced ///< It stands in another order than the sides put it.
  };

  kind what = kind::dropped;
  std::string
      place; ///< The names on the way from the root, as a JSON pointer; elements as `[key]`.
  std::string detail;
};

/// `dropped`, `invented`, …
std::string_view to_string(merge_damage::kind what);

/// Proves a merge that was called clean: every change of both sides is in the merged document, and
/// nothing else is. Returns what contradicts that; nothing is a proof.
///
/// It shares no code with the merge, whose mistakes it is to find. It knows three things only:
/// which lists have no order (`is_set` of the canonical form), what each element is called, and
/// that a fact is in a merged document if both sides have it, or if one has it that the base has
/// not. Facts are values at places, counts of equal elements, and the order of neighbours. Where a
/// merge followed renames, the versions have to be given as they are after them (`with_rename`).
[[nodiscard]] std::vector<merge_damage> merge_damages(const document& base, const document& current,
                                                      const document& incoming,
                                                      const document& merged);

} // namespace apisync::specs
