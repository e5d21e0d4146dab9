#include "specs/conflict.hpp"

#include "specs/digest.hpp"

namespace apisync::specs {

std::string_view to_string(conflict_kind kind) {
  switch (kind) {
  case conflict_kind::edit_edit:
    return "edit/edit";
  case conflict_kind::edit_delete:
    return "edit/delete";
  case conflict_kind::delete_edit:
    return "delete/edit";
  case conflict_kind::add_add:
    return "add/add";
  case conflict_kind::move:
    return "move";
  }
  return "edit/edit";
}

std::optional<conflict_kind> conflict_kind_of(std::string_view name) {
  for (const auto kind : {conflict_kind::edit_edit, conflict_kind::edit_delete,
                          conflict_kind::delete_edit, conflict_kind::add_add, conflict_kind::move})
    if (to_string(kind) == name) return kind;
  return std::nullopt;
}

std::string conflict_id(std::string_view identity) {
  constexpr std::size_t digits = 12;
  return sha256::of(identity).hex().substr(0, digits);
}

} // namespace apisync::specs
