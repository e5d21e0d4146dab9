// What each place of a document leads to, as tables of words.
#include "specs/identity.hpp"

#include <algorithm>
#include <array>

namespace apisync::specs {

namespace {

struct word {
  std::string_view name;
  place leads_to;
};

constexpr std::array root_words{
    word{"paths", place::path_map},         word{"webhooks", place::webhook_map},
    word{"components", place::components},  word{"tags", place::tag_list},
    word{"servers", place::server_list},    word{"security", place::security_list},
    word{"definitions", place::schema_map}, word{"parameters", place::parameter_map},
    word{"responses", place::response_map}, word{"securityDefinitions", place::security_scheme_map},
    word{"schemes", place::value_set},      word{"consumes", place::value_set},
    word{"produces", place::value_set},
};
constexpr std::array components_words{
    word{"schemas", place::schema_map},
    word{"parameters", place::parameter_map},
    word{"headers", place::header_map},
    word{"responses", place::response_map},
    word{"requestBodies", place::request_body_map},
    word{"securitySchemes", place::security_scheme_map},
    word{"callbacks", place::callback_map},
    word{"examples", place::example_map},
    word{"links", place::link_map},
    word{"pathItems", place::webhook_map},
    word{"mediaTypes", place::media_type_map},
};
constexpr std::array path_item_words{
    word{"parameters", place::parameter_list},
    word{"servers", place::server_list},
    word{"get", place::operation},
    word{"put", place::operation},
    word{"post", place::operation},
    word{"delete", place::operation},
    word{"options", place::operation},
    word{"head", place::operation},
    word{"patch", place::operation},
    word{"trace", place::operation},
    word{"query", place::operation},
};
constexpr std::array operation_words{
    word{"parameters", place::parameter_list},
    word{"requestBody", place::request_body},
    word{"responses", place::response_map},
    word{"callbacks", place::callback_map},
    word{"security", place::security_list},
    word{"servers", place::server_list},
    word{"tags", place::value_set},
    word{"schemes", place::value_set},
    word{"consumes", place::value_set},
    word{"produces", place::value_set},
};
constexpr std::array parameter_words{
    word{"schema", place::schema},        word{"content", place::media_type_map},
    word{"examples", place::example_map}, word{"example", place::value},
    word{"enum", place::value_set},       word{"items", place::schema},
    word{"default", place::value},
};
constexpr std::array response_words{
    word{"content", place::media_type_map}, word{"headers", place::header_map},
    word{"links", place::link_map},         word{"schema", place::schema},
    word{"examples", place::value},
};
constexpr std::array media_type_words{
    word{"schema", place::schema},         word{"itemSchema", place::schema},
    word{"encoding", place::encoding_map}, word{"examples", place::example_map},
    word{"example", place::value},
};
constexpr std::array schema_words{
    word{"properties", place::schema_map},
    word{"patternProperties", place::schema_map},
    word{"dependentSchemas", place::schema_map},
    word{"$defs", place::schema_map},
    word{"definitions", place::schema_map},
    word{"allOf", place::schema_list},
    word{"anyOf", place::schema_list},
    word{"oneOf", place::schema_list},
    word{"prefixItems", place::schema_tuple},
    word{"items", place::schema},
    word{"additionalProperties", place::schema},
    word{"unevaluatedProperties", place::schema},
    word{"unevaluatedItems", place::schema},
    word{"additionalItems", place::schema},
    word{"propertyNames", place::schema},
    word{"contains", place::schema},
    word{"contentSchema", place::schema},
    word{"not", place::schema},
    word{"if", place::schema},
    word{"then", place::schema},
    word{"else", place::schema},
    word{"enum", place::value_set},
    word{"required", place::value_set},
    word{"type", place::value_set},
    word{"dependentRequired", place::value_set_map},
    word{"discriminator", place::discriminator},
    word{"default", place::value},
    word{"const", place::value},
    word{"example", place::value},
    word{"examples", place::value},
};

template <std::size_t Size>
place look_up(const std::array<word, Size>& words, std::string_view name) {
  const auto* const found = std::find_if(words.data(), words.data() + Size,
                                         [&](const auto& w) { return w.name == name; });
  return found == words.data() + Size ? place::plain : found->leads_to;
}

place word_place(place parent, std::string_view name) {
  switch (parent) {
  case place::root:
    return look_up(root_words, name);
  case place::components:
    return look_up(components_words, name);
  case place::path_item:
    return look_up(path_item_words, name);
  case place::operation:
    return look_up(operation_words, name);
  case place::parameter:
    return look_up(parameter_words, name);
  case place::request_body:
    return name == "content" ? place::media_type_map : place::plain;
  case place::response:
    return look_up(response_words, name);
  case place::media_type:
    return look_up(media_type_words, name);
  case place::encoding:
    return name == "headers" ? place::header_map : place::plain;
  case place::schema:
    return look_up(schema_words, name);
  case place::discriminator:
    return name == "mapping" ? place::plain_map : place::plain;
  case place::security_scheme:
    return name == "flows" ? place::flow_map : name == "scopes" ? place::plain_map : place::plain;
  case place::flow:
    return name == "scopes" ? place::plain_map : place::plain;
  case place::server:
    return name == "variables" ? place::server_variable_map : place::plain;
  case place::server_variable:
    return name == "enum" ? place::value_set : place::plain;
  case place::example:
    return name == "value" ? place::value : place::plain;
  case place::link:
    return name == "parameters"    ? place::plain_map
           : name == "requestBody" ? place::value
           : name == "server"      ? place::server
                                   : place::plain;
  default:
    return place::plain;
  }
}

place named_place(place map) {
  switch (map) {
  case place::path_map:
  case place::webhook_map:
    return place::path_item;
  case place::callback_map:
    return place::webhook_map;
  case place::parameter_map:
  case place::header_map:
    return place::parameter;
  case place::request_body_map:
    return place::request_body;
  case place::response_map:
    return place::response;
  case place::media_type_map:
    return place::media_type;
  case place::encoding_map:
    return place::encoding;
  case place::schema_map:
    return place::schema;
  case place::value_set_map:
    return place::value_set;
  case place::security_scheme_map:
    return place::security_scheme;
  case place::flow_map:
    return place::flow;
  case place::server_variable_map:
    return place::server_variable;
  case place::example_map:
    return place::example;
  case place::link_map:
    return place::link;
  default:
    return place::plain;
  }
}

} // namespace

place member_place(place parent, std::string_view name) {
  if (parent == place::value) return place::value;
  if (is_map(parent)) {
    // Extensions may stand among paths, responses and callbacks' expressions, not among names.
    const bool extensible =
        parent == place::path_map || parent == place::response_map || parent == place::webhook_map;
    return extensible && name.starts_with("x-") ? place::value : named_place(parent);
  }
  return name.starts_with("x-") ? place::value : word_place(parent, name);
}

place element_place(place parent) {
  switch (parent) {
  case place::parameter_list:
    return place::parameter;
  case place::schema_list:
  case place::schema_tuple:
  case place::schema:
    return place::schema; // `items` of several, before 2020-12
  case place::security_list:
    return place::value_set_map;
  case place::tag_list:
    return place::tag;
  case place::server_list:
    return place::server;
  case place::value:
  case place::value_set:
    return place::value;
  default:
    return place::plain;
  }
}

bool is_map(place at) {
  switch (at) {
  case place::plain_map:
  case place::path_map:
  case place::webhook_map:
  case place::callback_map:
  case place::parameter_map:
  case place::header_map:
  case place::request_body_map:
  case place::response_map:
  case place::media_type_map:
  case place::encoding_map:
  case place::schema_map:
  case place::value_set_map:
  case place::security_scheme_map:
  case place::flow_map:
  case place::server_variable_map:
  case place::example_map:
  case place::link_map:
    return true;
  default:
    return false;
  }
}

list_kind list_kind_of(place at) {
  switch (at) {
  case place::parameter_list:
  case place::schema_list:
  case place::security_list:
  case place::tag_list:
  case place::server_list:
    return list_kind::keyed;
  case place::value_set:
    return list_kind::set;
  default:
    return list_kind::sequence;
  }
}

bool is_reference(place at, node of) {
  return !is_map(at) && at != place::value && of.find("$ref").is_string();
}

} // namespace apisync::specs
