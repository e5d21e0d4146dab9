#include "specs/i_regexp.hpp"
#include "specs/json_path.hpp"
#include "tests/specs/text_document.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

using namespace apisync;
using namespace apisync::specs;
using testing::doc;
using testing::text;

namespace {

using strings = std::vector<std::string>;

strings selected(const document_ptr& from, std::string_view path) {
  const auto parsed = json_path::parse(path);
  if (!parsed) return {"no path: " + render(parsed.error())};
  const auto found = parsed->select(from->root());
  REQUIRE(found);
  strings told;
  for (const auto& match : *found)
    told.push_back(text(match.value));
  return told;
}

strings pointers(const document_ptr& from, std::string_view path) {
  const auto parsed = json_path::parse(path);
  REQUIRE(parsed);
  const auto found = parsed->select(from->root());
  REQUIRE(found);
  strings told;
  for (const auto& match : *found) {
    told.push_back(pointer_to(from->root(), match));
    CHECK(from->at(told.back()) == match.value);
  }
  return told;
}

bool is_path(std::string_view path) {
  return json_path::parse(path).has_value();
}

bool holds(const std::string& document, const std::string& filter) {
  return !selected(doc("[" + document + "]"), "$[?" + filter + "]").empty();
}

} // namespace

TEST_CASE("Names, wildcards, indexes and slices select children") {
  const auto o = doc("{'o':{'j j':{'k.k':3}},'a':[0,1,2,3,4,5,6]}");
  CHECK(selected(o, "$") == strings{text(o)});
  CHECK(selected(o, "$.o['j j']") == strings{"{'k.k':3}"});
  CHECK(selected(o, "$[\"o\"][\"j j\"]['k.k']") == strings{"3"});
  CHECK(selected(o, "$.a[1]") == strings{"1"});
  CHECK(selected(o, "$.a[-2]") == strings{"5"});
  CHECK(selected(o, "$.a[7]").empty());
  CHECK(selected(o, "$.a.x").empty());
  CHECK(selected(o, "$.o[0]").empty());
  CHECK(selected(o, "$.a[1:3]") == strings{"1", "2"});
  CHECK(selected(o, "$.a[5:]") == strings{"5", "6"});
  CHECK(selected(o, "$.a[1:5:2]") == strings{"1", "3"});
  CHECK(selected(o, "$.a[5:1:-2]") == strings{"5", "3"});
  CHECK(selected(o, "$.a[::-1]") == strings{"6", "5", "4", "3", "2", "1", "0"});
  CHECK(selected(o, "$.a[1:3:0]").empty());
  CHECK(selected(o, "$.a[-100:2]") == strings{"0", "1"});
  CHECK(selected(o, "$.a[0,0,'x',2:4]") == strings{"0", "0", "2", "3"});
  CHECK(selected(o, "$ [ 'a' ] [ 0 , 1 ]") == strings{"0", "1"});
  CHECK(selected(doc("{'a':1,'b':[2]}"), "$.*") == strings{"1", "[2]"});
}

TEST_CASE("Descendants come parents first") {
  const auto o = doc("{'o':{'j':1,'k':2},'a':[5,3,[{'j':4},{'k':6}]]}");
  CHECK(selected(o, "$..j") == strings{"1", "4"});
  CHECK(selected(o, "$..[0]") == strings{"5", "{'j':4}"});
  CHECK(selected(o, "$.a..[0,1]") == strings{"5", "3", "{'j':4}", "{'k':6}"});
  CHECK(selected(o, "$..*").size() == 11);
  CHECK(pointers(o, "$..k") == strings{"/o/k", "/a/2/1/k"});
}

TEST_CASE("Filters compare values as RFC 9535 says") {
  CHECK(holds("{'a':1}", "@.a == 1"));
  CHECK(holds("{'a':1.0}", "@.a == 1"));
  CHECK(holds("{'a':100}", "@.a==1e2"));
  CHECK_FALSE(holds("{'a':'1'}", "@.a == 1"));
  CHECK(holds("{'a':'b'}", "@.a < 'c'"));
  CHECK_FALSE(holds("{'a':'b'}", "@.a < 1"));
  CHECK_FALSE(holds("{'a':true}", "@.a <= false"));
  CHECK(holds("{'a':true}", "@.a <= true"));
  CHECK(holds("{'a':null}", "@.a == null"));
  CHECK_FALSE(holds("{}", "@.a == null"));
  CHECK(holds("{}", "@.a == @.b"));
  CHECK_FALSE(holds("{}", "@.a < 1"));
  CHECK(holds("{}", "@.a != 1"));
  CHECK(holds("{'a':[1,{'x':2}],'b':[1.0,{'x':2}]}", "@.a == @.b"));
  CHECK(holds("{'a':{'x':1,'y':2},'b':{'y':2,'x':1}}", "@.a == @.b"));
  CHECK_FALSE(holds("{'a':[1],'b':[1]}", "@.a < @.b"));
  CHECK(holds("{'a':[1],'b':[1]}", "@.a <= @.b"));
}

