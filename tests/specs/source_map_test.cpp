#include "specs/parse.hpp"
#include "specs/source_map.hpp"
#include "specs/text_layout.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

using namespace apisync::specs;

namespace {

std::vector<std::string> words(std::string_view text, syntax format) {
  const auto map = map_source(text, format);
  REQUIRE(map);
  std::vector<std::string> found;
  for (const auto& span : map->spans)
    found.emplace_back(text.substr(span.begin, span.end - span.begin));
  return found;
}

std::vector<std::string> children(std::string_view text) {
  const auto map = map_source(text, syntax::yaml);
  REQUIRE(map);
  const auto root = lay_out(text, *map, 0, 0);
  REQUIRE(root);
  std::vector<std::string> found;
  for (const auto& child : root->children)
    found.emplace_back(text.substr(child.begin, child.end - child.begin));
  return found;
}

using list = std::vector<std::string>;

} // namespace

TEST_CASE("every value and name of JSON is found with its brackets and quotes") {
  CHECK(words(R"({ "a\"" : [1, -2.5e3 ,true], "b":{} })", syntax::json) ==
        list{R"({ "a\"" : [1, -2.5e3 ,true], "b":{} })", R"("a\"")", "[1, -2.5e3 ,true]", "1",
             "-2.5e3", "true", R"("b")", "{}"});
  CHECK_FALSE(map_source("", syntax::json));
}

TEST_CASE("a block of YAML ends with its last content, not where the next thing begins") {
  CHECK(words("a:\n  b: 1 # one\n\n# about c\nc: [x, y]\n", syntax::yaml) ==
        list{"a:\n  b: 1 # one\n\n# about c\nc: [x, y]", "a", "b: 1", "b", "1", "c", "[x, y]", "x",
             "y"});
  CHECK(words("a: |\n  x\n\n  y\n\n\nb: |+\n  z\n\nc: ''\n", syntax::yaml) ==
        list{"a: |\n  x\n\n  y\n\n\nb: |+\n  z\n\nc: ''", "a", "|\n  x\n\n  y", "b", "|+\n  z\n",
             "c", "''"});
  CHECK(words("é: \"ü\" # ö\nб:\n- и\n", syntax::yaml) ==
        list{"é: \"ü\" # ö\nб:\n- и", "é", "\"ü\"", "б", "- и", "и"});
}

TEST_CASE("aliases know the anchor that they mean, the last of its name before them") {
  const std::string_view text = "a: &x 1\nb: *x\nc: &x {d: 2}\ne: *x\n";
  const auto map = map_source(text, syntax::yaml);
  REQUIRE(map);
  REQUIRE(map->aliases.size() == 2);
  CHECK(map->aliases[0].target == 2);
  CHECK(map->aliases[1].target == 6);
  CHECK(map->target_of(map->aliases[1].span) == 6);
  CHECK(map->has_anchor(1, 3));
  CHECK_FALSE(map->has_anchor(3, 6));
  CHECK(map->has_alias(4, 5));
  REQUIRE(map->anchors.size() == 2);
  CHECK(map->anchors[1].name == "x");
}

TEST_CASE("comments belong to what they stand beside or inside") {
  CHECK(children(
            "# head\na: 1 # one\n# about b\nb:\n  c: 2\n  # d: 3\n\n  # e: 4\n# about f\nf: 5") ==
        list{"a: 1 # one", "b:\n  c: 2\n  # d: 3\n\n  # e: 4", "f: 5"});
  CHECK(children("# head\n- 1\n-   a: 2\n    b: 3\n-\n  c: 4\n- - 5\n- # none\n") ==
        list{"- 1", "-   a: 2\n    b: 3", "-\n  c: 4", "- - 5", "- # none"});
}

TEST_CASE("comments above a name are its own up to the blank line above them") {
  CHECK(attached_comments("\n  ") == 0);
  CHECK(attached_comments("\n\n  ") == 1);
  CHECK(attached_comments("\n# a\n# b\n  ") == 0);
  CHECK(attached_comments("\n# a\n\n# b\n  ") == 5);
  CHECK(attached_comments("\r\n# a\r\n\r\n# b\r\n  ") == 7);
}

TEST_CASE("layouts that are not worth keeping are told apart") {
  for (const std::string_view text : {"{a, b: 1}", "{? a : 1}"}) {
    const auto map = map_source(text, syntax::yaml);
    REQUIRE(map);
    INFO(text);
    CHECK_FALSE(lay_out(text, *map, 0, 0));
  }
}
