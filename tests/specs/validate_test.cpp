#include "specs/validate.hpp"
#include "tests/support/read_document.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

using namespace apisync;
using namespace apisync::specs;
using tests::read_document;

namespace {

std::vector<std::string> flaws(std::string_view text) {
  std::vector<std::string> told;
  for (const auto& found : validate(*read_document(text)))
    told.push_back(std::string{found.rule} + " " + found.pointer);
  return told;
}

using strings = std::vector<std::string>;

std::string with_paths(const std::string& paths) {
  return "{openapi: 3.1.0, info: {title: T, version: '1'}, paths: " + paths + "}";
}

} // namespace

TEST_CASE("A sound document has no findings, and a dangling reference is told once") {
  CHECK(flaws(with_paths("{'/a/{id}': {parameters: [{$ref: '#/components/parameters/id'}], get: "
                         "{operationId: x, responses: {'200': {description: d}}}}}") +
              "") == strings{"dangling-reference /paths/~1a~1{id}/parameters/0/$ref"});
  CHECK(flaws("{openapi: 3.0.0, info: {title: T, version: '1'}, paths: {'/a/{id}': {parameters: "
              "[{$ref: '#/components/parameters/id'}], get: {operationId: x, responses: {'200': "
              "{description: d}, default: {$ref: '#/components/responses/r'}}}}}, components: "
              "{parameters: {id: {name: id, in: path, required: true, schema: {type: string}}}, "
              "responses: {r: {description: x}}}}")
            .empty());
}

TEST_CASE("Missing members are told") {
  CHECK(flaws("{openapi: 3.0.0, paths: {/a: {get: {}}}}") ==
        strings{"member-missing ", "member-missing /paths/~1a/get"});
  CHECK(flaws("{openapi: 3.1.0, info: {}, paths: {/a: {get: {responses: {'200': {}}}}}}") ==
        strings{"member-missing /info", "member-missing /info",
                "member-missing /paths/~1a/get/responses/200"});
}

TEST_CASE("Members of the wrong type are told") {
  const auto text = with_paths("{/a: {get: {tags: x, deprecated: 'yes', responses: {'200': "
                               "{description: 1}}}}, /b: 1}");
  const auto found = validate(*read_document(text));
  REQUIRE(found.size() == 4);
  CHECK(found[0].pointer == "/paths/~1a/get/tags");
  CHECK(found[0].message == "'tags' must be a list, not a string");
  CHECK(found[1].message == "'deprecated' must be a boolean, not a string");
  CHECK(found[2].pointer == "/paths/~1a/get/responses/200/description");
  CHECK(found[3].message == "'/b' must be an object, not a number");
  CHECK(found[3].where == position{1, static_cast<std::uint32_t>(text.find("/b") + 1)});
}

TEST_CASE("Path parameters and paths must fit together") {
  CHECK(
      flaws(with_paths(
          "{'/a/{id}': {get: {parameters: [{name: x, in: path, required: true, schema: {}}]}}}")) ==
      strings{"path-parameter-undeclared /paths/~1a~1{id}/get",
              "path-parameter-unused /paths/~1a~1{id}/get"});
  CHECK(flaws(with_paths("{'/a/{id}': {get: {parameters: [{name: id, in: path, schema: {}}]}}}")) ==
        strings{"path-parameter-optional /paths/~1a~1{id}/get/parameters/0"});
  CHECK(flaws(with_paths("{'/a/{b}': {}, '/a/{c}': {}, x: {}, '/{a': {}, '/a}': {}}")) ==
        strings{"path-repeated /paths/~1a~1{c}", "path-without-slash /paths/x",
                "path-malformed /paths/~1{a", "path-malformed /paths/~1a}"});
  CHECK(
      flaws(with_paths("{/a: {get: {parameters: [{name: q, in: query, schema: {}}, {name: q, in: "
                       "header, schema: {}}, {name: q, in: query, schema: {type: string}}]}}}")) ==
      strings{"parameter-repeated /paths/~1a/get/parameters/2"});
}

TEST_CASE("Operation ids given twice are told") {
  CHECK(flaws(with_paths("{/a: {get: {operationId: x}}, /b: {get: {operationId: x}}}")) ==
        strings{"operation-id-repeated /paths/~1b/get/operationId"});
}

TEST_CASE("The number of findings is bounded") {
  std::string paths = "{";
  for (int i = 0; i < 50; ++i)
    paths += "p" + std::to_string(i) + ": {}, ";
  CHECK(validate(*read_document(with_paths(paths + "}")), 10).size() == 10);
}
