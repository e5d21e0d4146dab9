#include "specs/parse.hpp"
#include "specs/print.hpp"
#include "tests/support/corpus.hpp"
#include "tests/support/random_document.hpp"

#include <catch2/catch.hpp>

#include <fstream>
#include <iterator>
#include <string>

using namespace apisync;
using namespace apisync::specs;

namespace {

document_ptr read(const std::string& text, syntax_choice format) {
  parse_options options;
  options.format = format;
  options.repeated = repeated_names::keep_last;
  auto outcome = parse(text, options);
  if (!outcome) FAIL(render(outcome.error()) << "\n" << text);
  return outcome->document;
}

/// Order, number spelling and all: the compact print of what the print reads as is the same.
void comes_back(const document& doc) {
  const auto compact = to_json(doc.root());
  INFO(compact);
  CHECK(to_json(read(compact, syntax_choice::json)->root()) == compact);
  CHECK(to_json(read(to_json(doc.root(), 2), syntax_choice::json)->root()) == compact);
  const auto yaml = to_yaml(doc.root());
  INFO(yaml);
  CHECK(to_json(read(yaml, syntax_choice::yaml)->root()) == compact);
}

std::string yaml_of(const std::string& json) {
  return to_yaml(read(json, syntax_choice::json)->root());
}

} // namespace

TEST_CASE("JSON is printed compact or indented") {
  const auto doc =
      read("{ \"a\" : [ 1 , {} , [] , {\"b\":null} ], \"c\": \"\\u0001\\n\\\"\\u00e9\" }",
           syntax_choice::json);
  CHECK(to_json(doc->root()) == "{\"a\":[1,{},[],{\"b\":null}],\"c\":\"\\u0001\\n\\\"\xC3\xA9\"}");
  CHECK(to_json(doc->at("/a"), 2) == "[\n  1,\n  {},\n  [],\n  {\n    \"b\": null\n  }\n]");
}

TEST_CASE("YAML is printed in blocks, with quotes only where they are needed") {
  CHECK(yaml_of(R"({"openapi":"3.0.3","info":{"title":"a: b","version":"1.0"},
      "tags":[{"name":"x","on":true},["y","z"],[]],"paths":{},"200":"it's #1","m":1.10,"s":"1"})") ==
        "openapi: 3.0.3\n"
        "info:\n"
        "  title: 'a: b'\n"
        "  version: '1.0'\n"
        "tags:\n"
        "  - name: x\n"
        "    'on': true\n"
        "  - - 'y'\n"
        "    - z\n"
        "  - []\n"
        "paths: {}\n"
        "'200': 'it''s #1'\n"
        "m: 1.10\n"
        "s: '1'\n");
}

TEST_CASE("Texts of several lines are printed as literal blocks where that is safe") {
  CHECK(yaml_of(R"({"a":"one\n\n  two\n","b":["x\ny"],"c":"x\n\n","d":" x\ny","e":"x\r\ny"})") ==
        "a: |\n  one\n\n    two\nb:\n  - |-\n    x\n    y\nc: |+\n  x\n\n"
        "d: \" x\\ny\"\ne: \"x\\r\\ny\"\n");
}

TEST_CASE("Keys longer than YAML allows for simple keys come back") {
  document_builder builder;
  builder.begin_object();
  builder.key(std::string(2000, 'k'));
  builder.begin_array();
  builder.begin_object();
  builder.key(std::string(3000, 'j') + "\n");
  builder.string("v");
  builder.key("l");
  builder.null();
  builder.end_object();
  builder.end_array();
  builder.end_object();
  comes_back(*builder.finish());
}

TEST_CASE("What is printed reads back as the same document") {
  tests::random_document source{20240229};
  for (int i = 0; i < 3000; ++i)
    comes_back(*source.make());
}

TEST_CASE("Real documents come back from both prints") {
  const auto folder = tests::corpus();
  if (!folder) return;
  std::size_t count = 0;
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator{*folder / "compatibility"}) {
    const auto ending = entry.path().extension();
    if (ending != ".json" && ending != ".yaml" && ending != ".yml") continue;
    std::ifstream file{entry.path()};
    const std::string text{std::istreambuf_iterator<char>{file}, {}};
    parse_options options;
    options.name = entry.path().string();
    options.repeated = repeated_names::keep_last;
    const auto outcome = parse(text, options);
    INFO(options.name);
    if (!outcome) UNSCOPED_INFO(render(outcome.error()));
    REQUIRE(outcome);
    comes_back(*outcome->document);
    ++count;
  }
  CHECK(count > 100);
}
