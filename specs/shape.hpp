#pragma once

#include "specs/document.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

/// What the standard says about the form of a document, as data: which members each object has in
/// which version, what each may hold, which must be there. Written from the texts of the standard;
/// docs/validation.md says how the tables were compared with the published schemas.
namespace apisync::specs {

/// Versions of OpenAPI, as bits.
using versions = std::uint8_t;
inline constexpr versions v2_0 = 1, v3_0 = 2, v3_1 = 4, v3_2 = 8;
inline constexpr versions until_3_0 = v2_0 | v3_0, from_3_0 = v3_0 | v3_1 | v3_2;
inline constexpr versions from_3_1 = v3_1 | v3_2, every_version = v2_0 | from_3_0;

/// Versions of OpenAPI Overlay.
inline constexpr versions overlay_1_0 = 16, overlay_1_1 = 32;
inline constexpr versions every_overlay = overlay_1_0 | overlay_1_1;

/// What a value is meant to be: a plain value or an object of the standard.
enum class part : std::uint8_t {
  none,
  any,
  text,
  uri,
  email,
  boolean,
  always_true, ///< A boolean that must be true.
  number,
  positive, ///< A number above 0.
  count,    ///< A whole number from 0.
  text_list,
  text_set,  ///< A list without repetitions.
  version,   ///< `3.1.0`
  host,      ///< `example.com:80`
  base_path, ///< `/v1`
  // Objects of 3.x, many of them also of 2.0.
  root,
  info,
  contact,
  license,
  server,
  server_variable,
  components,
  paths,
  path_item,
  operation,
  external_docs,
  parameter,
  path_parameter,
  query_parameter,
  querystring_parameter,
  header_parameter,
  cookie_parameter,
  request_body,
  media_type,
  encoding,
  responses,
  response,
  callback,
  example,
  link,
  header,
  tag,
  schema,
  discriminator,
  xml,
  security_scheme,
  api_key_scheme,
  http_scheme,
  bearer_scheme,
  mutual_tls_scheme,
  oauth_scheme,
  openid_scheme,
  oauth_flows,
  implicit_flow,
  password_flow,
  client_flow,
  code_flow,
  device_flow,
  security_requirement,
  // Objects of 2.0 alone.
  response_schema, ///< A schema whose type may be `file`.
  plain_value,     ///< What a parameter, header or list of them has instead of a schema.
  plain_parameter, ///< A parameter that is not in the body.
  plain_path_parameter,
  plain_query_parameter,
  plain_header_parameter,
  plain_form_parameter,
  body_parameter,
  plain_header,
  basic_scheme,
  plain_key_scheme,
  plain_oauth_scheme,
  plain_implicit_scheme,
  plain_password_scheme,
  plain_application_scheme,
  plain_code_scheme,
  // Objects of OpenAPI Overlay.
  overlay,
  overlay_info,
  overlay_action,
  last_part = overlay_action,
};

enum class around : std::uint8_t { one, list, map, one_or_list };

/// Which names the entries of a map or the members of an object with free names may have.
enum class free_names : std::uint8_t { any, component, path, status, method };

/// A member that an object may have.
struct member_shape {
  std::string_view name;
  part of = part::any;
  around in = around::one;
  versions known = every_version;
  versions needed = 0;
  std::string_view words = {}; ///< The values that a text may have, with a blank between.
  versions not_empty = 0;      ///< A list or map with one entry at least.
  versions distinct = 0;       ///< A list without repetitions.
  bool single = false;         ///< A map with exactly one entry.
  versions or_boolean = 0;
  free_names names = free_names::any; ///< Of a map.
  bool no_reference = false;          ///< Even where the part may be one.

  [[nodiscard]] constexpr member_shape only(versions which) const {
    auto copy = *this;
    copy.known = which;
    copy.needed &= which;
    return copy;
  }
  [[nodiscard]] constexpr member_shape must(versions which = every_version) const {
    auto copy = *this;
    copy.needed = which & known;
    return copy;
  }
  [[nodiscard]] constexpr member_shape one_of(std::string_view values) const {
    auto copy = *this;
    copy.words = values;
    return copy;
  }
  [[nodiscard]] constexpr member_shape filled(versions which = every_version) const {
    auto copy = *this;
    copy.not_empty = which;
    return copy;
  }
  [[nodiscard]] constexpr member_shape as_set(versions which = every_version) const {
    auto copy = *this;
    copy.distinct = which;
    return copy;
  }
};

/// The words of the tables.
namespace shapes {

constexpr member_shape one(std::string_view name, part of) {
  return {.name = name, .of = of};
}
constexpr member_shape text(std::string_view name) {
  return one(name, part::text);
}
constexpr member_shape flag(std::string_view name) {
  return one(name, part::boolean);
}
constexpr member_shape list(std::string_view name, part of) {
  return {.name = name, .of = of, .in = around::list};
}
constexpr member_shape map(std::string_view name, part of) {
  return {.name = name, .of = of, .in = around::map};
}
constexpr member_shape one_or_list(std::string_view name, part of) {
  return {.name = name, .of = of, .in = around::one_or_list};
}

} // namespace shapes

/// An object of the standard.
struct object_shape {
  part id = part::none;
  std::string_view noun; ///< "an operation"
  std::span<const member_shape> members = {};
  part base = part::none; ///< Whose members it has as well; its own of the same name count.
  versions may_refer = 0; ///< Where a Reference Object can stand in its place.
  bool extensions = true; ///< `x-` members are allowed.
  versions open = 0;      ///< Where other members than those named are allowed.
  versions or_boolean = 0;
  part rest = part::none; ///< What members of other names are: an object with free names.
  free_names names = free_names::any;
};

/// Two members that exclude each other.
struct either_shape {
  part of = part::none;
  std::string_view first, second;
  versions known = every_version;
  versions needed = 0; ///< One of the two must be there.
};

/// An object that is a special one when a member has a value.
struct variant_shape {
  part of = part::none;
  std::string_view member, value;
  part then = part::none;
  versions known = every_version;
  bool any_case = false;
};

/// The shape of an object; null for a plain value.
[[nodiscard]] const object_shape* shape_of(part which);

[[nodiscard]] std::span<const either_shape> exclusions();
[[nodiscard]] std::span<const variant_shape> variants();

/// The tables that `shape_of` is made of.
[[nodiscard]] std::span<const object_shape> general_shapes();
[[nodiscard]] std::span<const object_shape> security_shapes();
[[nodiscard]] std::span<const object_shape> schema_shapes();
[[nodiscard]] std::span<const object_shape> swagger_shapes();
[[nodiscard]] std::span<const object_shape> overlay_shapes();

/// The version of OpenAPI or OpenAPI Overlay that a document says it has; nothing for an unknown
/// one.
[[nodiscard]] std::optional<versions> version_of(const document& doc);

} // namespace apisync::specs
