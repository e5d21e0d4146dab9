#include "specs/diff.hpp"
#include "specs/diff_sequence.hpp"
#include "tests/specs/text_document.hpp"

#include <catch2/catch.hpp>

#include <random>

using namespace apisync::specs;
using namespace apisync::specs::testing;

namespace {

/// `added /a`, `changed /b (/c)` where the old place has another pointer.
std::vector<std::string> told(const std::string& before, const std::string& after) {
  const auto a = doc(before);
  const auto b = doc(after);
  std::vector<std::string> lines;
  for (const auto& made : diff(*a, *b)) {
    auto line = std::string{to_string(made.kind)} + " " + made.pointer;
    if (made.before && made.after && made.old_pointer != made.pointer)
      line += " (" + made.old_pointer + ")";
    lines.push_back(line);
  }
  return lines;
}

using lines = std::vector<std::string>;

} // namespace

TEST_CASE("each difference is told once, where it was made") {
  CHECK(told("{'a':1,'b':{'c':2,'d':3},'e':[1]}", "{'b':{'d':4,'f':5},'e':{},'a':1}") ==
        lines{"removed /b/c", "changed /b/d", "added /b/f", "changed /e"});
}

TEST_CASE("order of members, sets and keyed lists is no difference") {
  CHECK(told("{'tags':[{'name':'a'},{'name':'b'}],'components':{'schemas':{'A':{'enum':[1,2],"
             "'required':['x','y'],'type':['string','null'],"
             "'oneOf':[{'$ref':'#/1'},{'type':'string'},{'type':'object'}]}}}}",
             "{'components':{'schemas':{'A':{'oneOf':[{'type':'object'},{'$ref':'#/1'},"
             "{'type':'string'}],'type':['null','string'],'required':['y','x'],'enum':[2,1]}}},"
             "'tags':[{'name':'b'},{'name':'a'}]}")
            .empty());
}

TEST_CASE("other lists are compared in order") {
  CHECK(told("{'x-l':[1,2,3]}", "{'x-l':[1,3,4]}") == lines{"removed /x-l/1", "added /x-l/2"});
  CHECK(told("{'x-l':[1,2,3]}", "{'x-l':[3,1,2]}") == lines{"reordered /x-l"});
  CHECK(told("{'x-l':[{'a':1},2]}", "{'x-l':[0,{'a':2},2]}").size() == 2);
}

TEST_CASE("elements are shown where they stand in each version") {
  CHECK(told("{'tags':[{'name':'a','description':'1'},{'name':'b'}]}",
             "{'tags':[{'name':'b'},{'name':'a','description':'2'}]}") ==
        lines{"changed /tags/1/description (/tags/0/description)"});
}

TEST_CASE("a path whose parameter has another name is the same path") {
  CHECK(told("{'paths':{'/a/{id}':{'get':{'parameters':[{'in':'path','name':'id'}]}}}}",
             "{'paths':{'/a/{x}':{'get':{'parameters':[{'in':'path','name':'x'}]}}}}") ==
        lines{"renamed /paths/~1a~1{x} (/paths/~1a~1{id})",
              "changed /paths/~1a~1{x}/get/parameters/0/name "
              "(/paths/~1a~1{id}/get/parameters/0/name)"});
}

TEST_CASE("paths that differ by parameter names alone in one version are kept apart") {
  CHECK(told("{'paths':{'/a/{x}':{'get':{}},'/a/{y}':{'put':{}}}}",
             "{'paths':{'/a/{y}':{'put':{}},'/a/{x}':{'get':{'summary':'s'}}}}") ==
        lines{"added /paths/~1a~1{x}/get/summary"});
}

TEST_CASE("a property called like an OpenAPI word is a name") {
  CHECK(told("{'components':{'schemas':{'A':{'properties':{'enum':{'example':[1,2]}}}}}}",
             "{'components':{'schemas':{'A':{'properties':{'enum':{'example':[2,1]}}}}}}") ==
        lines{"reordered /components/schemas/A/properties/enum/example"});
}

TEST_CASE("an alignment is a common subsequence, and a longest one") {
  std::mt19937 random{7};
  for (int round = 0; round < 300; ++round) {
    std::vector<std::uint64_t> left(random() % 12);
    std::vector<std::uint64_t> right(random() % 12);
    for (auto& x : left)
      x = random() % 4;
    for (auto& x : right)
      x = random() % 4;
    std::vector<std::vector<std::size_t>> longest(left.size() + 1,
                                                  std::vector<std::size_t>(right.size() + 1));
    for (std::size_t i = left.size(); i-- > 0;)
      for (std::size_t j = right.size(); j-- > 0;)
        longest[i][j] = left[i] == right[j] ? longest[i + 1][j + 1] + 1
                                            : std::max(longest[i + 1][j], longest[i][j + 1]);
    const auto pairs = align(left, right);
    REQUIRE(pairs.size() == longest[0][0]);
    for (std::size_t p = 0; p < pairs.size(); ++p) {
      REQUIRE(left[pairs[p].left] == right[pairs[p].right]);
      if (p > 0)
        REQUIRE((pairs[p - 1].left < pairs[p].left && pairs[p - 1].right < pairs[p].right));
    }
  }
}

TEST_CASE("sequences that have nothing in common end within the bound") {
  std::vector<std::uint64_t> left(5000, 1);
  std::vector<std::uint64_t> right(5000, 2);
  left.front() = right.front() = 9;
  CHECK(align(left, right) == std::vector<aligned>{{0, 0}});
}

TEST_CASE("a renamed path is one change, and what changed in it others") {
  const auto item = [](const std::string& summary) {
    return "{'get':{'operationId':'list','summary':'" + summary + "'}}";
  };
  const auto a = doc("{'paths':{'/pets':" + item("s") + ",'/z':{}}}");
  const auto b = doc("{'paths':{'/v1/pets':" + item("t") + ",'/z':{}}}");
  const auto found = diff(*a, *b);
  REQUIRE(found.size() == 2);
  CHECK(found[0].kind == change_kind::renamed);
  CHECK(found[0].old_pointer == "/paths/~1pets");
  CHECK(found[0].pointer == "/paths/~1v1~1pets");
  CHECK(found[0].confidence >= 0.75);
  CHECK(found[1].kind == change_kind::changed);
  CHECK(found[1].old_pointer == "/paths/~1pets/get/summary");
  CHECK(found[1].pointer == "/paths/~1v1~1pets/get/summary");
  CHECK(found[1].way.size() == 5);
}

TEST_CASE("references that changed with a schema's name are no changes of their own") {
  const auto with = [](const std::string& name) {
    return doc("{'components':{'schemas':{'" + name +
               "':{'type':'object','required':['a','b'],'properties':{'a':{'type':'string'},"
               "'b':{'type':'integer','minimum':1}}},'User':{'items':{'$ref':"
               "'#/components/schemas/" +
               name + "'}}}}}");
  };
  const auto a = with("Pet");
  const auto b = with("Animal");
  const auto found = diff(*a, *b);
  REQUIRE(found.size() == 1);
  CHECK(found[0].kind == change_kind::renamed);
}
