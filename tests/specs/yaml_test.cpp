#include "specs/document.hpp"
#include "specs/parse.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <string>

using namespace apisync;
using namespace apisync::specs;

namespace {

result<parsed> read(std::string_view text) {
  parse_options options;
  options.name = "api.yaml";
  return parse(text, options);
}

error refusal(std::string_view text) {
  auto outcome = read(text);
  REQUIRE_FALSE(outcome);
  return outcome.error();
}

/// That the YAML text means the same as the JSON text.
void means(std::string_view yaml, std::string_view json) {
  INFO(yaml);
  const auto read_yaml = read(yaml);
  if (!read_yaml) UNSCOPED_INFO(render(read_yaml.error()));
  REQUIRE(read_yaml);
  parse_options options;
  options.format = syntax_choice::json;
  const auto read_json = parse(json, options);
  REQUIRE(read_json);
  CHECK(same_content(read_yaml->document->root(), read_json->document->root()));
}

} // namespace

TEST_CASE("Plain scalars mean what the core schema of YAML 1.2 says") {
  means("[yes, no, on, off, y, n, true, False, TRUE, ~, null, Null]",
        R"(["yes","no","on","off","y","n",true,false,true,null,null,null])");
  means("[1, -2, +3, 007, 0o17, 0x1F, 1.50, .5, 1., 1e3, -1.5E-3, 0, -0]",
        "[1, -2, 3, 7, 15, 31, 1.50, 0.5, 1, 1e3, -1.5E-3, 0, -0]");
  means(
      "[1_000, 2020-01-01, 12:30, 0b1, 1.2.3, '-', +, ., .e1, 0x, 0xZ, 1e, -a, '']",
      R"(["1_000","2020-01-01","12:30","0b1","1.2.3","-","+",".",".e1","0x","0xZ","1e","-a",""])");
  means("a:\nb: ''\nc: \"1\"\nd: !!str 1\ne: ! 2\nf: !!int \"3\"",
        R"({"a":null,"b":"","c":"1","d":"1","e":"2","f":3})");
}

TEST_CASE("Numbers that JSON cannot hold are kept as strings, with a warning") {
  const auto outcome = read("[.inf, -.INF, .nan, 0xFFFFFFFFFFFFFFFFF]");
  REQUIRE(outcome);
  CHECK(outcome->document->at("/0").text() == ".inf");
  CHECK(outcome->document->at("/3").is_string());
  CHECK(outcome->warnings.size() == 4);
  CHECK(outcome->warnings[1].where == position{1, 8});
}

TEST_CASE("Keys that are no strings become the text they are written with") {
  means("200: a\n1.0: b\ntrue: c\n~: d\n? e\n: f\n'': g\n0x10: h",
        R"({"200":"a","1.0":"b","true":"c","~":"d","e":"f","":"g","0x10":"h"})");
  CHECK(refusal("{[a]: 1}").code == errc::parse_error);
}

TEST_CASE("Aliases are written out where they are used") {
  means("a: &x {k: [1]}\nb: *x\nc: [*x, *x]",
        R"({"a":{"k":[1]},"b":{"k":[1]},"c":[{"k":[1]},{"k":[1]}]})");
  means("a: &x 1\nb: *x\nc: &x 2\nd: *x", R"({"a":1,"b":1,"c":2,"d":2})");
  means("&k key: 1\nother: {*k : 2}", R"({"key":1,"other":{"key":2}})");
  CHECK(render(refusal("a: 1\nb: *x")) == "api.yaml:2:4: the alias '*x' names no anchor before it");
}

TEST_CASE("Merge keys add what a mapping does not have itself") {
  means("a: &a {x: 1, y: 2}\nb: {<<: *a, y: 3, z: 4}",
        R"({"a":{"x":1,"y":2},"b":{"x":1,"y":3,"z":4}})");
  means("- &a {x: 1}\n- &b {x: 2, y: 2}\n- {<<: [*a, *b], w: 0}\n- {<<: {q: 1}}",
        R"([{"x":1},{"x":2,"y":2},{"x":1,"y":2,"w":0},{"q":1}])");
  means("- &a {x: 1}\n- &b {<<: *a, y: 2}\n- {<<: *b}", R"([{"x":1},{"x":1,"y":2},{"x":1,"y":2}])");
  means("'<<': 1", R"({"<<":1})");
  CHECK(refusal("<<: 1").message == "a merge key ('<<') takes a mapping or a list of mappings");
}

