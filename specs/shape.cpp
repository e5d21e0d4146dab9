#include "specs/shape.hpp"

#include <array>

namespace apisync::specs {

namespace {

constexpr auto all_3 = from_3_0;

constexpr std::array either{
    either_shape{part::license, "identifier", "url", from_3_1},
    either_shape{part::parameter, "schema", "content", all_3, all_3},
    either_shape{part::parameter, "example", "examples", all_3},
    either_shape{part::parameter, "content", "style", all_3},
    either_shape{part::parameter, "content", "explode", all_3},
    either_shape{part::parameter, "content", "allowReserved", all_3},
    either_shape{part::parameter, "content", "example", v3_0 | v3_1},
    either_shape{part::parameter, "content", "examples", v3_0 | v3_1},
    either_shape{part::header, "schema", "content", all_3, all_3},
    either_shape{part::header, "example", "examples", all_3},
    either_shape{part::header, "content", "style", all_3},
    either_shape{part::header, "content", "explode", all_3},
    either_shape{part::header, "content", "allowReserved", all_3},
    either_shape{part::header, "content", "example", v3_0 | v3_1},
    either_shape{part::header, "content", "examples", v3_0 | v3_1},
    either_shape{part::media_type, "example", "examples", all_3},
    either_shape{part::media_type, "encoding", "prefixEncoding", v3_2},
    either_shape{part::media_type, "encoding", "itemEncoding", v3_2},
    either_shape{part::encoding, "encoding", "prefixEncoding", v3_2},
    either_shape{part::encoding, "encoding", "itemEncoding", v3_2},
    either_shape{part::example, "value", "externalValue", all_3},
    either_shape{part::example, "value", "dataValue", v3_2},
    either_shape{part::example, "value", "serializedValue", v3_2},
    either_shape{part::example, "serializedValue", "externalValue", v3_2},
    either_shape{part::overlay_action, "update", "copy", overlay_1_1},
    either_shape{part::link, "operationId", "operationRef", all_3, from_3_1},
};

constexpr std::array special{
    variant_shape{part::parameter, "in", "path", part::path_parameter, all_3},
    variant_shape{part::parameter, "in", "query", part::query_parameter, all_3},
    variant_shape{part::parameter, "in", "querystring", part::querystring_parameter, v3_2},
    variant_shape{part::parameter, "in", "header", part::header_parameter, all_3},
    variant_shape{part::parameter, "in", "cookie", part::cookie_parameter, all_3},
    variant_shape{part::parameter, "in", "path", part::plain_path_parameter, v2_0},
    variant_shape{part::parameter, "in", "query", part::plain_query_parameter, v2_0},
    variant_shape{part::parameter, "in", "header", part::plain_header_parameter, v2_0},
    variant_shape{part::parameter, "in", "formData", part::plain_form_parameter, v2_0},
    variant_shape{part::parameter, "in", "body", part::body_parameter, v2_0},
    variant_shape{part::security_scheme, "type", "apiKey", part::api_key_scheme, all_3},
    variant_shape{part::security_scheme, "type", "http", part::http_scheme, all_3},
    variant_shape{part::security_scheme, "type", "mutualTLS", part::mutual_tls_scheme, from_3_1},
    variant_shape{part::security_scheme, "type", "oauth2", part::oauth_scheme, all_3},
    variant_shape{part::security_scheme, "type", "openIdConnect", part::openid_scheme, all_3},
    variant_shape{part::http_scheme, "scheme", "bearer", part::bearer_scheme, all_3, true},
    variant_shape{part::security_scheme, "type", "basic", part::basic_scheme, v2_0},
    variant_shape{part::security_scheme, "type", "apiKey", part::plain_key_scheme, v2_0},
    variant_shape{part::security_scheme, "type", "oauth2", part::plain_oauth_scheme, v2_0},
    variant_shape{part::plain_oauth_scheme, "flow", "implicit", part::plain_implicit_scheme, v2_0},
    variant_shape{part::plain_oauth_scheme, "flow", "password", part::plain_password_scheme, v2_0},
    variant_shape{part::plain_oauth_scheme, "flow", "application", part::plain_application_scheme,
                  v2_0},
    variant_shape{part::plain_oauth_scheme, "flow", "accessCode", part::plain_code_scheme, v2_0},
};

constexpr std::size_t part_count = static_cast<std::size_t>(part::last_part) + 1;
using shape_table = std::array<const object_shape*, part_count>;

shape_table make_table() {
  shape_table table{};
  for (const auto shapes :
       {general_shapes(), security_shapes(), schema_shapes(), swagger_shapes(), overlay_shapes()})
    for (const auto& shape : shapes)
      table[static_cast<std::size_t>(shape.id)] = &shape;
  return table;
}

} // namespace

const object_shape* shape_of(part which) {
  static const auto table = make_table();
  return table[static_cast<std::size_t>(which)];
}

std::span<const either_shape> exclusions() {
  return either;
}

std::span<const variant_shape> variants() {
  return special;
}

std::optional<versions> version_of(const document& doc) {
  const auto root = doc.root();
  const auto openapi = root.find("openapi").text();
  if (openapi.starts_with("3.0")) return v3_0;
  if (openapi.starts_with("3.1")) return v3_1;
  if (openapi.starts_with("3.2")) return v3_2;
  if (root.find("swagger").text().starts_with("2.0")) return v2_0;
  const auto overlay = root.find("overlay").text();
  if (overlay.starts_with("1.0")) return overlay_1_0;
  if (overlay.starts_with("1.1")) return overlay_1_1;
  return std::nullopt;
}

} // namespace apisync::specs
