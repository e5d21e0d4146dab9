#include "specs/validate.hpp"
#include "tests/support/read_document.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

using namespace apisync;
using namespace apisync::specs;
using tests::read_document;

namespace {

using strings = std::vector<std::string>;

strings flaws(std::string_view text) {
  strings told;
  for (const auto& found : validate(*read_document(text)))
    told.push_back(std::string{found.rule} + " " + found.pointer);
  return told;
}

std::string openapi(const std::string& version, const std::string& rest) {
  const auto name = version.starts_with("2") ? "{swagger: '" : "{openapi: ";
  const auto end = version.starts_with("2") ? "'" : "";
  return name + version + end + ", info: {title: T, version: '1'}, " + rest + "}";
}

std::string with_schema(const std::string& version, const std::string& schema) {
  if (version.starts_with("2"))
    return openapi(version, "paths: {}, definitions: {S: " + schema + "}");
  return openapi(version, "paths: {}, components: {schemas: {S: " + schema + "}}");
}

std::string with_parameter(const std::string& version, const std::string& parameter) {
  return openapi(version, "paths: {}, components: {parameters: {p: " + parameter + "}}");
}

} // namespace

TEST_CASE("Members that a version does not know are told, with the name that may be meant") {
  const auto text = openapi("3.0.0", "paths: {/a: {get: {sumary: s, responses: {'200': "
                                     "{description: d}}}}}");
  const auto found = validate(*read_document(text));
  REQUIRE(found.size() == 1);
  CHECK(found[0].rule == "unknown-member");
  CHECK(found[0].pointer == "/paths/~1a/get/sumary");
  CHECK(found[0].message == "an operation has no member 'sumary' in OpenAPI 3.0");
  CHECK(found[0].advice == "did you mean 'summary'? Else remove it, or begin its name with x- "
                           "where it is your own");
  CHECK(found[0].where == position{1, static_cast<std::uint32_t>(text.find("sumary") + 1)});
  CHECK(flaws(openapi("3.0.0", "paths: {}, x-own: 1")).empty());
  CHECK(flaws(openapi("3.0.0", "paths: {}, webhooks: {}")) == strings{"unknown-member /webhooks"});
  CHECK(flaws(openapi("3.1.0", "paths: {}, webhooks: {}")).empty());
}

TEST_CASE("What must be there depends on the version") {
  const std::string no_responses = "paths: {/a: {get: {}}}";
  CHECK(flaws(openapi("3.0.0", no_responses)) == strings{"member-missing /paths/~1a/get"});
  CHECK(flaws(openapi("3.1.0", no_responses)).empty());
  const std::string bare = "paths: {/a: {get: {responses: {'200': {}}}}}";
  CHECK(flaws(openapi("3.1.0", bare)) == strings{"member-missing /paths/~1a/get/responses/200"});
  CHECK(flaws(openapi("3.2.0", bare)).empty());
  CHECK(flaws(openapi("3.0.0", "paths: {/a: {get: {responses: {}}}}")) ==
        strings{"list-empty /paths/~1a/get/responses"});
}

TEST_CASE("Versions are written in full") {
  CHECK(flaws(openapi("3.1", "paths: {}")) == strings{"wrong-type /openapi"}); // a number in YAML
  CHECK(flaws(openapi("'3.1'", "paths: {}")) == strings{"value-not-allowed /openapi"});
  CHECK(flaws(openapi("3.1.0-rc1", "paths: {}")).empty());
}

TEST_CASE("A parameter's place decides what it may have") {
  CHECK(flaws(with_parameter("3.0.0", "{name: a, in: path, schema: {}}")) ==
        strings{"path-parameter-optional /components/parameters/p"});
  CHECK(flaws(with_parameter("3.0.0", "{name: a, in: path, required: false, schema: {}}")) ==
        strings{"path-parameter-optional /components/parameters/p/required"});
  CHECK(flaws(with_parameter("3.0.0", "{name: a, in: query, style: matrix, schema: {}}")) ==
        strings{"value-not-allowed /components/parameters/p/style"});
  CHECK(flaws(with_parameter("3.0.0", "{name: a, in: body, schema: {}}")) ==
        strings{"value-not-allowed /components/parameters/p/in"});
  CHECK(flaws(with_parameter("3.1.0", "{name: a, in: header, allowReserved: true, schema: {}}")) ==
        strings{"unknown-member /components/parameters/p/allowReserved"});
  CHECK(flaws(with_parameter("3.2.0", "{name: a, in: querystring, content: {a/b: {}}}")).empty());
  CHECK(flaws(with_parameter("3.1.0", "{name: a, in: querystring, content: {a/b: {}}}")) ==
        strings{"value-not-allowed /components/parameters/p/in"});
}

TEST_CASE("A parameter has a schema or one content, and not both") {
  CHECK(flaws(with_parameter("3.0.0", "{name: a, in: query}")) ==
        strings{"member-missing /components/parameters/p"});
  CHECK(flaws(with_parameter("3.0.0", "{name: a, in: query, schema: {}, content: {a/b: {}}}")) ==
        strings{"members-exclude /components/parameters/p/content"});
  CHECK(flaws(with_parameter("3.0.0", "{name: a, in: query, content: {a/b: {}, c/d: {}}}")) ==
        strings{"not-one-entry /components/parameters/p/content"});
}

