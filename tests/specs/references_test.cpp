#include "specs/references.hpp"
#include "tests/support/read_document.hpp"

#include <catch2/catch.hpp>

using namespace apisync;
using namespace apisync::specs;
using tests::read_document;

TEST_CASE("References are resolved with both kinds of escapes") {
  const auto doc = read_document(R"({"a/b": {"c d": 1, "e~f": 2, "g%h": 3}, "l": [7]})");
  CHECK(resolve_reference(*doc, "#") == doc->root());
  CHECK(resolve_reference(*doc, "#/a~1b/c%20d").text() == "1");
  CHECK(resolve_reference(*doc, "#/a~1b/e~0f").text() == "2");
  CHECK(resolve_reference(*doc, "#/a%2Fb").text().empty());
  CHECK(resolve_reference(*doc, "#/a~1b/g%25h").text() == "3");
  CHECK(resolve_reference(*doc, "#/l/0").text() == "7");
  CHECK_FALSE(resolve_reference(*doc, "#/x"));
  CHECK_FALSE(resolve_reference(*doc, "other.yaml#/a"));
  CHECK_FALSE(resolve_reference(*doc, ""));
}

TEST_CASE("Chains of references are followed, circles end") {
  const auto doc = read_document("a: {$ref: '#/b'}\nb: {$ref: '#/c'}\nc: {type: string}\n"
                                 "d: {$ref: '#/e'}\ne: {$ref: '#/d'}\nf: {$ref: '#/x'}");
  CHECK(follow(*doc, doc->at("/a")) == doc->at("/c"));
  CHECK(follow(*doc, doc->at("/c")) == doc->at("/c"));
  CHECK_FALSE(follow(*doc, doc->at("/d")));
  CHECK_FALSE(follow(*doc, doc->at("/f")));
}

TEST_CASE("References are found where they mean something, dangling ones told") {
  const auto doc = read_document(R"(
openapi: 3.0.0
paths:
  /a:
    get:
      parameters: [{$ref: '#/components/parameters/gone'}]
      responses:
        '200':
          content:
            a/b:
              schema: {$ref: '#/components/schemas/A'}
              example: {$ref: '#/no/reference'}
components:
  schemas:
    A:
      properties:
        self: {$ref: '#/components/schemas/A'}
        example: {$ref: '#/components/schemas/B'}
        $ref: {type: string}
        other: {$ref: 'other.yaml#/A'}
      x-data: {$ref: '#/nothing'}
)");
  const auto all = references(*doc);
  REQUIRE(all.size() == 5);
  CHECK(all[0].pointer == "/paths/~1a/get/parameters/0");
  const auto dangling = dangling_references(*doc);
  REQUIRE(dangling.size() == 2);
  CHECK(dangling[0].target == "#/components/parameters/gone");
  CHECK(dangling[1].pointer == "/components/schemas/A/properties/example");
  CHECK(dangling[1].holder.where().line == 18);
}
