#pragma once

#include "specs/document.hpp"
#include "specs/identity.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace apisync::specs {

/// What happened at one place.
enum class change_kind : std::uint8_t {
  added,
  removed,
  changed,  ///< Both versions have it; the values differ.
  renamed,  ///< A path, operation or shared part under another name (specs/rename.hpp), or a path
            ///< template whose parameters have other names; what changed in it is told apart.
  reordered ///< A list whose order counts has the same elements in another order.
};

/// `added`, `removed`, …
std::string_view to_string(change_kind kind);

/// A step of the way from the root to a change, in both versions.
struct step {
  place at = place::plain; ///< Of the child.
  node before;             ///< No node where that version does not have it.
  node after;
};

/// One difference between two versions, told once, where it was made. Nodes belong to the compared
/// documents and live as long.
struct change {
  change_kind kind = change_kind::changed;
  std::string pointer;     ///< RFC 6901, in the new document; in the old one where it was removed.
  std::string old_pointer; ///< In the old document; empty where it was added.
  node before;
  node after;
  std::vector<step> way; ///< From the root (included) to the changed node (included).
  double confidence = 1; ///< That it is `renamed`, from 0 to 1.
};

/// Every difference, in the order of the new document with removals first in each object. Elements
/// match by identity (specs/identity.hpp), so that order of members, of sets and of keyed lists is
/// no change. Equal subtrees are not visited: the cost grows with what differs. Between whole
/// documents renames are recognised, and references that changed with a name are no changes of
/// their own.
[[nodiscard]] std::vector<change> diff(node before, node after);
[[nodiscard]] std::vector<change> diff(const document& before, const document& after);

/// The differences between two nodes that stand at this place of their documents; pointers are
/// relative to them.
[[nodiscard]] std::vector<change> diff(node before, node after, place at,
                                       const scope& before_in = {}, const scope& after_in = {});

/// No difference at all.
[[nodiscard]] bool equivalent(node before, node after, place at, const scope& before_in = {},
                              const scope& after_in = {});

} // namespace apisync::specs