TEST_CASE("Parameters of 2.0 have types of their own, or a schema in the body") {
  const auto with = [](const std::string& parameter) {
    return openapi("2.0", "paths: {}, parameters: {p: " + parameter + "}");
  };
  CHECK(flaws(with("{name: a, in: query, type: string}")).empty());
  CHECK(flaws(with("{name: a, in: query}")) == strings{"member-missing /parameters/p"});
  CHECK(flaws(with("{name: a, in: query, type: file}")) ==
        strings{"value-not-allowed /parameters/p/type"});
  CHECK(flaws(with("{name: a, in: formData, type: file}")).empty());
  CHECK(flaws(with("{name: a, in: body, type: string, schema: {}}")) ==
        strings{"unknown-member /parameters/p/type"});
  CHECK(flaws(with("{name: a, in: header, type: array, items: {}, collectionFormat: multi}")) ==
        strings{"value-not-allowed /parameters/p/collectionFormat"});
}

TEST_CASE("Schemas follow the dialect of their version") {
  const std::string at = " /components/schemas/S";
  CHECK(flaws(with_schema("3.0.0", "{type: [string, 'null']}")) ==
        strings{"wrong-type" + at + "/type"});
  CHECK(flaws(with_schema("3.1.0", "{type: [string, 'null']}")).empty());
  CHECK(flaws(with_schema("3.1.0", "{type: [string, string]}")) ==
        strings{"list-repeats" + at + "/type/1"});
  CHECK(flaws(with_schema("3.0.0", "{exclusiveMinimum: 1}")) ==
        strings{"wrong-type" + at + "/exclusiveMinimum"});
  CHECK(flaws(with_schema("3.1.0", "{exclusiveMinimum: 1}")).empty());
  CHECK(flaws(with_schema("3.0.0", "{minLength: -1}")) ==
        strings{"value-not-allowed" + at + "/minLength"});
  CHECK(flaws(with_schema("3.0.0", "{minLength: 2.0}")).empty());
  CHECK(flaws(with_schema("3.0.0", "{multipleOf: 0}")) ==
        strings{"value-not-allowed" + at + "/multipleOf"});
  CHECK(flaws(with_schema("3.0.0", "{required: []}")) == strings{"list-empty" + at + "/required"});
  CHECK(flaws(with_schema("3.1.0", "{required: []}")).empty());
  CHECK(flaws(with_schema("3.0.0", "{const: 1}")) == strings{"unknown-member" + at + "/const"});
  CHECK(flaws(with_schema("3.1.0", "{const: 1, anything: 2}")).empty());
  CHECK(flaws(with_schema("3.1.0", "true")).empty());
  CHECK(flaws(with_schema("3.0.0", "true")) == strings{"wrong-type" + at});
  CHECK(flaws(with_schema("2.0", "{discriminator: a, items: [{}]}")).empty());
  CHECK(flaws(with_schema("3.0.0", "{discriminator: a}")) ==
        strings{"wrong-type" + at + "/discriminator"});
}

TEST_CASE("Schemas of a foreign dialect are left alone") {
  CHECK(flaws(openapi("3.1.0", "paths: {}, jsonSchemaDialect: 'https://a.test/own', components: "
                               "{schemas: {S: {type: whatever}}}"))
            .empty());
  CHECK(flaws(with_schema("3.1.0", "{$schema: 'https://a.test/own', type: whatever}")).empty());
  CHECK(flaws(with_schema("3.1.0", "{type: whatever}")).size() == 1);
}

TEST_CASE("A security scheme has what its type asks for") {
  const auto with = [](const std::string& scheme, const std::string& version = "3.0.0") {
    return openapi(version, "paths: {}, components: {securitySchemes: {s: " + scheme + "}}");
  };
  const std::string at = "/components/securitySchemes/s";
  CHECK(flaws(with("{type: apiKey, name: n, in: header}")).empty());
  CHECK(flaws(with("{type: apiKey, name: n}")) == strings{"member-missing " + at});
  CHECK(flaws(with("{type: http, scheme: Bearer, bearerFormat: JWT}")).empty());
  CHECK(flaws(with("{type: http, scheme: basic, bearerFormat: JWT}")) ==
        strings{"unknown-member " + at + "/bearerFormat"});
  CHECK(flaws(with("{type: mutualTLS}")) == strings{"value-not-allowed " + at + "/type"});
  CHECK(flaws(with("{type: mutualTLS}", "3.1.0")).empty());
  CHECK(flaws(with("{type: oauth2, flows: {implicit: {scopes: {}}}}")) ==
        strings{"member-missing " + at + "/flows/implicit"});
}

