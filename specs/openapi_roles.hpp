#pragma once

#include "specs/document.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace apisync::specs {

/// What a place of an OpenAPI document (2.0 to 3.2) is. Names such as `default` or `$ref` mean what
/// the standard says in some places, and are free names or plain data in others; a role tells
/// which.
enum class role : std::uint8_t {
  data,  ///< An example, a default, an extension (`x-`): nothing in it is meant by the standard.
  other, ///< Has a meaning, and nothing below it that matters here.
  root,
  components,
  server_set,
  server,
  server_variable_map,
  server_variable,
  paths,
  path_item,
  operation,
  operation_map,
  parameter_set,
  parameter_map,
  parameter, ///< Also a header, which is a parameter without a place.
  request_body_map,
  request_body,
  media_type_map,
  media_type,
  encoding_map,
  encoding,
  response_map,
  response,
  link_map,
  link,
  callback_map,
  callback,
  example_map,
  example,
  schema,
  schema_map,
  schema_set,  ///< `allOf` and its like: the order of the branches has no meaning.
  schema_list, ///< `prefixItems`: it has.
  type_set,
  data_set, ///< `enum`: data of which the order has no meaning.
  text_set, ///< `required`, the tags of an operation, media types.
  security_set,
  security_requirement,
  security_scheme_map,
  tag_set,
};

/// The role of a member of that name, or of every element, of a place.
[[nodiscard]] role role_of_member(role parent, std::string_view name);
[[nodiscard]] role role_of_element(role parent);

/// The role of a child of a node that has the role `parent`.
[[nodiscard]] inline role role_of_child(role parent, node parent_node, node child) {
  return parent_node.is_object() ? role_of_member(parent, child.key()) : role_of_element(parent);
}

/// Whether a list in this place means the same in any order.
[[nodiscard]] bool is_set(role place);

/// Whether the place can hold a reference object (`$ref`) or a schema's `$ref`.
[[nodiscard]] bool can_refer(role place);

/// Calls `visit(pointer, node, role)` for each place of a document that the standard gives a
/// meaning, in document order, parents first; data is left out.
void for_each_place(const document& doc,
                    const std::function<void(const std::string& pointer, node, role)>& visit);

} // namespace apisync::specs
