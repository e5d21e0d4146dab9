#pragma once

#include "specs/identity.hpp"

#include <array>
#include <cstddef>
#include <limits>
#include <string>
#include <vector>

namespace apisync::specs {

/// How many versions can be matched at once: base, current, incoming.
constexpr std::size_t versions_max = 3;

/// One value per version; unused ones are default-made.
template <class T>
using per_version = std::array<T, versions_max>;

/// One child that the versions have in common, or that some have.
struct matched_child {
  static constexpr std::size_t absent = std::numeric_limits<std::size_t>::max();

  std::string key; ///< The same in every version; empty for an element that has no name.
  per_version<std::size_t> index{absent, absent, absent};

  [[nodiscard]] bool in(std::size_t version) const { return index[version] != absent; }
};

/// Matches the members of objects at a place. The rows come in the order of the first version that
/// has each. Versions that are no object count as empty.
[[nodiscard]] std::vector<matched_child> match_members(place at, const per_version<node>& versions);

/// Matches the elements of keyed lists and sets, as `match_members` does. Elements with the same
/// name are told apart by their order: `a`, `a#2`.
[[nodiscard]] std::vector<matched_child> match_elements(place at, const per_version<node>& versions,
                                                        const per_version<scope>& scopes);

} // namespace apisync::specs
