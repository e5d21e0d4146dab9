#include "specs/openapi_roles.hpp"

#include "specs/pointer.hpp"

#include <array>
#include <span>
#include <vector>

namespace apisync::specs {

namespace {

struct entry {
  std::string_view name;
  role place;
};

constexpr std::array root_members{
    entry{"paths", role::paths},
    entry{"webhooks", role::paths},
    entry{"components", role::components},
    entry{"servers", role::server_set},
    entry{"security", role::security_set},
    entry{"tags", role::tag_set},
    entry{"definitions", role::schema_map},
    entry{"parameters", role::parameter_map},
    entry{"responses", role::response_map},
    entry{"securityDefinitions", role::security_scheme_map},
    entry{"schemes", role::text_set},
    entry{"consumes", role::text_set},
    entry{"produces", role::text_set},
};

constexpr std::array component_members{
    entry{"schemas", role::schema_map},
    entry{"responses", role::response_map},
    entry{"parameters", role::parameter_map},
    entry{"examples", role::example_map},
    entry{"requestBodies", role::request_body_map},
    entry{"headers", role::parameter_map},
    entry{"securitySchemes", role::security_scheme_map},
    entry{"links", role::link_map},
    entry{"callbacks", role::callback_map},
    entry{"pathItems", role::paths},
    entry{"mediaTypes", role::media_type_map},
};

constexpr std::array server_members{
    entry{"variables", role::server_variable_map},
};

constexpr std::array server_variable_members{
    entry{"enum", role::text_set},
};

constexpr std::array path_item_members{
    entry{"get", role::operation},      entry{"put", role::operation},
    entry{"post", role::operation},     entry{"delete", role::operation},
    entry{"options", role::operation},  entry{"head", role::operation},
    entry{"patch", role::operation},    entry{"trace", role::operation},
    entry{"query", role::operation},    entry{"additionalOperations", role::operation_map},
    entry{"servers", role::server_set}, entry{"parameters", role::parameter_set},
};

constexpr std::array operation_members{
    entry{"tags", role::text_set},
    entry{"parameters", role::parameter_set},
    entry{"requestBody", role::request_body},
    entry{"responses", role::response_map},
    entry{"callbacks", role::callback_map},
    entry{"security", role::security_set},
    entry{"servers", role::server_set},
    entry{"schemes", role::text_set},
    entry{"consumes", role::text_set},
    entry{"produces", role::text_set},
};

// In OpenAPI 2.0 a parameter is also a small schema.
constexpr std::array parameter_members{
    entry{"schema", role::schema},          entry{"items", role::schema},
    entry{"content", role::media_type_map}, entry{"examples", role::example_map},
    entry{"example", role::data},           entry{"default", role::data},
    entry{"enum", role::data_set},
};

constexpr std::array request_body_members{
    entry{"content", role::media_type_map},
};

constexpr std::array media_type_members{
    entry{"schema", role::schema},         entry{"itemSchema", role::schema},
    entry{"encoding", role::encoding_map}, entry{"itemEncoding", role::encoding},
    entry{"examples", role::example_map},  entry{"example", role::data},
};

constexpr std::array encoding_members{
    entry{"headers", role::parameter_map},
};

constexpr std::array response_members{
    entry{"headers", role::parameter_map}, entry{"content", role::media_type_map},
    entry{"links", role::link_map},        entry{"schema", role::schema},
    entry{"examples", role::data}, // OpenAPI 2.0
};

constexpr std::array link_members{
    entry{"parameters", role::data},
    entry{"requestBody", role::data},
};

constexpr std::array example_members{
    entry{"value", role::data},
    entry{"dataValue", role::data},
};

constexpr std::array schema_members{
    entry{"properties", role::schema_map},
    entry{"items", role::schema},
    entry{"required", role::text_set},
    entry{"enum", role::data_set},
    entry{"type", role::type_set},
    entry{"allOf", role::schema_set},
    entry{"oneOf", role::schema_set},
    entry{"anyOf", role::schema_set},
    entry{"additionalProperties", role::schema},
    entry{"default", role::data},
    entry{"example", role::data},
    entry{"examples", role::data},
    entry{"const", role::data},
    entry{"not", role::schema},
    entry{"patternProperties", role::schema_map},
    entry{"definitions", role::schema_map},
    entry{"$defs", role::schema_map},
    entry{"dependentSchemas", role::schema_map},
    entry{"prefixItems", role::schema_list},
    entry{"if", role::schema},
    entry{"then", role::schema},
    entry{"else", role::schema},
    entry{"contains", role::schema},
    entry{"propertyNames", role::schema},
    entry{"unevaluatedItems", role::schema},
    entry{"unevaluatedProperties", role::schema},
    entry{"contentSchema", role::schema},
};

std::span<const entry> members_of(role parent) {
  switch (parent) {
  case role::root:
    return root_members;
  case role::components:
    return component_members;
  case role::server:
    return server_members;
  case role::server_variable:
    return server_variable_members;
  case role::path_item:
    return path_item_members;
  case role::operation:
    return operation_members;
  case role::parameter:
    return parameter_members;
  case role::request_body:
    return request_body_members;
  case role::media_type:
    return media_type_members;
  case role::encoding:
    return encoding_members;
  case role::response:
    return response_members;
  case role::link:
    return link_members;
  case role::example:
    return example_members;
  case role::schema:
    return schema_members;
  default:
    return {};
  }
}

/// What the values of a map with free names are; `other` where it is no such map.
role value_of_map(role map) {
  switch (map) {
  case role::paths:
  case role::callback:
    return role::path_item;
  case role::parameter_map:
    return role::parameter;
  case role::request_body_map:
    return role::request_body;
  case role::media_type_map:
    return role::media_type;
  case role::encoding_map:
    return role::encoding;
  case role::response_map:
    return role::response;
  case role::link_map:
    return role::link;
  case role::callback_map:
    return role::callback;
  case role::example_map:
    return role::example;
  case role::schema_map:
    return role::schema;
  case role::server_variable_map:
    return role::server_variable;
  case role::security_requirement:
    return role::text_set;
  default:
    return role::other;
  }
}

/// Maps whose names are free, so that `x-` begins a name and no extension.
bool has_free_names(role map) {
  return value_of_map(map) != role::other && map != role::paths && map != role::callback &&
         map != role::response_map;
}

} // namespace

role role_of_member(role parent, std::string_view name) {
  if (parent == role::data) return role::data;
  if (name.starts_with("x-") && !has_free_names(parent) && parent != role::security_scheme_map)
    return role::data;
  if (const auto value = value_of_map(parent); value != role::other) return value;
  for (const auto& member : members_of(parent))
    if (member.name == name) return member.place;
  return role::other;
}

role role_of_element(role parent) {
  switch (parent) {
  case role::data:
  case role::data_set:
    return role::data;
  case role::server_set:
    return role::server;
  case role::parameter_set:
    return role::parameter;
  case role::schema_set:
  case role::schema_list:
  case role::schema: // `items` as a list, before 2020-12
    return role::schema;
  case role::security_set:
    return role::security_requirement;
  default:
    return role::other;
  }
}

bool is_set(role place) {
  switch (place) {
  case role::server_set:
  case role::parameter_set:
  case role::schema_set:
  case role::type_set:
  case role::data_set:
  case role::text_set:
  case role::security_set:
  case role::tag_set:
    return true;
  default:
    return false;
  }
}

bool can_refer(role place) {
  switch (place) {
  case role::path_item:
  case role::parameter:
  case role::request_body:
  case role::media_type:
  case role::response:
  case role::link:
  case role::callback:
  case role::example:
  case role::schema:
    return true;
  default:
    return false;
  }
}

void for_each_place(const document& doc,
                    const std::function<void(const std::string& pointer, node, role)>& visit) {
  struct step {
    node container;
    role place;
    std::size_t next = 0;
    std::size_t pointer_length = 0; ///< Of the container's own pointer.
  };
  std::string pointer;
  std::vector<step> path;
  const auto enter = [&](node value, role place) {
    if (place == role::data) return;
    visit(pointer, value, place);
    if (value.size() > 0) path.push_back({value, place, 0, pointer.size()});
  };
  enter(doc.root(), role::root);
  while (!path.empty()) {
    auto& top = path.back();
    pointer.resize(top.pointer_length);
    if (top.next == top.container.size()) {
      path.pop_back();
      continue;
    }
    const auto i = top.next++;
    const auto child = top.container[i];
    if (top.container.is_object())
      append_token(pointer, child.key());
    else
      append_token(pointer, std::to_string(i));
    enter(child, role_of_child(top.place, top.container, child));
  }
}

} // namespace apisync::specs
