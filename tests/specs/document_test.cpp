#include "specs/document.hpp"
#include "specs/parse.hpp"
#include "specs/pointer.hpp"
#include "specs/print.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <string>
#include <vector>

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
  const char* const texts[] = {"1",
                               "1.0",
                               "\"1\"",
                               "null",
                               "true",
                               "false",
                               "\"\"",
                               "[]",
                               "{}",
                               "[[]]",
                               "[1]",
                               R"({"1":1})",
                               "[1,1]",
                               "[[1]]",
                               "[1,[1]]",
                               "\"a\"",
                               R"({"a":"b"})",
                               R"({"b":"a"})",
                               R"("aaaaaaaab")",
                               R"("aaaaaaaaa")",
                               R"("aaaaaaaaaa")",
                               R"("aaaaaaa")",
                               R"("aaaaaaaa")",
                               R"("aaaa")",
                               R"("aaa")"};
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

TEST_CASE("Members are found by name in objects of every size, and their places told") {
  for (std::size_t size = 0; size < 40; ++size) {
    std::string text = "{";
    for (std::size_t i = 0; i < size; ++i) // names of 1 to 40 bytes, some with the same ends
      text += (i > 0 ? ",\"" : "\"") + std::string(i, 'n') + "k\":" + std::to_string(i);
    const auto doc = from(text + "}");
    for (std::size_t i = 0; i < size; ++i)
      REQUIRE(doc->root().index_of(std::string(i, 'n') + "k") == i);
    CHECK_FALSE(doc->root().index_of("n"));
    CHECK_FALSE(doc->root().find(std::string(size, 'n') + "k"));
  }
  const auto doc = from(R"({"a":1,"bb":2,"abcdefgh":3,"abcdefgi":4,"abcdefghijklmnop":5,)"
                        R"("abcdefghijklmnoq":6,"abcdefghijklmnopq":7,"":8})");
  for (std::size_t i = 0; i < doc->root().size(); ++i) {
    CHECK(doc->root().index_of(doc->root()[i].key()) == i);
    CHECK(doc->root().find(doc->root()[i].key()) == doc->root()[i]);
  }
}

TEST_CASE("The references within a node are found at any depth, and none outside it") {
  const auto doc = from(R"({"a":{"$ref":"1","b":[{"c":{"$ref":"2"}},{"$ref":3}]},)"
                        R"("d":[[],{},{"e":{"$ref":"4"}},"$ref"],"$ref":"5","f":{"g":0}})");
  const auto within = [](node of) {
    std::string all;
    CHECK_FALSE(of.any_reference([&](node reference) {
      all += reference.text();
      return false;
    }));
    std::sort(all.begin(), all.end());
    return all;
  };
  CHECK(within(doc->root()) == "1245");
  CHECK(within(doc->at("/a")) == "12");
  CHECK(within(doc->at("/a/b")) == "2");
  CHECK(within(doc->at("/a/b/1")).empty());
  CHECK(within(doc->at("/d")) == "4");
  CHECK(within(doc->at("/d/2/e")) == "4");
  CHECK(within(doc->at("/f")).empty());
  CHECK(within(doc->at("/a/$ref")).empty());
  CHECK(within({}).empty());
  CHECK(doc->root().any_reference([](node reference) { return reference.text() == "4"; }));
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

TEST_CASE("Copies of every part of a document are as good as the part read anew") {
  std::string text = R"({"z":[],"a":{"$ref":"x","b":[{"$ref":"y"},1.10,null,true,{}]},"many":{)";
  for (int i = 0; i < 40; ++i)
    text += "\"k" + std::to_string(i) + "\":{\"$ref\":\"r" + std::to_string(i) + "\"},";
  text += R"("inner":{)";
  for (int i = 40; i > 0; --i)
    text += "\"k" + std::to_string(i) + "\":[\"" + std::to_string(i) + "\"],";
  const auto original = from(text + R"("last":0}}})");
  std::vector<node> parts{original->root()};
  for (std::size_t i = 0; i < parts.size(); ++i)
    for (const auto child : parts[i])
      parts.push_back(child);
  for (const auto part : parts) {
    document_builder builder;
    builder.begin_array();
    builder.string("first");
    builder.copy(part);
    builder.copy(part);
    builder.end_array();
    const auto copied = builder.finish();
    const auto printed = to_json(part);
    const auto anew = from("[\"first\"," + printed + "," + printed + "]");
    REQUIRE(to_json(copied->root()) == to_json(anew->root()));
    REQUIRE(same_content(copied->root(), anew->root()));
    REQUIRE(copied->node_count() == anew->node_count());
    for (const auto second : {copied->root()[1], copied->root()[2]}) {
      REQUIRE(second.where() == part.where());
      for (std::size_t i = 0; i < part.size(); ++i) {
        REQUIRE(second[i].where() == part[i].where());
        if (part.is_object()) REQUIRE(second.index_of(part[i].key()) == i);
      }
    }
    const auto references = [](node of) {
      std::size_t count = 0;
      of.any_reference([&](node each) {
        count += each.key() == "$ref" && each.is_string() ? 1 : 1000;
        return false;
      });
      return count;
    };
    REQUIRE(references(copied->root()) == 2 * references(part));
    REQUIRE(references(copied->root()[2]) == references(part));
  }
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