TEST_CASE("Filters test what exists, and combine") {
  const auto o = doc("[{'a':1},{'a':null},{'b':2},{'a':1,'b':2}]");
  CHECK(pointers(o, "$[?@.a]") == strings{"/0", "/1", "/3"});
  CHECK(pointers(o, "$[?!@.a]") == strings{"/2"});
  CHECK(pointers(o, "$[?@.a && @.b]") == strings{"/3"});
  CHECK(pointers(o, "$[?@.b || @.a == null && !@.b]") == strings{"/1", "/2", "/3"});
  CHECK(pointers(o, "$[?!(@.a || @.b == 2)]").empty());
  CHECK(pointers(o, "$[?@.a == $[0].a]") == strings{"/0", "/3"});
  CHECK(pointers(o, "$[?@[?@ == 2]]") == strings{"/2", "/3"});
  CHECK(selected(doc("{'p':[1,5,9]}"), "$.p[?@>1,?@<9]") == strings{"5", "9", "1", "5"});
}

TEST_CASE("Functions count, measure and match") {
  CHECK(holds("{'a':'häß'}", "length(@.a) == 3"));
  CHECK(holds("{'a':[1,2]}", "length(@.a) == 2"));
  CHECK(holds("{'a':{'x':1}}", "length(@.a) == 1"));
  CHECK_FALSE(holds("{'a':12}", "length(@.a) == 2"));
  CHECK(holds("{'a':[1,2,3]}", "count(@.a[*]) == 3"));
  CHECK(holds("{'a':[1]}", "value(@.a[*]) == 1"));
  CHECK_FALSE(holds("{'a':[1,1]}", "value(@.a[*]) == 1"));
  CHECK(holds("{'a':'1974-05-11'}", "match(@.a, '1974-05-..')"));
  CHECK_FALSE(holds("{'a':'x1974-05-11'}", "match(@.a, '1974-05-..')"));
  CHECK(holds("{'a':'x1974-05-11'}", "search(@.a, '1974-05-..')"));
  CHECK(holds("{'a':'b','p':'[a-c]'}", "match(@.a, @.p)"));
  CHECK_FALSE(holds("{'a':1}", "match(@.a, '.*')"));
  CHECK_FALSE(holds("{'a':'('}", "match(@.a, '(')"));
  CHECK(holds("{'a':'('}", "!match(@.a, '(')"));
}

TEST_CASE("What is no path is refused with the column") {
  for (const auto* const wrong : {"",
                                  "a",
                                  "$a",
                                  "$.",
                                  "$..",
                                  "$[",
                                  "$[]",
                                  "$['a",
                                  "$[01]",
                                  "$[-0]",
                                  "$[1.0]",
                                  "$[9007199254740992]",
                                  "$ ",
                                  " $",
                                  "$.1a",
                                  "$.a b",
                                  "$[a]",
                                  "$['\\x']",
                                  "$['\\ud800']",
                                  "$['\"\\\"']",
                                  "$[?]",
                                  "$[?@.a ==]",
                                  "$[?1]",
                                  "$[?'a']",
                                  "$[?true]",
                                  "$[?@.* == 1]",
                                  "$[?@..a == 1]",
                                  "$[?length(@.*) == 1]",
                                  "$[?length(@.a)]",
                                  "$[?match(@.a, 'a') == true]",
                                  "$[?count(1) == 1]",
                                  "$[?foo(@)]",
                                  "$[?length(@.a, 1) == 1]",
                                  "$[?(@.a]",
                                  "$[?@.a = 1]",
                                  "$[?@.a === 1]",
                                  "$[?!@.a == 1]",
                                  "$[?length (@.a) == 1]",
                                  "$[?@.a == 01]",
                                  "$[1:2:3:4]",
                                  "$..  .a"}) {
    INFO(wrong);
    CHECK_FALSE(is_path(wrong));
  }
  CHECK(json_path::parse("$.a[?@.b = 1]").error().where == "column 10");
}

