#include "specs/shape.hpp"

#include <array>

// Schemas: a dialect of its own in 2.0 and 3.0, and JSON Schema 2020-12 from 3.1 on, where unknown
// keywords are allowed. Tables after the OpenAPI texts and the JSON Schema vocabularies.
namespace apisync::specs {

namespace {

using namespace shapes;

constexpr std::string_view plain_types = "array boolean integer number object string";
constexpr std::string_view all_types = "array boolean integer null number object string";

constexpr member_shape schema_or_boolean(std::string_view name) {
  auto member = one(name, part::schema);
  member.or_boolean = until_3_0;
  return member;
}

constexpr std::array schema_members{
    one("$ref", part::uri).only(v2_0 | from_3_1),
    one_or_list("type", part::text).only(v2_0 | from_3_1).as_set().filled().one_of(all_types),
    text("type").only(v3_0).one_of(plain_types),
    text("format"),
    text("title"),
    text("description"),
    map("properties", part::schema),
    one("items", part::schema).only(from_3_0),
    one_or_list("items", part::schema).only(v2_0).filled(),
    list("required", part::text).as_set().filled(until_3_0),
    list("enum", part::any).filled(until_3_0).as_set(v2_0),
    schema_or_boolean("additionalProperties"),
    list("allOf", part::schema).filled(v2_0 | from_3_1),
    list("oneOf", part::schema).only(from_3_0).filled(from_3_1),
    list("anyOf", part::schema).only(from_3_0).filled(from_3_1),
    one("not", part::schema).only(from_3_0),
    one("default", part::any),
    one("example", part::any),
    flag("nullable").only(v3_0),
    one("discriminator", part::discriminator).only(from_3_0),
    text("discriminator").only(v2_0),
    flag("readOnly"),
    flag("writeOnly").only(from_3_0),
    flag("deprecated").only(from_3_0),
    one("xml", part::xml),
    one("externalDocs", part::external_docs),
    text("pattern"),
    one("minimum", part::number),
    one("maximum", part::number),
    flag("exclusiveMinimum").only(until_3_0),
    flag("exclusiveMaximum").only(until_3_0),
    one("exclusiveMinimum", part::number).only(from_3_1),
    one("exclusiveMaximum", part::number).only(from_3_1),
    one("multipleOf", part::positive),
    one("minLength", part::count),
    one("maxLength", part::count),
    one("minItems", part::count),
    one("maxItems", part::count),
    flag("uniqueItems"),
    one("minProperties", part::count),
    one("maxProperties", part::count),
    list("examples", part::any).only(from_3_1),
    one("const", part::any).only(from_3_1),
    list("prefixItems", part::schema).only(from_3_1).filled(),
    one("contains", part::schema).only(from_3_1),
    one("minContains", part::count).only(from_3_1),
    one("maxContains", part::count).only(from_3_1),
    map("patternProperties", part::schema).only(from_3_1),
    one("propertyNames", part::schema).only(from_3_1),
    map("dependentSchemas", part::schema).only(from_3_1),
    map("dependentRequired", part::text_set).only(from_3_1),
    one("if", part::schema).only(from_3_1),
    one("then", part::schema).only(from_3_1),
    one("else", part::schema).only(from_3_1),
    one("unevaluatedItems", part::schema).only(from_3_1),
    one("unevaluatedProperties", part::schema).only(from_3_1),
    text("contentEncoding").only(from_3_1),
    text("contentMediaType").only(from_3_1),
    one("contentSchema", part::schema).only(from_3_1),
    map("$defs", part::schema).only(from_3_1),
    map("definitions", part::schema).only(from_3_1),
    one("$id", part::uri).only(from_3_1),
    one("$schema", part::uri).only(from_3_1),
    text("$anchor").only(from_3_1),
    one("$dynamicRef", part::uri).only(from_3_1),
    text("$dynamicAnchor").only(from_3_1),
    map("$vocabulary", part::boolean).only(from_3_1),
    text("$comment").only(from_3_1),
};

constexpr std::array discriminator_members{
    text("propertyName").must(),
    map("mapping", part::text),
    text("defaultMapping").only(v3_2),
};

constexpr std::array xml_members{
    text("name"),    one("namespace", part::uri),
    text("prefix"),  flag("attribute"),
    flag("wrapped"), text("nodeType").only(v3_2).one_of("element attribute text cdata none"),
};

constexpr std::array response_schema_members{
    one_or_list("type", part::text)
        .as_set()
        .filled()
        .one_of("array boolean file integer null number object string"),
};

constexpr std::array table{
    object_shape{.id = part::schema,
                 .noun = "a schema",
                 .members = schema_members,
                 .may_refer = v3_0,
                 .open = from_3_1,
                 .or_boolean = from_3_1},
    object_shape{.id = part::response_schema,
                 .noun = "a schema",
                 .members = response_schema_members,
                 .base = part::schema},
    object_shape{.id = part::discriminator,
                 .noun = "a discriminator",
                 .members = discriminator_members,
                 .open = v3_0},
    object_shape{.id = part::xml, .noun = "'xml'", .members = xml_members},
};

} // namespace

std::span<const object_shape> schema_shapes() {
  return table;
}

} // namespace apisync::specs
