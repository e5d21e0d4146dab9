#pragma once

#include "specs/document.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace apisync::specs {

/// What a node is for in an OpenAPI document (2.0 to 3.2). The place decides how its children match
/// between versions; it follows from the way down from the root alone.
enum class place : std::uint8_t {
  root,
  plain, ///< An object of fixed fields that needs no more words (info, contact, license, …).
  value, ///< Data: examples, defaults, extensions. Nothing in it is an OpenAPI word.
  plain_map,
  path_map,
  webhook_map,
  path_item,
  operation,
  callback_map,
  parameter_list,
  parameter_map,
  parameter, ///< A response header too.
  header_map,
  request_body_map,
  request_body,
  response_map,
  response,
  media_type_map,
  media_type,
  encoding_map,
  encoding,
  schema_map,
  schema,
  schema_list,   ///< oneOf, anyOf, allOf.
  schema_tuple,  ///< prefixItems: the position counts.
  value_set,     ///< enum, required, type, tags of an operation, scopes, consumes, …
  value_set_map, ///< dependentRequired, a security requirement: lists that are sets, by name.
  discriminator,
  security_list,
  security_scheme_map,
  security_scheme,
  flow_map,
  flow,
  tag_list,
  tag,
  server_list,
  server,
  server_variable_map,
  server_variable,
  example_map,
  example,
  link_map,
  link,
  components,
};

/// The place of the member `name` of an object at `parent`.
[[nodiscard]] place member_place(place parent, std::string_view name);

/// The place of the elements of an array at `parent`.
[[nodiscard]] place element_place(place parent);

/// The member names of objects at this place are names that somebody chose, not OpenAPI words.
[[nodiscard]] bool is_map(place at);

/// How the elements of a list match between versions.
enum class list_kind : std::uint8_t {
  sequence, ///< By content and order.
  keyed,    ///< By a name of their own; order is layout.
  set,      ///< By content; order is layout.
};

[[nodiscard]] list_kind list_kind_of(place at);

/// What a match depends on besides the place: the path template that a path item stands under.
struct scope {
  std::string_view path_template;
};

/// A path template with its parameters' names left out: `/pets/{id}` is `/pets/{}`.
[[nodiscard]] std::string without_parameter_names(std::string_view path_template);

/// What an element of a keyed list or of a set is called in every version of the document; empty
/// where it has no name (a branch of oneOf without $ref, title and discriminating value).
///
///     parameters           query:limit, header:x-trace, path:1 (its position in the template)
///     tags, servers        name, url
///     security             the schemes' names, joined with &
///     oneOf, anyOf, allOf  $ref:…, title:…, value:… (the one `const` or one-valued `enum` within)
///     sets                 the value as JSON, members sorted
[[nodiscard]] std::string element_key(place list, node element, const scope& in);

/// The content as JSON text that does not depend on the order of members; empty where it is longer
/// than `bytes_max`, which is found out early.
[[nodiscard]] std::string canonical_text(node of, std::size_t bytes_max = std::string::npos);

/// An object whose content stands elsewhere.
[[nodiscard]] bool is_reference(place at, node of);

/// Nesting beyond this is compared and merged as a whole.
constexpr int depth_max = 512;

} // namespace apisync::specs
