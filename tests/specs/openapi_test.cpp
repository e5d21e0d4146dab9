#include "specs/openapi.hpp"
#include "tests/support/read_document.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

using namespace apisync;
using namespace apisync::specs;
using tests::read_document;

namespace {

std::string refusal(std::string_view text) {
  const auto outcome = recognise(*read_document(text));
  REQUIRE_FALSE(outcome);
  return render(outcome.error());
}

} // namespace

TEST_CASE("OpenAPI documents of each version are recognised") {
  const auto info = recognise(*read_document(
      "{openapi: 3.0.3, info: {title: T, version: '2'}, paths: {/a: {get: {}, post: {}, "
      "parameters: []}, /b: {$ref: '#/paths/~1a'}}}"));
  REQUIRE(info);
  CHECK(*info == openapi_info{"3.0.3", "T", "2", 4});
  CHECK(recognise(*read_document("{swagger: 2.0, paths: {}}"))->version == "2.0");
  CHECK(recognise(*read_document("{openapi: 3.1.1, webhooks: {}}")));
  CHECK(recognise(*read_document("{openapi: 3.2.0, components: {}}")));
}

TEST_CASE("What is no OpenAPI document is told so, with what it seems to be") {
  CHECK(refusal("[1]") == "this is not an OpenAPI document: its top level is no object");
  CHECK(refusal("just text") == "this is not an OpenAPI document: its top level is no object");
  CHECK(refusal("a: 1") ==
        "this is not an OpenAPI document: it has neither an 'openapi' nor a 'swagger' member");
  CHECK(refusal("asyncapi: 2.0.0") == "this is an AsyncAPI document, not an OpenAPI document");
  CHECK(refusal("{error: not found}") ==
        "this seems to be an error answer of the server, not an OpenAPI document");
  CHECK(refusal("openapi: {}") ==
        "/openapi: the version of OpenAPI must be a string, such as \"3.1.0\"");
  CHECK(refusal("openapi: 4.0.0") ==
        "/openapi: OpenAPI version '4.0.0' is not known; 2.0, 3.0, 3.1 and 3.2 are");
  CHECK(refusal("{openapi: 3.0.0, components: {}}") ==
        "the document has no 'paths'; it may be cut off or be a part of a larger one");
  CHECK(refusal("{openapi: 3.0.0, paths: []}") == "/paths: 'paths' must be an object");
  CHECK_FALSE(recognise(*read_document("{openapi: 3.10.0, paths: {}}")));
}

TEST_CASE("Operations are visited in document order") {
  const auto doc = read_document("openapi: 3.2.0\n"
                                 "paths:\n"
                                 "  /b: {post: {}, summary: x, get: {}}\n"
                                 "  /a: {query: {}, additionalOperations: {COPY: {}}}\n"
                                 "  x-b: {get: 1}\n");
  std::vector<std::string> seen;
  for_each_operation(*doc, [&](std::string_view method, std::string_view path, node operation) {
    CHECK(operation.is_object());
    seen.push_back(std::string{method} + " " + std::string{path});
  });
  CHECK(seen == std::vector<std::string>{"post /b", "get /b", "query /a", "COPY /a"});
}
