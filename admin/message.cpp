#include "admin/message.hpp"

#include <algorithm>

namespace apisync::admin {

std::string_view to_string(role level) {
  switch (level) {
  case role::none:
    return "none";
  case role::read:
    return "read";
  case role::operate:
    return "operate";
  case role::admin:
    return "admin";
  }
  return "none";
}

std::optional<role> parse_role(std::string_view text) {
  for (auto const level : {role::none, role::read, role::operate, role::admin}) {
    if (to_string(level) == text) return level;
  }
  return std::nullopt;
}

void header_fields::add(std::string name, std::string value) {
  fields_.emplace_back(std::move(name), std::move(value));
}

void header_fields::set(std::string name, std::string value) {
  std::erase_if(fields_,
                [&](const auto& field) { return equals_ignoring_case(field.first, name); });
  add(std::move(name), std::move(value));
}

std::string_view header_fields::get(std::string_view name) const {
  for (auto const& [field, value] : fields_) {
    if (equals_ignoring_case(field, name)) return value;
  }
  return {};
}

bool header_fields::has(std::string_view name) const {
  return std::ranges::any_of(
      fields_, [&](const auto& field) { return equals_ignoring_case(field.first, name); });
}

std::string_view request::param(std::string_view name) const {
  auto const found = std::ranges::find(params, name, &name_values::value_type::first);
  return found == params.end() ? std::string_view{} : std::string_view{found->second};
}

std::optional<std::string_view> request::query(std::string_view name) const {
  auto const& values = target.query;
  auto const found = std::ranges::find(values, name, &name_values::value_type::first);
  if (found == values.end()) return std::nullopt;
  return found->second;
}

} // namespace apisync::admin