TEST_CASE("Block scalars keep their lines") {
  means("a: |\n  one\n  two\nb: >-\n  three\n  four\nc: \"x\\ny\\_\"",
        "{\"a\":\"one\\ntwo\\n\",\"b\":\"three four\",\"c\":\"x\\ny\\u00a0\"}");
}

TEST_CASE("Doubled quotes in single quotes are one, also several in a row and over lines") {
  means("['''', '''''', 'a''''b', 'a''b''c', '''''''x']",
        R"(["'", "''", "a''b", "a'b'c", "'''x"])");
  means("a: 'x''''\n   y  \n\n\n  z'\nb: '''''\n\n  k'", R"({"a":"x'' y\n\nz","b":"''\nk"})");
}

TEST_CASE("YAML that is indented more loosely than the standard says is read as others read it") {
  means("a:\n  b: {\n    c: 1\n  }\n  d: \"x\n  y\"\n", R"({"a":{"b":{"c":1},"d":"x y"}})");
  means("a:\n- b: [\n  1,\n  2\n  ]\n- c", R"({"a":[{"b":[1,2]},"c"]})");
}

TEST_CASE("Places are told in bytes, a member's where its name stands") {
  const auto outcome = read("\xEF\xBB\xBF# \xC3\xA9\r\na:\r\n  '\xC3\xA9\xC3\xA9': [x, y]\r\n");
  REQUIRE(outcome);
  CHECK(outcome->byte_order_mark);
  CHECK(outcome->crlf);
  CHECK(outcome->format == syntax::yaml);
  CHECK(outcome->document->at("/a").where() == position{2, 1});
  CHECK(outcome->document->at("/a/\xC3\xA9\xC3\xA9").where() == position{3, 3});
  CHECK(outcome->document->at("/a/\xC3\xA9\xC3\xA9/1").where() == position{3, 15});
}

TEST_CASE("Places in long texts are those where the words stand") {
  std::string text;
  for (std::size_t i = 0; i < 300; ++i)
    text += "k" + std::to_string(i) + ": [" + std::string(i % 37 + 1, 'x') + ", \"" +
            (i % 3 == 0 ? "\xC3\xA9\xE2\x82\xAC" : "plain") + "\", t" + std::to_string(i) + "]" +
            (i % 5 == 0 ? " # \xF0\x9F\x98\x80" : "") + (i % 7 == 0 ? "\n\n" : "\n");
  const auto outcome = read(text);
  REQUIRE(outcome);
  for (std::size_t i = 0; i < 300; ++i) {
    const auto word = "t" + std::to_string(i);
    const auto at = text.find(" " + word + "]") + 1;
    const auto line_start = text.rfind('\n', at) + 1; // npos + 1 is 0
    const auto line =
        std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '\n');
    const auto found = outcome->document->at("/k" + std::to_string(i))[2];
    REQUIRE(found.text() == word);
    REQUIRE(found.where() == position{static_cast<std::uint32_t>(line) + 1,
                                      static_cast<std::uint32_t>(at - line_start) + 1});
  }
}

TEST_CASE("A key given twice in YAML is refused and both places are named") {
  CHECK(render(refusal("a:\n  b: 1\n  c: 2\n  b: 3\n")) ==
        "api.yaml:4:3: the key 'b' is already given at line 2, column 3; keep one of the two");
  parse_options options;
  options.repeated = repeated_names::keep_last;
  const auto outcome = parse("a: 1\nb: 2\na: 3", options);
  REQUIRE(outcome);
  CHECK(outcome->document->at("/a").text() == "3");
  CHECK(outcome->warnings.size() == 1);
}

