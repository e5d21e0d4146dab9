#include "specs/validate_findings.hpp"

#include <array>

namespace apisync::specs {

namespace {

/// Kinds that a member may have, as bits.
using kinds = unsigned;
constexpr kinds bit(kind k) {
  return 1U << static_cast<unsigned>(k);
}
constexpr kinds string = bit(kind::string);
constexpr kinds boolean = bit(kind::boolean);
constexpr kinds array = bit(kind::array);
constexpr kinds object = bit(kind::object);

struct member_rule {
  role parent;
  std::string_view name;
  kinds allowed;
  bool required = false;
};

constexpr std::array rules{
    member_rule{role::root, "info", object, true},
    member_rule{role::root, "paths", object},
    member_rule{role::root, "webhooks", object},
    member_rule{role::root, "components", object},
    member_rule{role::root, "servers", array},
    member_rule{role::root, "tags", array},
    member_rule{role::root, "security", array},
    member_rule{role::root, "definitions", object},
    member_rule{role::components, "schemas", object},
    member_rule{role::components, "responses", object},
    member_rule{role::components, "parameters", object},
    member_rule{role::components, "requestBodies", object},
    member_rule{role::components, "headers", object},
    member_rule{role::components, "securitySchemes", object},
    member_rule{role::path_item, "parameters", array},
    member_rule{role::operation, "operationId", string},
    member_rule{role::operation, "summary", string},
    member_rule{role::operation, "description", string},
    member_rule{role::operation, "tags", array},
    member_rule{role::operation, "parameters", array},
    member_rule{role::operation, "requestBody", object},
    member_rule{role::operation, "responses", object},
    member_rule{role::operation, "deprecated", boolean},
    member_rule{role::operation, "security", array},
    member_rule{role::parameter, "name", string},
    member_rule{role::parameter, "in", string},
    member_rule{role::parameter, "required", boolean},
    member_rule{role::parameter, "schema", object | boolean},
    member_rule{role::parameter, "content", object},
    member_rule{role::request_body, "content", object, true},
    member_rule{role::request_body, "required", boolean},
    member_rule{role::response, "description", string, true},
    member_rule{role::response, "content", object},
    member_rule{role::response, "headers", object},
    member_rule{role::media_type, "schema", object | boolean},
    member_rule{role::schema, "type", string | array},
    member_rule{role::schema, "properties", object},
    member_rule{role::schema, "required", array},
    member_rule{role::schema, "enum", array},
    member_rule{role::schema, "allOf", array},
    member_rule{role::schema, "oneOf", array},
    member_rule{role::schema, "anyOf", array},
    member_rule{role::schema, "format", string},
    member_rule{role::schema, "pattern", string},
};

constexpr std::array objects{
    role::components, role::paths,    role::path_item,     role::operation,    role::parameter,
    role::response,   role::link,     role::request_body,  role::response_map, role::media_type,
    role::schema_map, role::encoding, role::parameter_map, role::callback,
};

std::string name_of(kinds allowed) {
  constexpr std::array<std::string_view, 6> names{"null",     "a boolean", "a number",
                                                  "a string", "a list",    "an object"};
  std::string text;
  for (std::size_t i = 0; i < names.size(); ++i)
    if ((allowed >> i) & 1U) text += (text.empty() ? "" : " or ") + std::string{names[i]};
  return text;
}

std::string kind_error(std::string_view name, kinds allowed, node value) {
  return "'" + std::string{name} + "' must be " + name_of(allowed) + ", not " +
         name_of(bit(value.kind()));
}

void check_members(const std::string& pointer, node value, role place, finding_list& found) {
  const bool refers = can_refer(place) && value.find("$ref");
  for (const auto& rule : rules) {
    if (rule.parent != place) continue;
    const auto member = value.find(rule.name);
    if (!member && rule.required && !refers)
      found.error("member-missing", pointer, value,
                  "'" + std::string{rule.name} + "' is missing here");
    else if (member && (bit(member.kind()) & rule.allowed) == 0)
      found.error("wrong-type", pointer + "/" + std::string{rule.name}, member,
                  kind_error(rule.name, rule.allowed, member));
  }
}

void check_info(node root, finding_list& found) {
  const auto info = root.find("info");
  if (!info.is_object()) return;
  for (const auto* const name : {"title", "version"}) {
    const auto member = info.find(name);
    if (!member)
      found.error("member-missing", "/info", info, "'" + std::string{name} + "' is missing here");
    else if (!member.is_string())
      found.error("wrong-type", "/info/" + std::string{name}, member,
                  kind_error(name, string, member));
  }
}

bool needs_responses(node root) {
  return root.find("swagger") || root.find("openapi").text().starts_with("3.0");
}

bool needs_no_description(node root) {
  return root.find("openapi").text().starts_with("3.2");
}

} // namespace

void check_shape(const document& doc, finding_list& found) {
  const auto root = doc.root();
  const bool responses_needed = needs_responses(root);
  const bool description_optional = needs_no_description(root);
  check_info(root, found);
  for_each_place(doc, [&](const std::string& pointer, node value, role place) {
    if (!value.is_object()) {
      for (const auto expected : objects)
        if (place == expected)
          found.error("wrong-type", pointer, value, kind_error(value.key(), object, value));
      return;
    }
    if (place == role::response && description_optional) return;
    check_members(pointer, value, place, found);
    if (place == role::operation && responses_needed && !value.find("responses"))
      found.error("member-missing", pointer, value, "'responses' is missing here");
  });
}

} // namespace apisync::specs
