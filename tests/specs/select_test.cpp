#include "specs/openapi.hpp"
#include "specs/print.hpp"
#include "specs/select.hpp"
#include "tests/support/read_document.hpp"

#include <catch2/catch.hpp>

using namespace apisync;
using namespace apisync::specs;
using tests::read_document;

namespace {

document_ptr sample() {
  return read_document("{openapi: 3.0.0, paths: {/pets: {get: {tags: [a]}, post: {tags: [b]}, "
                       "summary: s}, '/pets/{id}': {get: {tags: [a, b]}}, /users: {get: {}}, "
                       "x-n: 1}, components: {schemas: {P: {}}}}");
}

std::string paths_with(selection chosen) {
  return to_json(select(sample(), chosen)->at("/paths"));
}

} // namespace

TEST_CASE("A selection that drops nothing gives the document itself") {
  const auto doc = sample();
  CHECK(select(doc, {}) == doc);
  CHECK(select(doc, {.include_paths = {"/**"}}) == doc);
}

TEST_CASE("Operations are chosen by path, method and tag") {
  CHECK(paths_with({.include_paths = {"/pets"}}) ==
        R"({"/pets":{"get":{"tags":["a"]},"post":{"tags":["b"]},"summary":"s"},"x-n":1})");
  CHECK(paths_with({.include_paths = {"/pets/**"}, .exclude_paths = {"/pets"}}) ==
        R"({"/pets/{id}":{"get":{"tags":["a","b"]}},"x-n":1})");
  CHECK(paths_with({.methods = {"POST"}}) ==
        R"({"/pets":{"post":{"tags":["b"]},"summary":"s"},"x-n":1})");
  CHECK(paths_with({.include_tags = {"a"}, .exclude_tags = {"b"}}) ==
        R"({"/pets":{"get":{"tags":["a"]},"summary":"s"},"x-n":1})");
  CHECK(paths_with({.include_paths = {"/none"}}) == R"({"x-n":1})");
  CHECK(select(sample(), {.methods = {"put"}})->at("/components/schemas/P"));
}

TEST_CASE("Operations are chosen by operation id and by extension") {
  const auto doc = read_document(
      "{openapi: 3.0.0, paths: {/a: {get: {operationId: getA}, put: {operationId: putA, "
      "x-internal: true}, post: {x-internal: false}}, /b: {x-internal: true, get: {operationId: "
      "getB}, put: {operationId: adminB, x-internal: false, x-audience: [partner, 7]}}}}");
  const auto chosen = [&](const selection& by) {
    std::string out;
    for_each_operation(*select(doc, by), [&](auto method, auto path, node) {
      out.append(out.empty() ? "" : " ").append(method).append(path);
    });
    return out;
  };
  CHECK(chosen({.include_operation_ids = {"get*"}}) == "get/a get/b");
  CHECK(chosen({.include_operation_ids = {"*A", "adminB"}, .exclude_operation_ids = {"put?"}}) ==
        "get/a put/b");
  CHECK(chosen({.exclude_extensions = {"x-internal"}}) == "get/a post/a put/b");
  CHECK(chosen({.include_extensions = {"x-internal"}}) == "put/a get/b");
  CHECK(chosen({.include_extensions = {"x-internal=false"}}) == "post/a put/b");
  CHECK(chosen({.include_extensions = {"x-audience=partner"}}) == "put/b");
  CHECK(chosen({.include_extensions = {"x-audience=7", "x-internal"},
                .exclude_extensions = {"x-audience=nobody"}}) == "put/a get/b put/b");
  CHECK(chosen({.include_extensions = {"x-audience="}}).empty());
}

TEST_CASE("Globs match within a segment, and over segments with two stars") {
  CHECK(matches_glob("/a/b", "/a/b"));
  CHECK(matches_glob("/a/b", "/a/*"));
  CHECK(matches_glob("/a/b", "/*/?"));
  CHECK(matches_glob("/a/b/c", "/a/**"));
  CHECK(matches_glob("/a", "/a/**"));
  CHECK(matches_glob("/a/b/c", "**/c"));
  CHECK(matches_glob("/a/bxc/d", "/a/b*c/d"));
  CHECK(matches_glob("/a/b/c/d/e", "/a/**/d/*"));
  CHECK(matches_glob("/v1/pets/1", "/v*/**"));
  CHECK_FALSE(matches_glob("/a/b/c", "/a/*"));
  CHECK_FALSE(matches_glob("/ab", "/a/**"));
  CHECK_FALSE(matches_glob("/a/b", "/a?b"));
  CHECK_FALSE(matches_glob("/a/b", "/a"));
  CHECK_FALSE(matches_glob("", "/"));
  CHECK_FALSE(matches_glob(std::string(5000, 'a'), "*a*a*a*a*a*a*a*a*a*a*b"));
}