TEST_CASE("Unusual paths are paths") {
  for (const auto* const right : {"$[' ']",
                                  "$['\\u00e4']",
                                  "$['\\ud83d\\ude00']",
                                  "$.ä_1",
                                  "$['\\'']",
                                  "$[\"'\"]",
                                  "$[?@]",
                                  "$[?$]",
                                  "$[?(@.a)]",
                                  "$[?((@.a == 1))]",
                                  "$[?@.a==-0]",
                                  "$[?@.a==1.5e-3]",
                                  "$\n.a\t[0]",
                                  "$[ : : ]",
                                  "$[?@['a'][0]==1]",
                                  "$[?!(@.a)]",
                                  "$[?length(value(@..a))>1]",
                                  "$[?@.a==1||@.b&&@.c]",
                                  "$..*",
                                  "$..[*]"}) {
    INFO(right);
    CHECK(is_path(right));
  }
  CHECK(selected(doc("{'ä':1}"), "$['\\u00e4']") == strings{"1"});
  CHECK(selected(doc("{'😀':1}"), "$['\\ud83d\\ude00']") == strings{"1"});
}

TEST_CASE("Paths are bounded") {
  std::string nested = "$";
  for (int i = 0; i < 100; ++i)
    nested += "[?@";
  for (int i = 0; i < 100; ++i)
    nested += "]";
  CHECK_FALSE(is_path(nested));
  CHECK_FALSE(is_path("$" + std::string(20'000, '.')));
  std::string parentheses = "$[?" + std::string(1000, '(') + "@" + std::string(1000, ')') + "]";
  CHECK_FALSE(is_path(parentheses));
  std::string list = "[0";
  for (int i = 0; i < 1000; ++i)
    list += ",0";
  const auto many = doc(list + "]");
  const auto path = json_path::parse("$[?count($[?count($.*) > 0]) > 0]");
  REQUIRE(path);
  const auto stopped = path->select(many->root(), {.steps = 100'000, .matches = 1000});
  REQUIRE_FALSE(stopped);
  CHECK(stopped.error().code == errc::limit_exceeded);
  CHECK_FALSE(json_path::parse("$.*")->select(many->root(), {.steps = 1'000'000, .matches = 10}));
  CHECK(json_path::parse("$.*")->select(many->root(), {.steps = 1'000'000, .matches = 1001}));
}

TEST_CASE("Expressions on long texts count as steps") {
  const auto long_text = doc("[{'a':'" + std::string(100'000, 'x') + "'}]");
  const auto path = json_path::parse("$[?match(@.a, '(x{0,100}){0,50}')]");
  REQUIRE(path);
  CHECK_FALSE(path->select(long_text->root()));
  CHECK(json_path::parse("$[?match(@.a, 'x*')]")->select(long_text->root())->size() == 1);
}

TEST_CASE("Regular expressions of RFC 9485") {
  const auto matches = [](std::string_view pattern, std::string_view whole) {
    const auto parsed = i_regexp::parse(pattern);
    return parsed && parsed->matches(whole);
  };
  CHECK(matches("a|bc|", "bc"));
  CHECK(matches("a|bc|", ""));
  CHECK(matches("(ab)*c", "ababc"));
  CHECK(matches("a{2,3}", "aaa"));
  CHECK_FALSE(matches("a{2,3}", "aaaa"));
  CHECK(matches("a{2}", "aa"));
  CHECK(matches("a{2,}b?", "aaaa"));
  CHECK(matches("[^a-c-]+", "xyz"));
  CHECK_FALSE(matches("[^a-c-]+", "x-z"));
  CHECK(matches("[-a]", "-"));
  CHECK(matches("[a\\]\\n]+", "a]\n"));
  CHECK(matches(".", "ä"));
  CHECK_FALSE(matches(".", "\n"));
  CHECK(matches("\\.\\*", ".*"));
  CHECK(matches("a$^", "a$^")); // no anchors: these are characters
  for (const auto* const wrong : {"(", "a)", "[", "[]", "[b-a]", "a**", "a{3,2}", "*", "\\d",
                                  "\\p{L}", "[a-b-c]", "a{99999}", "(?:a)"}) {
    INFO(wrong);
    CHECK_FALSE(i_regexp::parse(wrong));
  }
  std::string hostile(5000, 'a');
  CHECK_FALSE(matches("(a*)*(a*)*(a*)*b", hostile)); // in time proportional to the text
}
