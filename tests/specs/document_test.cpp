#include "specs/document.hpp"
#include "specs/parse.hpp"
#include "specs/pointer.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace apisync;
using namespace apisync::specs;

namespace {

document_ptr from(std::string_view text) {
  parse_options options;
  options.format = syntax_choice::json;
  auto outcome = parse(text, options);
  REQUIRE(outcome);
  return outcome->document;
}

} // namespace

TEST_CASE("The hash of an object does not see the order of members, that of an array does") {
  CHECK(same_content(from(R"({"a":1,"b":{"c":2,"d":3}})")->root(),
                     from(R"({"b":{"d":3,"c":2},"a":1})")->root()));
  CHECK_FALSE(same_content(from("[1,2]")->root(), from("[2,1]")->root()));
}

TEST_CASE("Different content has different hashes") {
  const char* const texts[] = {"1",     "1.0",          "\"1\"",       "null",  "true",
                               "false", "\"\"",         "[]",          "{}",    "[[]]",
                               "[1]",   R"({"1":1})",   "[1,1]",       "[[1]]", "[1,[1]]",
                               "\"a\"", R"({"a":"b"})", R"({"b":"a"})"};
  for (const auto* a : texts)
    for (const auto* b : texts) {
      INFO(a << " and " << b);
      CHECK(same_content(from(a)->root(), from(b)->root()) == (a == b));
    }
}

TEST_CASE("Members of large objects are found by name") {
  std::string text = "{";
  for (int i = 0; i < 1000; ++i)
    text += (i ? ",\"k" : "\"k") + std::to_string(i) + "\":{\"v\":" + std::to_string(i) + "}";
  const auto doc = from(text + "}");
  for (int i = 0; i < 1000; ++i) {
    const auto name = "k" + std::to_string(i);
    REQUIRE(doc->root().find(name).find("v").text() == std::to_string(i));
    REQUIRE(doc->root()[static_cast<std::size_t>(i)].key() == name);
  }
  CHECK_FALSE(doc->root().find("v"));
  CHECK_FALSE(doc->root().find("k1000"));
  CHECK(doc->node_count() == 2001);
}

TEST_CASE("A copied subtree has the content and the places of the original") {
  const auto original = from("{\"a\": [1, {\"b\": \"x\"}],\n \"c\": null}");
  document_builder builder;
  builder.begin_object();
  builder.key("wrapped");
  builder.copy(original->root());
  builder.key("element");
  builder.copy(original->at("/a/1"));
  builder.end_object();
  const auto made = builder.finish();
  CHECK(same_content(made->at("/wrapped"), original->root()));
  CHECK(made->at("/wrapped/c").where() == position{2, 2});
  CHECK(made->at("/element/b").text() == "x");
  CHECK(made->at("/element").key() == "element");
}

TEST_CASE("No node answers every question quietly") {
  const node none;
  CHECK_FALSE(none);
  CHECK(none.size() == 0);
  CHECK(none.text().empty());
  CHECK(none.key().empty());
  CHECK_FALSE(none.find("a"));
  CHECK(none.begin() == none.end());
  CHECK_FALSE(document{}.root());
  CHECK_FALSE(document{}.at("/a"));
}

TEST_CASE("JSON pointers name nodes as RFC 6901 says") {
  const auto doc = from(R"({"foo":["bar","baz"],"":0,"a/b":1,"c%d":2,"m~n":8," ":7})");
  CHECK(doc->at("") == doc->root());
  CHECK(doc->at("/foo/0").text() == "bar");
  CHECK(doc->at("/").text() == "0");
  CHECK(doc->at("/a~1b").text() == "1");
  CHECK(doc->at("/c%d").text() == "2");
  CHECK(doc->at("/m~0n").text() == "8");
  CHECK(doc->at("/ ").text() == "7");
  for (const char* wrong : {"foo", "/foo/2", "/foo/01", "/foo/-", "/m~2n", "/m~", "/foo/0/x"})
    CHECK_FALSE(doc->at(wrong));
  CHECK(escape_token("a/b~c") == "a~1b~0c");
}
