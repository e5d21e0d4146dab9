#include "specs/identity_roles.hpp"

#include "specs/pointer.hpp"

#include <utility>

namespace apisync::specs {

std::vector<identity_step> roles_along(std::string_view identity) {
  std::vector<identity_step> way;
  auto path = split_pointer(identity);
  if (!path) return way;
  std::string so_far;
  auto place = role::root;
  for (auto& segment : *path) {
    if (place == role::data) break;
    append_token(so_far, segment);
    const bool element = segment.starts_with('[');
    const auto inner = element ? role_of_element(place) : role_of_member(place, segment);
    way.push_back({so_far, element ? std::string{} : std::move(segment), place, inner});
    place = inner;
  }
  return way;
}

} // namespace apisync::specs
