#include "specs/shape.hpp"

#include <array>

// The objects of 2.0 that 3.x no longer has.
namespace apisync::specs {

namespace {

using namespace shapes;

constexpr std::string_view plain_types = "string number integer boolean array";
constexpr std::string_view collection_formats = "csv ssv tsv pipes";

constexpr std::array plain_value_members{
    text("type").one_of(plain_types),
    text("format"),
    one("items", part::plain_value),
    text("collectionFormat").one_of(collection_formats),
    one("default", part::any),
    one("minimum", part::number),
    one("maximum", part::number),
    flag("exclusiveMinimum"),
    flag("exclusiveMaximum"),
    one("minLength", part::count),
    one("maxLength", part::count),
    text("pattern"),
    one("minItems", part::count),
    one("maxItems", part::count),
    flag("uniqueItems"),
    list("enum", part::any).filled().as_set(),
    one("multipleOf", part::positive),
};

constexpr auto parameter_place = text("in").one_of("query header path formData body").must();

constexpr std::array plain_parameter_members{
    text("name").must(),
    parameter_place,
    text("description"),
    flag("required"),
    text("type").one_of(plain_types).must(),
};
constexpr std::array plain_path_members{
    one("required", part::always_true).must(),
};
constexpr std::array plain_query_members{
    flag("allowEmptyValue"),
    text("collectionFormat").one_of("csv ssv tsv pipes multi"),
};
constexpr std::array plain_form_members{
    flag("allowEmptyValue"),
    text("collectionFormat").one_of("csv ssv tsv pipes multi"),
    text("type").one_of("string number integer boolean array file").must(),
};
constexpr std::array body_members{
    text("name").must(),
    parameter_place,
    text("description"),
    flag("required"),
    one("schema", part::schema).must(),
};

constexpr std::array header_members{
    text("description"),
    text("type").one_of(plain_types).must(),
};

constexpr std::array key_scheme_members{
    text("name").must(),
    text("in").one_of("query header").must(),
};
constexpr std::array oauth_members{
    text("flow").one_of("implicit password application accessCode").must(),
    map("scopes", part::text),
};
constexpr auto authorization_url = one("authorizationUrl", part::uri).must();
constexpr auto token_url = one("tokenUrl", part::uri).must();
constexpr std::array implicit_members{authorization_url};
constexpr std::array token_members{token_url};
constexpr std::array code_members{authorization_url, token_url};

constexpr std::array table{
    object_shape{.id = part::plain_value, .noun = "'items'", .members = plain_value_members},
    object_shape{.id = part::plain_parameter,
                 .noun = "a parameter",
                 .members = plain_parameter_members,
                 .base = part::plain_value},
    object_shape{.id = part::plain_path_parameter,
                 .noun = "a path parameter",
                 .members = plain_path_members,
                 .base = part::plain_parameter},
    object_shape{.id = part::plain_query_parameter,
                 .noun = "a query parameter",
                 .members = plain_query_members,
                 .base = part::plain_parameter},
    object_shape{.id = part::plain_header_parameter,
                 .noun = "a header parameter",
                 .base = part::plain_parameter},
    object_shape{.id = part::plain_form_parameter,
                 .noun = "a form parameter",
                 .members = plain_form_members,
                 .base = part::plain_parameter},
    object_shape{.id = part::body_parameter, .noun = "a body parameter", .members = body_members},
    object_shape{.id = part::plain_header,
                 .noun = "a header",
                 .members = header_members,
                 .base = part::plain_value},
    object_shape{.id = part::basic_scheme,
                 .noun = "a 'basic' security scheme",
                 .base = part::security_scheme},
    object_shape{.id = part::plain_key_scheme,
                 .noun = "an 'apiKey' security scheme",
                 .members = key_scheme_members,
                 .base = part::security_scheme},
    object_shape{.id = part::plain_oauth_scheme,
                 .noun = "an 'oauth2' security scheme",
                 .members = oauth_members,
                 .base = part::security_scheme},
    object_shape{.id = part::plain_implicit_scheme,
                 .noun = "an 'oauth2' security scheme with the implicit flow",
                 .members = implicit_members,
                 .base = part::plain_oauth_scheme},
    object_shape{.id = part::plain_password_scheme,
                 .noun = "an 'oauth2' security scheme with the password flow",
                 .members = token_members,
                 .base = part::plain_oauth_scheme},
    object_shape{.id = part::plain_application_scheme,
                 .noun = "an 'oauth2' security scheme with the application flow",
                 .members = token_members,
                 .base = part::plain_oauth_scheme},
    object_shape{.id = part::plain_code_scheme,
                 .noun = "an 'oauth2' security scheme with the accessCode flow",
                 .members = code_members,
                 .base = part::plain_oauth_scheme},
};

} // namespace

std::span<const object_shape> swagger_shapes() {
  return table;
}

} // namespace apisync::specs
