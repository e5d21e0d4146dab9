#include "events/rule_match.hpp"

#include "specs/identity_roles.hpp"

#include <algorithm>
#include <array>

namespace apisync::events {

namespace {

using specs::role;

/// Takes the text up to the next slash off the front.
std::string_view take_segment(std::string_view& rest) {
  const auto end = rest.find('/');
  const auto part = rest.substr(0, end);
  rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
  return part;
}

template <std::size_t N>
bool one_of(std::string_view name, const std::array<std::string_view, N>& names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// Whether names in a place are chosen by the document's author.
bool free_names(role place) {
  switch (place) {
  case role::server_variable_map:
  case role::operation_map:
  case role::parameter_map:
  case role::request_body_map:
  case role::media_type_map:
  case role::encoding_map:
  case role::response_map:
  case role::link_map:
  case role::callback_map:
  case role::example_map:
  case role::schema_map:
  case role::security_scheme_map:
  case role::security_requirement:
    return true;
  default:
    return false;
  }
}

/// Whether the member `name` of a place, which has the role `inner`, is of the kind.
bool is_of(rule_place kind, role place, std::string_view name, role inner) {
  constexpr std::array<std::string_view, 5> words{"description", "summary", "title", "externalDocs",
                                                  "termsOfService"};
  const bool meant = !free_names(place);
  switch (kind) {
  case rule_place::servers:
    return inner == role::server_set || inner == role::server ||
           (place == role::root &&
            one_of<3>(name, {std::string_view{"host"}, "basePath", "schemes"}));
  case rule_place::security:
    return inner == role::security_set || inner == role::security_scheme_map;
  case rule_place::descriptions:
    return meant && one_of(name, words);
  case rule_place::examples:
    return inner == role::example_map || inner == role::example ||
           (meant && (name == "example" || name == "examples"));
  case rule_place::operation:
    return inner == role::operation;
  case rule_place::schema:
    return inner == role::schema;
  case rule_place::extensions:
    return meant && name.starts_with("x-");
  }
  return false;
}

} // namespace

bool lies_in(std::string_view identity, rule_place kind) {
  const auto way = specs::roles_along(identity);
  return std::any_of(way.begin(), way.end(), [&](const specs::identity_step& each) {
    return is_of(kind, each.parent, each.name, each.place);
  });
}

bool pointer_matches(std::string_view pattern, std::string_view pointer) {
  if (pattern.starts_with('/')) pattern.remove_prefix(1);
  if (pointer.starts_with('/')) pointer.remove_prefix(1);
  while (!pattern.empty()) {
    const auto wanted = take_segment(pattern);
    if (wanted == "**" && pattern.empty()) return true;
    if (pointer.empty()) return false;
    const auto segment = take_segment(pointer);
    if (wanted != "*" && wanted != segment) return false;
  }
  return true;
}

bool matches(const rule_definition& rule, const contested_place& place) {
  if (!rule.source.empty() && rule.source != place.source) return false;
  if (!rule.kind.empty() && rule.kind != place.kind) return false;
  if (!rule.pointer.empty() && !pointer_matches(rule.pointer, place.pointer) &&
      !pointer_matches(rule.pointer, place.identity))
    return false;
  if (rule.place && !lies_in(place.identity, *rule.place)) return false;
  if (!rule.level) return true;
  if (!place.consequence) return false;
  const auto level = place.consequence();
  return level && *level <= *rule.level; // gravest first
}

} // namespace apisync::events
