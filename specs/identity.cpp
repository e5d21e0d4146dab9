#include "specs/identity.hpp"

#include "specs/print.hpp"

#include <algorithm>
#include <array>
#include <utility>

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

/// The position of `{name}` among the parameters of a template, from 1; 0 where it is not there.
std::size_t position_in(std::string_view path_template, std::string_view name) {
  std::size_t position = 0;
  for (auto open = path_template.find('{'); open != path_template.npos;
       open = path_template.find('{', open + 1)) {
    ++position;
    const auto close = path_template.find('}', open);
    if (close == path_template.npos) return 0;
    if (path_template.substr(open + 1, close - open - 1) == name) return position;
  }
  return 0;
}

std::string parameter_key(node parameter, const scope& in) {
  if (const auto reference = parameter.find("$ref"); reference.is_string())
    return "$ref:" + std::string{reference.text()};
  const auto where = parameter.find("in").text();
  const auto name = parameter.find("name").text();
  if (where.empty() && name.empty()) return {};
  if (where == "path")
    if (const auto position = position_in(in.path_template, name))
      return "path:" + std::to_string(position);
  auto key = std::string{where} + ":" + std::string{name};
  if (where == "header") // RFC 9110 section 5.1: field names are case-insensitive
    std::transform(key.begin(), key.end(), key.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return key;
}

std::string requirement_key(node requirement) {
  std::vector<std::string> schemes;
  for (const auto scheme : requirement)
    schemes.emplace_back(scheme.key());
  std::sort(schemes.begin(), schemes.end());
  std::string key;
  for (const auto& scheme : schemes)
    key += (key.empty() ? "" : "&") + scheme;
  return key.empty() ? "{}" : key;
}

/// The value that tells this branch from the others: a property of one allowed value.
std::string discriminating_value(node branch) {
  for (const auto property : branch.find("properties")) {
    if (const auto constant = property.find("const"))
      return std::string{property.key()} + "=" + canonical_text(constant);
    if (const auto allowed = property.find("enum"); allowed.is_array() && allowed.size() == 1)
      return std::string{property.key()} + "=" + canonical_text(allowed[0]);
  }
  return {};
}

std::string branch_key(node branch) {
  if (const auto reference = branch.find("$ref"); reference.is_string())
    return "$ref:" + std::string{reference.text()};
  if (const auto title = branch.find("title"); title.is_string())
    return "title:" + std::string{title.text()};
  if (auto value = discriminating_value(branch); !value.empty()) return "value:" + value;
  return {};
}

void append_canonical(std::string& out, node of, int depth) {
  switch (of.kind()) {
  case kind::null:
    out += "null";
    return;
  case kind::boolean:
    out += of.boolean() ? "true" : "false";
    return;
  case kind::number:
    out += of.text();
    return;
  case kind::string:
    append_json_string(out, of.text());
    return;
  case kind::array:
  case kind::object:
    break;
  }
  if (depth == depth_max) {
    out += "…";
    return;
  }
  const bool object = of.is_object();
  std::vector<node> children(of.begin(), of.end());
  if (object)
    std::sort(children.begin(), children.end(), [](node a, node b) { return a.key() < b.key(); });
  out += object ? '{' : '[';
  for (bool first = true; const auto child : children) {
    if (!std::exchange(first, false)) out += ',';
    if (object) {
      append_json_string(out, child.key());
      out += ':';
    }
    append_canonical(out, child, depth + 1);
  }
  out += object ? '}' : ']';
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

bool is_prose(place parent, std::string_view name) {
  return !is_map(parent) && parent != place::value && (name == "description" || name == "summary");
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

std::string without_parameter_names(std::string_view path_template) {
  std::string bare;
  bare.reserve(path_template.size());
  while (!path_template.empty()) {
    const auto open = path_template.find('{');
    const auto close = open == path_template.npos ? open : path_template.find('}', open);
    if (close == path_template.npos) break;
    bare += path_template.substr(0, open);
    bare += "{}";
    path_template.remove_prefix(close + 1);
  }
  return bare.append(path_template);
}

std::string element_key(place list, node element, const scope& in) {
  switch (list) {
  case place::parameter_list:
    return parameter_key(element, in);
  case place::schema_list:
    return branch_key(element);
  case place::security_list:
    return requirement_key(element);
  case place::tag_list:
    return std::string{element.find("name").text()};
  case place::server_list:
    return std::string{element.find("url").text()};
  default:
    return canonical_text(element);
  }
}

std::string canonical_text(node of) {
  std::string out;
  if (of) append_canonical(out, of, 0);
  return out;
}

bool is_reference(place at, node of) {
  return !is_map(at) && at != place::value && of.find("$ref").is_string();
}

} // namespace apisync::specs
