#include "specs/canonical.hpp"
#include "specs/print.hpp"
#include "tests/support/read_document.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <array>
#include <random>
#include <string>
#include <vector>

using namespace apisync;
using namespace apisync::specs;
using tests::read_document;

namespace {

constexpr std::string_view sample = R"(
openapi: 3.1.0
info: {title: Pets, version: '1.0'}
servers: [{url: https://a.example}, {url: https://b.example}]
tags: [{name: pets}, {name: admin, description: x}]
security: [{key: []}, {oauth: [read, write]}]
paths:
  /pets/{id}:
    parameters:
      - {name: id, in: path, required: true, schema: {type: integer}}
      - {name: q, in: query, schema: {type: [string, 'null'], minLength: 1}}
    get:
      tags: [pets, admin]
      operationId: getPet
      deprecated: true
      responses:
        '200':
          description: fine
          content:
            application/json:
              schema: {$ref: '#/components/schemas/Pet'}
              example: {list: [3, 1, 2], n: 1.5, t: true, z: null}
components:
  schemas:
    Pet:
      type: object
      required: [id, name]
      properties:
        id: {type: integer, enum: [1, 2, 3], maximum: 10}
        required: {type: string, default: [b, a]}
        name:
          oneOf: [{type: string}, {$ref: '#/components/schemas/Pet'}]
      x-order: [z, y]
)";

std::string canonical(std::string_view text) {
  return canonical_form(*read_document(text));
}

/// What a copy of a document does differently.
struct edit {
  std::mt19937* shuffle =
      nullptr;                 ///< Members, and elements of lists that are sets, in random order.
  std::size_t leaf = SIZE_MAX; ///< The leaf to change, counted in document order.
};

class editor {
public:
  explicit editor(edit what) : what_{what} {}

  document_ptr apply(node root) {
    value(root);
    return builder_.finish();
  }

  [[nodiscard]] std::size_t leaves() const { return seen_; }

private:
  std::vector<node> children(node v) {
    constexpr std::array<std::string_view, 8> sets{"servers",    "tags",     "security", "oauth",
                                                   "parameters", "required", "enum",     "oneOf"};
    std::vector<node> all{v.begin(), v.end()};
    const bool is_set = v.is_object() || v.key() == "type" ||
                        std::find(sets.begin(), sets.end(), v.key()) != sets.end();
    if (what_.shuffle != nullptr && is_set) std::shuffle(all.begin(), all.end(), *what_.shuffle);
    return all;
  }

  void value(node v) {
    switch (v.kind()) {
    case kind::object:
      builder_.begin_object();
      for (const auto child : children(v)) {
        builder_.key(child.key());
        value(child);
      }
      builder_.end_object();
      return;
    case kind::array:
      builder_.begin_array();
      for (const auto child : children(v))
        value(child);
      builder_.end_array();
      return;
    default:
      leaf(v, seen_++ == what_.leaf);
    }
  }

  void leaf(node v, bool changed) {
    switch (v.kind()) {
    case kind::null:
      return changed ? builder_.boolean(true) : builder_.null();
    case kind::boolean:
      return builder_.boolean(v.boolean() != changed);
    case kind::number:
      return builder_.number(std::string{v.text()} + (changed ? "7" : ""));
    default:
      return builder_.string(std::string{v.text()} + (changed ? "!" : ""));
    }
  }

  edit what_;
  document_builder builder_;
  std::size_t seen_ = 0;
};

} // namespace

TEST_CASE("The canonical hash does not see the order of members and of sets") {
  const auto doc = read_document(sample);
  const auto before = canonical_hash(*doc);
  std::mt19937 random{7};
  for (int i = 0; i < 200; ++i) {
    const auto shuffled = editor{{&random, SIZE_MAX}}.apply(doc->root());
    REQUIRE(canonical_hash(*shuffled) == before);
  }
}

TEST_CASE("The canonical hash sees a change of any leaf") {
  const auto doc = read_document(sample);
  editor counting{{}};
  const auto same = counting.apply(doc->root());
  CHECK(canonical_hash(*same) == canonical_hash(*doc));
  REQUIRE(counting.leaves() > 40);
  for (std::size_t i = 0; i < counting.leaves(); ++i) {
    const auto changed = editor{{nullptr, i}}.apply(doc->root());
    INFO("leaf " << i);
    CHECK(canonical_hash(*changed) != canonical_hash(*doc));
  }
}

TEST_CASE("The canonical hash sees the order of lists that have one") {
  const auto with_example = [](const std::string& value) {
    return canonical("{openapi: 3.1.0, paths: {/a: {get: {requestBody: {content: {a/b: {example: " +
                     value + "}}}}}}}");
  };
  CHECK(with_example("[1, 2]") != with_example("[2, 1]"));
  CHECK(with_example("{required: [a, b]}") != with_example("{required: [b, a]}"));
  CHECK(with_example("{b: 1, a: 2}") == with_example("{a: 2, b: 1}"));
  CHECK(with_example("{deprecated: false}") != with_example("{}"));
}

TEST_CASE("Defaults that are written out are the same as those left out") {
  const auto schema = [](const std::string& text) {
    return canonical("{openapi: 3.0.0, paths: {}, components: {schemas: {A: " + text + "}}}");
  };
  CHECK(schema("{type: string, nullable: false, deprecated: false, minLength: 0, required: []}") ==
        schema("{type: string}"));
  CHECK(schema("{type: [string]}") == schema("{type: string}"));
  CHECK(schema("{type: string, nullable: true}") != schema("{type: string}"));
  CHECK(schema("{properties: {nullable: false}}") != schema("{properties: {}}"));
  CHECK(schema("{additionalProperties: false}") != schema("{}"));

  const auto operation = [](const std::string& text) {
    return canonical("{openapi: 3.0.0, paths: {/a: {get: " + text + "}}}");
  };
  CHECK(operation(
            "{tags: [], deprecated: false, parameters: [{name: a, in: query, required: false}]}") ==
        operation("{parameters: [{in: query, name: a}]}"));
  CHECK(operation("{security: []}") != operation("{}"));
}

TEST_CASE("Numbers have one canonical spelling") {
  for (const char* one : {"1", "1.0", "10e-1", "0.1E1", "1.000e+0", "100e-2"})
    CHECK(canonical_number(one) == "1");
  CHECK(canonical_number("1500") == "15e2");
  CHECK(canonical_number("-0.0") == "0");
  CHECK(canonical_number("-12.50") == "-125e-1");
  CHECK(canonical_number("123456789012345678901") == "123456789012345678901");
  CHECK(canonical_number("1e99999999999") == "1e99999999999");
  CHECK(canonical("{a: 1.0}") == canonical("{a: 1}"));
}

TEST_CASE("The content hash is that of the compact print, order kept") {
  const auto doc = read_document("{\"b\": 1, \"a\": [1.0, null]}");
  CHECK(content_hash(*doc) == sha256::of(R"({"b":1,"a":[1.0,null]})"));
  CHECK(content_hash(*doc) != content_hash(*read_document("{\"a\": [1.0, null], \"b\": 1}")));
}

TEST_CASE("The canonical hash does not change from version to version") {
  CHECK(canonical_form(
            *read_document("{openapi: 3.0.0, paths: {/b: {}, /a: {get: {tags: [b, a]}}}}")) ==
        R"({"openapi":"3.0.0","paths":{"/a":{"get":{"tags":["a","b"]}},"/b":{}}})");
}
