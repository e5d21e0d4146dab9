#include "specs/document.hpp"
#include "specs/parse.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace apisync;
using namespace apisync::specs;

namespace {

result<parsed> read(std::string_view text) {
  parse_options options;
  options.name = "api.json";
  return parse(text, options);
}

error refusal(std::string_view text) {
  auto outcome = read(text);
  REQUIRE_FALSE(outcome);
  return outcome.error();
}

std::string nested(std::size_t depth) {
  return std::string(depth, '[') + "1" + std::string(depth, ']');
}

} // namespace

TEST_CASE("JSON is read into a tree that keeps order, number text and positions") {
  const auto outcome =
      read("{\"b\": [1.10, -2e3],\n  \"a\": {\"t\": true, \"f\": false, \"n\": null, "
           "\"s\": \"x\\u00e9\\n\\ud83d\\ude00\"}}");
  REQUIRE(outcome);
  const auto root = outcome->document->root();
  CHECK(root[0].key() == "b");
  CHECK(root[0][0].text() == "1.10");
  CHECK(root[0][1].text() == "-2e3");
  CHECK(root[0][1].where() == position{1, 14});
  CHECK(root.find("a").where() == position{2, 3});
  CHECK(root.find("a").find("t").boolean());
  CHECK_FALSE(root.find("a").find("f").boolean());
  CHECK(root.find("a").find("n").is(kind::null));
  CHECK(root.find("a").find("s").text() == "x\xC3\xA9\n\xF0\x9F\x98\x80");
  CHECK(outcome->document->at("/a/s") == root.find("a").find("s"));
  CHECK_FALSE(outcome->document->at("/a/x"));
}

TEST_CASE("Broken JSON is refused with the place and what is expected there") {
  CHECK(render(refusal("{\"a\": 1,\n \"b\" 2}")) == "api.json:2:6: '2' where ':' is expected");
  CHECK(render(refusal("[1 2]")) == "api.json:1:4: '2' where ',' or ']' is expected");
  CHECK(render(refusal("[1,]")) == "api.json:1:4: ']' where a value is expected");
  CHECK(render(refusal("{} x")) == "api.json:1:4: 'x' where the end of the document is expected");
  CHECK(render(refusal("")) == "api.json:1:1: the document is empty");
  CHECK(render(refusal(" \n ")) == "api.json:2:2: the document is empty");
  CHECK(render(refusal("{\"a\": [1")) ==
        "api.json:1:9: the text ends where ',' or ']' is expected; it may be cut off");
  CHECK(refusal("[\"abc").where == "api.json:1:2");
  CHECK(refusal("[\"a\nb\"]").where == "api.json:1:4");
  CHECK(refusal("[\"a\\qb\"]").where == "api.json:1:4");
  for (const char* text : {"[01]", "[1.]", "[-]", "[.5]", "[+1]", "[1e]", "[tru]", "[nulL]",
                           "{a:1}", "{'a':1}", "[\"\\ud800\"]", "[\"\\ud800\\u0041\"]",
                           "[\"\\u12g4\"]", "]", "{\"a\":}", "{,}", "[NaN]", "{\"a\":1,}"}) {
    INFO(text);
    CHECK(refusal(text).code == errc::parse_error);
  }
}

TEST_CASE("A key given twice is refused and both places are named") {
  CHECK(render(refusal("{\"a\": 1,\n \"b\": {\"x\": 1, \"y\": 2, \"x\": 3}}")) ==
        "api.json:2:24: the key 'x' is already given at line 2, column 8; keep one of the two");
  parse_options options;
  options.repeated = repeated_names::keep_last;
  const auto outcome = parse("{\"a\": 1, \"b\": 2, \"a\": 3}", options);
  REQUIRE(outcome);
  CHECK(outcome->document->root().size() == 2);
  CHECK(outcome->document->at("/a").text() == "3");
  CHECK(outcome->warnings.size() == 1);
}

TEST_CASE("Nesting, nodes, bytes and keys over the limit are refused, not followed") {
  CHECK(read(nested(200)));
  CHECK(refusal(nested(201)).code == errc::limit_exceeded);
  const auto deep = refusal(std::string(100'000, '['));
  CHECK(deep.code == errc::limit_exceeded);
  CHECK(deep.where == "api.json:1:201");

  parse_options options;
  options.max_nodes = 3;
  CHECK(parse("[1,2]", options));
  CHECK(parse("[1,2,3]", options).error().code == errc::limit_exceeded);
  options = {};
  options.max_bytes = 4;
  CHECK(parse("[10]", options));
  CHECK(parse("[100]", options).error().code == errc::limit_exceeded);
  options = {};
  options.max_key_bytes = 2;
  CHECK(parse("{\"ab\":1}", options));
  CHECK(parse("{\"abc\":1}", options).error().code == errc::limit_exceeded);
}

TEST_CASE("Text that is not UTF-8 is refused where it breaks") {
  CHECK(refusal("{\"a\":\n \"\xC3(\"}").where == "api.json:2:3");
  for (const char* bytes : {"\xFF", "\xC0\x80", "\xED\xA0\x80", "\xF5\x80\x80\x80", "\xE2\x82"}) {
    const auto problem = refusal("[\"" + std::string{bytes} + "\"]");
    CHECK(problem.where == "api.json:1:3");
    CHECK(problem.message == "the text is not UTF-8; save the document in UTF-8");
  }
}

TEST_CASE("A byte order mark and CR LF are taken and told") {
  const auto outcome = read("\xEF\xBB\xBF{\r\n\"a\": 1\r\n}\r\n");
  REQUIRE(outcome);
  CHECK(outcome->byte_order_mark);
  CHECK(outcome->crlf);
  CHECK(outcome->document->at("/a").where() == position{2, 1});
}