TEST_CASE("Alias bombs and circles are refused before they grow") {
  std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 40; ++i) {
    const auto before = "*a" + std::to_string(i - 1);
    bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + before;
    for (int k = 0; k < 9; ++k)
      bomb += ", " + before;
    bomb += "]\n";
  }
  const auto refused = refusal(bomb);
  CHECK(refused.code == errc::limit_exceeded);
  CHECK(refused.where.starts_with("api.yaml:"));
  CHECK(refusal("a: &a " + std::string(1 << 20, 'x') + "\nb: [" +
                [] {
                  std::string uses = "*a";
                  for (int i = 0; i < 300; ++i)
                    uses += ", *a";
                  return uses;
                }() +
                "]")
            .code == errc::limit_exceeded);
  CHECK(render(refusal("&a [*a]")) == "api.yaml:1:5: the alias '*a' lies inside what it names");
  CHECK(refusal("&a {<<: *a}").code == errc::parse_error);
}

TEST_CASE("Chains of aliases count as nesting") {
  std::string chain = "- &a0 [1]\n";
  for (int i = 1; i < 300; ++i)
    chain += "- &a" + std::to_string(i) + " [*a" + std::to_string(i - 1) + "]\n";
  CHECK(refusal(chain).code == errc::limit_exceeded);
  std::string merges = "- &a0 {x: 1}\n";
  for (int i = 1; i < 300; ++i)
    merges += "- &a" + std::to_string(i) + " {<<: *a" + std::to_string(i - 1) + "}\n";
  CHECK(refusal(merges).code == errc::limit_exceeded);
}

TEST_CASE("Broken YAML is refused with the place") {
  CHECK(refusal("a: 1\n b: 2\n").where.starts_with("api.yaml:"));
  CHECK(refusal("a: [1, 2\n").code == errc::parse_error);
  CHECK(refusal("a: \"x\n").code == errc::parse_error);
  CHECK(refusal("\ta: 1").code == errc::parse_error);
  CHECK(refusal("").message == "the document is empty");
  CHECK(refusal("# only a comment\n").message == "the document is empty");
  CHECK(refusal("a: 1\n---\nb: 2\n").where == "api.yaml:2:1");
  CHECK(render(refusal("a: @x")) ==
        "api.yaml:1:4: this is not YAML: found character that cannot start any token while "
        "scanning for the next token");
  CHECK(refusal("a: 1\n<<<<<<< ours\nb: 1\n=======\n")
            .message.ends_with("there is an unresolved merge conflict at line 2"));
  CHECK(refusal("a: \xFF").where == "api.yaml:1:4");
}

TEST_CASE("100,000 nested brackets are refused in YAML too") {
  CHECK(refusal(std::string(100'000, '[')).code == errc::limit_exceeded);
  CHECK(refusal("a: " + std::string(100'000, '[')).code == errc::limit_exceeded);
  CHECK(refusal("a: " + std::string(100'000, '{')).code == errc::limit_exceeded);
  std::string dashes;
  for (int i = 0; i < 50'000; ++i)
    dashes += "- ";
  CHECK(refusal(dashes).code == errc::limit_exceeded);
  std::string keys;
  for (int i = 0; i < 3'000; ++i)
    keys += std::string(static_cast<std::size_t>(i), ' ') + "k:\n";
  CHECK(refusal(keys).code == errc::limit_exceeded);
}

TEST_CASE("The format is told by the first character and the name") {
  const auto format = [](std::string_view text, std::string name) {
    parse_options options;
    options.name = std::move(name);
    auto outcome = parse(text, options);
    REQUIRE(outcome);
    return outcome->format;
  };
  CHECK(format("{\"a\": 1}", "http://x/spec") == syntax::json);
  CHECK(format("{\"a\": 1}", "a.yaml") == syntax::json);
  CHECK(format("{a: 1}", "a.yml") == syntax::yaml);
  CHECK(format("a: 1", "http://x/spec") == syntax::yaml);
  parse_options options;
  CHECK_FALSE(parse("{a: 1}", options));
  CHECK(parse("<!DOCTYPE html><html>", options).error().message ==
        "this is an HTML or XML page, not a specification; check the address, and whether it asks "
        "for a login");
}
