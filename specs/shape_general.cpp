#include "specs/shape.hpp"

#include <array>

// The objects that every version has, or 3.x alone, apart from schemas and security schemes.
namespace apisync::specs {

namespace {

using namespace shapes;

constexpr std::string_view schemes = "http https ws wss";

constexpr std::array root_members{
    one("openapi", part::version).only(from_3_0).must(),
    text("swagger").only(v2_0).must().one_of("2.0"),
    one("$self", part::uri).only(v3_2),
    one("info", part::info).must(),
    one("jsonSchemaDialect", part::uri).only(from_3_1),
    list("servers", part::server).only(from_3_0),
    one("paths", part::paths).must(until_3_0),
    map("webhooks", part::path_item).only(from_3_1),
    one("components", part::components).only(from_3_0),
    list("security", part::security_requirement).as_set(v2_0),
    list("tags", part::tag).as_set(until_3_0),
    one("externalDocs", part::external_docs),
    one("host", part::host).only(v2_0),
    one("basePath", part::base_path).only(v2_0),
    list("schemes", part::text).only(v2_0).as_set().one_of(schemes),
    list("consumes", part::text).only(v2_0).as_set(),
    list("produces", part::text).only(v2_0).as_set(),
    map("definitions", part::schema).only(v2_0),
    member_shape{.name = "parameters",
                 .of = part::parameter,
                 .in = around::map,
                 .known = v2_0,
                 .no_reference = true},
    member_shape{.name = "responses",
                 .of = part::response,
                 .in = around::map,
                 .known = v2_0,
                 .no_reference = true},
    map("securityDefinitions", part::security_scheme).only(v2_0),
};

constexpr std::array info_members{
    text("title").must(),          text("version").must(),           text("summary").only(from_3_1),
    text("description"),           one("termsOfService", part::uri), one("contact", part::contact),
    one("license", part::license),
};

constexpr std::array contact_members{
    text("name"),
    one("url", part::uri),
    one("email", part::email),
};

constexpr std::array license_members{
    text("name").must(),
    text("identifier").only(from_3_1),
    one("url", part::uri),
};

constexpr std::array server_members{
    text("url").must(),
    text("name").only(v3_2),
    text("description"),
    map("variables", part::server_variable),
};

constexpr std::array server_variable_members{
    text("default").must(),
    list("enum", part::text).filled(from_3_1),
    text("description"),
};

constexpr member_shape component_map(std::string_view name, part of, versions known = from_3_0) {
  return {
      .name = name, .of = of, .in = around::map, .known = known, .names = free_names::component};
}

constexpr std::array components_members{
    component_map("schemas", part::schema),
    component_map("responses", part::response),
    component_map("parameters", part::parameter),
    component_map("examples", part::example),
    component_map("requestBodies", part::request_body),
    component_map("headers", part::header),
    component_map("securitySchemes", part::security_scheme),
    component_map("links", part::link),
    component_map("callbacks", part::callback),
    component_map("pathItems", part::path_item, from_3_1),
    component_map("mediaTypes", part::media_type, v3_2),
};

constexpr std::array path_item_members{
    one("$ref", part::uri),
    text("summary").only(from_3_0),
    text("description").only(from_3_0),
    list("servers", part::server).only(from_3_0),
    list("parameters", part::parameter).as_set(until_3_0),
    one("get", part::operation),
    one("put", part::operation),
    one("post", part::operation),
    one("delete", part::operation),
    one("options", part::operation),
    one("head", part::operation),
    one("patch", part::operation),
    one("trace", part::operation).only(from_3_0),
    one("query", part::operation).only(v3_2),
    member_shape{.name = "additionalOperations",
                 .of = part::operation,
                 .in = around::map,
                 .known = v3_2,
                 .names = free_names::method},
};

constexpr std::array operation_members{
    list("tags", part::text).as_set(v2_0),
    text("summary"),
    text("description"),
    one("externalDocs", part::external_docs),
    text("operationId"),
    list("parameters", part::parameter).as_set(until_3_0),
    one("requestBody", part::request_body).only(from_3_0),
    one("responses", part::responses).must(until_3_0),
    map("callbacks", part::callback).only(from_3_0),
    flag("deprecated"),
    list("security", part::security_requirement).as_set(v2_0),
    list("servers", part::server).only(from_3_0),
    list("schemes", part::text).only(v2_0).as_set().one_of(schemes),
    list("consumes", part::text).only(v2_0).as_set(),
    list("produces", part::text).only(v2_0).as_set(),
};

constexpr std::array external_docs_members{
    text("description"),
    one("url", part::uri).must(),
};

constexpr member_shape one_content() {
  return {.name = "content",
          .of = part::media_type,
          .in = around::map,
          .known = from_3_0,
          .single = true};
}

constexpr std::array parameter_members{
    text("name").must(),
    text("in").must().only(v3_0 | v3_1).one_of("query header path cookie").must(),
    text("in").must().only(v3_2).one_of("query querystring header path cookie").must(),
    text("in").must().only(v2_0).one_of("query header path formData body").must(),
    text("description"),
    flag("required"),
    flag("deprecated").only(from_3_0),
    flag("allowEmptyValue").only(v3_0),
    flag("allowReserved").only(v3_0),
    text("style").only(from_3_0),
    flag("explode").only(from_3_0),
    one("schema", part::schema).only(from_3_0),
    one_content(),
    one("example", part::any).only(from_3_0),
    map("examples", part::example).only(from_3_0),
};
constexpr std::array path_parameter_members{
    one("required", part::always_true).must(),
    text("style").one_of("matrix label simple"),
    flag("allowReserved").only(v3_2),
};
constexpr std::array query_parameter_members{
    text("style").one_of("form spaceDelimited pipeDelimited deepObject"),
    flag("allowEmptyValue"),
    flag("allowReserved"),
};
constexpr std::array querystring_parameter_members{
    one_content().must(),
};
constexpr std::array header_parameter_members{
    text("style").one_of("simple"),
};
constexpr std::array cookie_parameter_members{
    text("style").only(v3_0 | v3_1).one_of("form"),
    text("style").only(v3_2).one_of("form cookie"),
    flag("allowReserved").only(v3_2),
};

constexpr std::array request_body_members{
    text("description"),
    map("content", part::media_type).must(),
    flag("required"),
};

constexpr std::array media_type_members{
    text("description").only(v3_2),
    one("schema", part::schema),
    one("itemSchema", part::schema).only(v3_2),
    one("example", part::any),
    map("examples", part::example),
    map("encoding", part::encoding),
    list("prefixEncoding", part::encoding).only(v3_2),
    one("itemEncoding", part::encoding).only(v3_2),
};

constexpr std::array encoding_members{
    text("contentType"),
    map("headers", part::header),
    text("style").one_of("form spaceDelimited pipeDelimited deepObject"),
    flag("explode"),
    flag("allowReserved"),
    map("encoding", part::encoding).only(v3_2),
    list("prefixEncoding", part::encoding).only(v3_2),
    one("itemEncoding", part::encoding).only(v3_2),
};

constexpr std::array response_members{
    text("summary").only(v3_2),
    text("description").must(v2_0 | v3_0 | v3_1),
    map("headers", part::header).only(from_3_0),
    map("headers", part::plain_header).only(v2_0),
    map("content", part::media_type).only(from_3_0),
    map("links", part::link).only(from_3_0),
    one("schema", part::response_schema).only(v2_0),
    map("examples", part::any).only(v2_0),
};

constexpr std::array example_members{
    text("summary"),
    text("description"),
    one("value", part::any),
    one("externalValue", part::uri),
    one("dataValue", part::any).only(v3_2),
    text("serializedValue").only(v3_2),
};

constexpr std::array link_members{
    one("operationRef", part::uri), text("operationId"), map("parameters", part::any),
    one("requestBody", part::any),  text("description"), one("server", part::server),
};

constexpr std::array header_members{
    text("description"),
    flag("required"),
    flag("deprecated"),
    flag("allowEmptyValue").only(v3_0),
    flag("allowReserved").only(v3_0),
    text("style").one_of("simple"),
    flag("explode"),
    one("schema", part::schema),
    one_content(),
    one("example", part::any),
    map("examples", part::example),
};

constexpr std::array tag_members{
    text("name").must(),       text("summary").only(v3_2),
    text("description"),       one("externalDocs", part::external_docs),
    text("parent").only(v3_2), text("kind").only(v3_2),
};

constexpr std::array table{
    object_shape{.id = part::root, .noun = "an OpenAPI document", .members = root_members},
    object_shape{.id = part::info, .noun = "'info'", .members = info_members},
    object_shape{.id = part::contact, .noun = "a contact", .members = contact_members},
    object_shape{.id = part::license, .noun = "a license", .members = license_members},
    object_shape{.id = part::server, .noun = "a server", .members = server_members},
    object_shape{.id = part::server_variable,
                 .noun = "a server variable",
                 .members = server_variable_members},
    object_shape{.id = part::components, .noun = "'components'", .members = components_members},
    object_shape{
        .id = part::paths, .noun = "'paths'", .rest = part::path_item, .names = free_names::path},
    object_shape{.id = part::path_item, .noun = "a path item", .members = path_item_members},
    object_shape{.id = part::operation, .noun = "an operation", .members = operation_members},
    object_shape{.id = part::external_docs,
                 .noun = "external documentation",
                 .members = external_docs_members},
    object_shape{.id = part::parameter,
                 .noun = "a parameter",
                 .members = parameter_members,
                 .may_refer = every_version},
    object_shape{.id = part::path_parameter,
                 .noun = "a path parameter",
                 .members = path_parameter_members,
                 .base = part::parameter},
    object_shape{.id = part::query_parameter,
                 .noun = "a query parameter",
                 .members = query_parameter_members,
                 .base = part::parameter},
    object_shape{.id = part::querystring_parameter,
                 .noun = "a querystring parameter",
                 .members = querystring_parameter_members,
                 .base = part::parameter},
    object_shape{.id = part::header_parameter,
                 .noun = "a header parameter",
                 .members = header_parameter_members,
                 .base = part::parameter},
    object_shape{.id = part::cookie_parameter,
                 .noun = "a cookie parameter",
                 .members = cookie_parameter_members,
                 .base = part::parameter},
    object_shape{.id = part::request_body,
                 .noun = "a request body",
                 .members = request_body_members,
                 .may_refer = from_3_0},
    object_shape{.id = part::media_type,
                 .noun = "a media type",
                 .members = media_type_members,
                 .may_refer = v3_2},
    object_shape{.id = part::encoding, .noun = "an encoding", .members = encoding_members},
    object_shape{.id = part::responses,
                 .noun = "'responses'",
                 .rest = part::response,
                 .names = free_names::status},
    object_shape{.id = part::response,
                 .noun = "a response",
                 .members = response_members,
                 .may_refer = every_version},
    object_shape{
        .id = part::callback, .noun = "a callback", .may_refer = from_3_0, .rest = part::path_item},
    object_shape{.id = part::example,
                 .noun = "an example",
                 .members = example_members,
                 .may_refer = from_3_0},
    object_shape{
        .id = part::link, .noun = "a link", .members = link_members, .may_refer = from_3_0},
    object_shape{
        .id = part::header, .noun = "a header", .members = header_members, .may_refer = from_3_0},
    object_shape{.id = part::tag, .noun = "a tag", .members = tag_members},
};

} // namespace

std::span<const object_shape> general_shapes() {
  return table;
}

} // namespace apisync::specs