TEST_CASE("Members beside a reference are ignored, and that is told") {
  const auto text = openapi("3.0.0", "paths: {}, components: {responses: {a: {$ref: "
                                     "'#/components/responses/b', description: d}, b: "
                                     "{description: d}}}");
  const auto found = validate(*read_document(text));
  REQUIRE(found.size() == 1);
  CHECK(found[0].severity == severity::info);
  CHECK(found[0].pointer == "/components/responses/a/description");
  CHECK(flaws(openapi("3.1.0", "paths: {}, components: {responses: {a: {$ref: "
                               "'#/components/responses/b', description: d}, b: "
                               "{description: d}}}"))
            .empty());
}

TEST_CASE("Names that people choose have their rules") {
  CHECK(flaws(openapi("3.0.0", "paths: {}, components: {schemas: {'a b': {}}}")) ==
        strings{"name-not-allowed /components/schemas/a b"});
  CHECK(flaws(openapi("3.0.0", "paths: {/a: {get: {responses: {'2xx': {description: d}}}}}")) ==
        strings{"name-not-allowed /paths/~1a/get/responses/2xx"});
  CHECK(flaws(openapi("2.0", "paths: {/a: {get: {responses: {'2XX': {description: d}}}}}")) ==
        strings{"name-not-allowed /paths/~1a/get/responses/2XX"});
  CHECK(flaws(openapi("3.2.0", "paths: {/a: {additionalOperations: {GET: {}, COPY: {}}}}")) ==
        strings{"name-not-allowed /paths/~1a/additionalOperations/GET"});
}

TEST_CASE("References that lead to another kind or round in a circle are told") {
  CHECK(
      flaws(openapi("3.0.0", "paths: {}, components: {schemas: {a: {$ref: "
                             "'#/components/responses/r'}}, responses: {r: {description: d}}}")) ==
      strings{"reference-to-other-part /components/schemas/a/$ref"});
  CHECK(
      flaws(openapi("3.0.0", "paths: {}, components: {schemas: {a: {$ref: "
                             "'#/components/schemas/b'}, b: {$ref: '#/components/schemas/a'}}}")) ==
      strings{"circular-reference /components/schemas/a/$ref",
              "circular-reference /components/schemas/b/$ref"});
  CHECK(flaws(openapi("3.0.0", "paths: {}, components: {schemas: {a: {properties: {a: {$ref: "
                               "'#/components/schemas/a'}}}}}"))
            .empty());
  CHECK(flaws(with_schema("3.1.0", "{$defs: {d: {$anchor: here}}, $ref: '#here'}")).empty());
  CHECK(flaws(with_schema("3.1.0", "{$ref: '#there'}")) ==
        strings{"dangling-reference /components/schemas/S/$ref"});
}

TEST_CASE("Names of tags, schemes, scopes and operations must be known") {
  CHECK(flaws(openapi("3.0.0", "paths: {}, tags: [{name: a}, {name: a, description: d}]")) ==
        strings{"tag-repeated /tags/1/name"});
  const std::string scheme = "components: {securitySchemes: {o: {type: oauth2, flows: {password: "
                             "{tokenUrl: /t, scopes: {read: r}}}}}}";
  CHECK(flaws(openapi("3.0.0", "paths: {}, security: [{o: [read]}, {}], " + scheme)).empty());
  CHECK(flaws(openapi("3.0.0", "paths: {}, security: [{o: [write]}, {k: []}], " + scheme)) ==
        strings{"scope-unknown /security/0/o/0", "security-scheme-unknown /security/1/k"});
  CHECK(flaws(openapi("3.0.0", "paths: {}, components: {links: {l: {operationId: gone}}}")) ==
        strings{"link-operation-unknown /components/links/l/operationId"});
}

TEST_CASE("Servers, discriminators and lists must fit together") {
  CHECK(flaws(openapi("3.1.0", "paths: {}, servers: [{url: 'https://{a}.test', variables: {b: "
                               "{default: x, enum: [y]}}}]")) ==
        strings{"server-variable-undeclared /servers/0/url",
                "server-variable-unused /servers/0/variables/b",
                "server-default-not-allowed /servers/0/variables/b/default"});
  CHECK(flaws(with_schema("3.0.0", "{discriminator: {propertyName: a, mapping: {x: S, y: Gone, z: "
                                   "'#/components/schemas/Gone', w: other.yaml}}}")) ==
        strings{"dangling-reference /components/schemas/S/discriminator/mapping/y",
                "dangling-reference /components/schemas/S/discriminator/mapping/z"});
  CHECK(flaws(with_schema("3.0.0", "{type: array}")) ==
        strings{"items-missing /components/schemas/S"});
  CHECK(flaws(with_schema("3.1.0", "{nullable: true}")) ==
        strings{"keyword-without-effect /components/schemas/S/nullable"});
}

TEST_CASE("The body comes once, and its form fields not beside it") {
  CHECK(flaws(openapi("2.0", "paths: {/a: {post: {parameters: [{name: a, in: body, schema: {}}, "
                             "{name: b, in: formData, type: string}], responses: {'200': "
                             "{description: d}}}}}")) ==
        strings{"parameters-exclude /paths/~1a/post"});
}
