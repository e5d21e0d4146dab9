#pragma once

#include "specs/document.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace apisync::specs {

/// How two sides disagree about one place; the first word is what current did.
enum class conflict_kind : std::uint8_t {
  edit_edit,   ///< Both changed what the base has, differently.
  edit_delete, ///< Current changed it, incoming deleted it.
  delete_edit, ///< Current deleted it, incoming changed it.
  add_add,     ///< Both added it, differently.
  move,        ///< Both put the same elements into another order, differently; or a part was
               ///< renamed, differently by both, or perhaps, while the other side edited it.
};

/// `edit/edit`, `edit/delete`, …
std::string_view to_string(conflict_kind kind);

/// The kind of that name, if there is one.
[[nodiscard]] std::optional<conflict_kind> conflict_kind_of(std::string_view name);

/// One place that both sides changed differently. Nodes belong to the merged versions and live as
/// long as these.
struct conflict {
  std::string id;       ///< Twelve hexadecimal digits, from the identity path alone.
  std::string pointer;  ///< RFC 6901, in current; in incoming where current has no such place.
  std::string identity; ///< An identity path (docs/merge.md): the same in every version.
  conflict_kind kind = conflict_kind::edit_edit;
  node base; ///< No node where that version does not have it.
  node current;
  node incoming;
  /// Where a part stands now that was perhaps renamed (RFC 6901, in the side that lacks it here);
  /// in incoming, where both renamed it.
  std::string moved_to;
};

/// The id of the conflict at an identity path.
[[nodiscard]] std::string conflict_id(std::string_view identity);

} // namespace apisync::specs
