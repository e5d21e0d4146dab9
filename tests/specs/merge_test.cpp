#include "specs/merge.hpp"
#include "tests/specs/text_document.hpp"

#include <catch2/catch.hpp>

using namespace apisync::specs;
using namespace apisync::specs::testing;

namespace {

/// A merge with everything it refers to.
struct merged {
  document_ptr base, current, incoming;
  merge_result made;

  merged(const std::string& b, const std::string& c, const std::string& i)
      : base{doc(b)}, current{doc(c)}, incoming{doc(i)}, made{merge(base, current, incoming)} {}

  [[nodiscard]] std::string result() const { return text(made.merged); }
};

std::string schema(const std::string& body) {
  return "{'components':{'schemas':{'Pet':" + body + "}}}";
}

std::string operation(const std::string& path, const std::string& body) {
  return "{'paths':{'" + path + "':{'get':" + body + "}}}";
}

} // namespace

TEST_CASE("a merge with the base on one side is the other side, to the pointer") {
  const auto x = doc("{'b':1,'a':2}");
  const auto y = doc("{'a':3,'c':4}");
  CHECK(merge(x, x, y).merged == y);
  CHECK(merge(x, y, x).merged == y);
  CHECK(merge(x, y, y).merged == y);
  CHECK(merge(nullptr, y, y).merged == y);
}

TEST_CASE("different additions under one object do not conflict") {
  const merged m{"{'info':{'title':'t'}}", "{'info':{'title':'t','version':'1'}}",
                 "{'info':{'license':{'name':'MIT'},'title':'t'}}"};
  CHECK(m.made.clean());
  CHECK(m.result() == "{'info':{'license':{'name':'MIT'},'title':'t','version':'1'}}");
}

TEST_CASE("two edits of one value conflict, and current stays") {
  const merged m{"{'info':{'version':'1'}}", "{'info':{'version':'2'}}",
                 "{'info':{'version':'3'}}"};
  REQUIRE(m.made.conflicts.size() == 1);
  const auto& found = m.made.conflicts[0];
  CHECK(found.pointer == "/info/version");
  CHECK(found.identity == "/info/version");
  CHECK(found.kind == conflict_kind::edit_edit);
  CHECK(found.id == conflict_id("/info/version"));
  CHECK(found.base.text() == "1");
  CHECK(found.current.text() == "2");
  CHECK(found.incoming.text() == "3");
  CHECK(m.result() == "{'info':{'version':'2'}}");
}

TEST_CASE("a deletion beside an edit inside conflicts") {
  const auto base = schema("{'properties':{'a':{'type':'string'},'b':{}}}");
  const auto edited = schema("{'properties':{'a':{'type':'integer'},'b':{}}}");
  const auto deleted = schema("{'properties':{'b':{}}}");
  const merged kept{base, edited, deleted};
  REQUIRE(kept.made.conflicts.size() == 1);
  CHECK(kept.made.conflicts[0].kind == conflict_kind::edit_delete);
  CHECK(kept.made.conflicts[0].pointer == "/components/schemas/Pet/properties/a");
  CHECK(kept.result() == edited);
  const merged gone{base, deleted, edited};
  REQUIRE(gone.made.conflicts.size() == 1);
  CHECK(gone.made.conflicts[0].kind == conflict_kind::delete_edit);
  CHECK_FALSE(gone.made.conflicts[0].current);
  CHECK(gone.result() == deleted);
}

TEST_CASE("a deletion beside a mere reordering of a set does not conflict") {
  const merged m{schema("{'properties':{'a':{'enum':['x','y']},'b':{}}}"),
                 schema("{'properties':{'a':{'enum':['y','x']},'b':{}}}"),
                 schema("{'properties':{'b':{}}}")};
  CHECK(m.made.clean());
  CHECK(m.result() == schema("{'properties':{'b':{}}}"));
}

TEST_CASE("sets take what either side added and lose what either side removed") {
  const merged m{schema("{'required':['a','b','c']}"), schema("{'required':['c','a','d']}"),
                 schema("{'required':['a','b','e','c']}")};
  CHECK(m.made.clean());
  CHECK(m.result() == schema("{'required':['c','a','d','e']}"));
}

TEST_CASE("parameters match by name and place, path parameters by their position") {
  const merged m{operation("/p/{id}", "{'parameters':[{'in':'path','name':'id','required':true},"
                                      "{'in':'query','name':'q','schema':{'type':'string'}}]}"),
                 operation("/p/{petId}",
                           "{'parameters':[{'in':'path','name':'petId','required':true},"
                           "{'in':'query','name':'q','schema':{'type':'string'}}]}"),
                 operation("/p/{id}", "{'parameters':[{'in':'query','name':'limit'},"
                                      "{'in':'path','name':'id','required':true,'example':1},"
                                      "{'in':'query','name':'q','schema':{'type':'integer'}}]}")};
  CHECK(m.made.clean());
  CHECK(m.result() == operation("/p/{petId}",
                                "{'parameters':[{'in':'query','name':'limit'},"
                                "{'in':'path','name':'petId','required':true,'example':1},"
                                "{'in':'query','name':'q','schema':{'type':'integer'}}]}"));
}

TEST_CASE("a conflict inside a list is found by the element's name") {
  const auto with = [](const std::string& type) {
    return operation("/p/{id}",
                     "{'parameters':[{'in':'query','name':'q','schema':{'type':'" + type + "'}}]}");
  };
  const merged m{with("string"), with("integer"), with("number")};
  REQUIRE(m.made.conflicts.size() == 1);
  CHECK(m.made.conflicts[0].identity == "/paths/~1p~1{}/get/parameters/[query:q]/schema/type");
  CHECK(m.made.conflicts[0].pointer == "/paths/~1p~1{id}/get/parameters/0/schema/type");
}

TEST_CASE("concurrent insertions at one place of a list have one order") {
  const auto base = "{'x-list':['a','z']}";
  const auto one = "{'x-list':['a','k','z']}";
  const auto two = "{'x-list':['a','c','d','z']}";
  const merged m{base, one, two};
  CHECK(m.made.clean());
  CHECK(m.result() == "{'x-list':['a','c','d','k','z']}");
  CHECK(m.result() == merged{base, two, one}.result());
}

TEST_CASE("the same insertion beside another one is not doubled") {
  const merged m{"{'x-list':['a','z']}", "{'x-list':['a','k','l','z']}",
                 "{'x-list':['a','k','z']}"};
  REQUIRE(m.made.conflicts.size() == 1);
  CHECK(m.made.conflicts[0].identity == "/x-list");
}

TEST_CASE("elements that one side edited, and others that the other added, are both in the list") {
  const merged m{"{'x-list':['a','b','c']}", "{'x-list':['a','b','c','d','e']}",
                 "{'x-list':['A','B','C']}"};
  CHECK(m.made.clean());
  CHECK(m.result() == "{'x-list':['A','B','C','d','e']}");
}

TEST_CASE("an element that one side edited and the other deleted is a conflict of the list") {
  const merged m{"{'x-list':['a','b']}", "{'x-list':['a']}", "{'x-list':['A','B']}"};
  CHECK(m.made.conflicts.size() == 1);
}

TEST_CASE("an element moved by one side and edited by the other is a conflict of the list") {
  const merged m{"{'x-list':['a','b','c','d']}", "{'x-list':['b','c','d','a']}",
                 "{'x-list':['A','b','c','d']}"};
  CHECK(m.made.conflicts.size() == 1);
}

TEST_CASE("two different orders of one list are a move conflict") {
  const merged m{"{'x-list':['a','b','c']}", "{'x-list':['c','a','b']}",
                 "{'x-list':['b','a','c']}"};
  REQUIRE(m.made.conflicts.size() == 1);
  CHECK(m.made.conflicts[0].kind == conflict_kind::move);
}

TEST_CASE("texts of several lines merge by line, texts of one line do not") {
  const auto with = [](const std::string& value) { return "{'x-text':'" + value + "'}"; };
  const std::string base = "one\\ntwo\\nthree";
  const std::string current = "ONE\\ntwo\\nthree";
  const merged apart{with(base), with(current), with("one\\ntwo\\nTHREE\\nfour")};
  CHECK(apart.made.clean());
  CHECK(apart.made.merged->at("/x-text").text() == "ONE\ntwo\nTHREE\nfour");
  const merged near{with(base), with(current), with("one\\nTWO\\nthree")};
  CHECK(near.made.conflicts.size() == 1);
  const merged moved{with("a\\nb\\nc\\nd\\ne"), with("b\\nc\\nd\\na\\ne"), with("b\\nc\\nd\\ne")};
  CHECK(moved.made.conflicts.size() == 1);
  const merged single{with("one two"), with("ONE two"), with("one TWO")};
  CHECK(single.made.conflicts.size() == 1);
}

TEST_CASE("a reference put in place of an edited schema is one conflict of the whole schema") {
  const auto body = [](const std::string& s) {
    return schema("{'properties':{'owner':" + s + "}}");
  };
  const merged m{body("{'type':'object'}"), body("{'$ref':'#/components/schemas/Owner'}"),
                 body("{'type':'object','example':1}")};
  REQUIRE(m.made.conflicts.size() == 1);
  CHECK(m.made.conflicts[0].identity == "/components/schemas/Pet/properties/owner");
}

TEST_CASE("branches match by reference, title and discriminating value") {
  const auto one_of = [](const std::string& list) { return schema("{'oneOf':[" + list + "]}"); };
  const merged m{one_of("{'$ref':'#/A'},{'title':'B','type':'string'}"),
                 one_of("{'title':'B','type':'integer'},{'$ref':'#/A'}"),
                 one_of("{'$ref':'#/A'},{'title':'B','type':'string','example':1},{'$ref':'#/C'}")};
  CHECK(m.made.conflicts.empty());
  CHECK(m.result() ==
        one_of("{'title':'B','type':'integer','example':1},{'$ref':'#/C'},{'$ref':'#/A'}"));
}

TEST_CASE("a conflict inside a branch without a name is one of the list") {
  const auto one_of = [](const std::string& type) {
    return schema("{'oneOf':[{'type':'object','properties':{'a':{'type':'" + type + "'}}}]}");
  };
  const merged m{one_of("string"), one_of("integer"), one_of("number")};
  REQUIRE(m.made.conflicts.size() == 1);
  CHECK(m.made.conflicts[0].identity == "/components/schemas/Pet/oneOf");
  CHECK(m.result() == one_of("integer"));
}

TEST_CASE("without a base only different values conflict, and current's order leads") {
  const auto current = doc("{'openapi':'3.0.0','info':{'title':'A','version':'1'}}");
  const auto incoming = doc("{'openapi':'3.0.0','info':{'title':'B','contact':{},'version':'1'},"
                            "'paths':{}}");
  for (const auto& base : {document_ptr{}, doc("{}")}) {
    const auto made = merge(base, current, incoming);
    REQUIRE(made.conflicts.size() == 1);
    CHECK(made.conflicts[0].kind == conflict_kind::add_add);
    CHECK(made.conflicts[0].identity == "/info/title");
    CHECK(text(made.merged) ==
          "{'openapi':'3.0.0','info':{'title':'A','contact':{},'version':'1'},'paths':{}}");
  }
}

TEST_CASE("a new member follows its left neighbour") {
  const merged m{"{'a':1,'b':2,'c':3}", "{'c':3,'b':7,'a':1}", "{'a':1,'x':9,'b':2,'c':4}"};
  CHECK(m.result() == "{'c':4,'b':7,'a':1,'x':9}");
}

TEST_CASE("where only incoming reordered, its order is taken") {
  const merged m{"{'a':1,'b':2,'c':3}", "{'a':1,'b':5,'c':3}", "{'c':3,'b':2,'a':4}"};
  CHECK(m.result() == "{'c':3,'b':5,'a':4}");
}

TEST_CASE("what a clean merge breaks is told") {
  const auto both = "{'paths':{'/a':{'get':{'operationId':'a'}}},"
                    "'components':{'schemas':{'A':{},'B':{'properties':{}}}}}";
  const merged m{both,
                 "{'paths':{'/a':{'get':{'operationId':'a'}},'/b':{'get':{'operationId':'n'}}},"
                 "'components':{'schemas':{'A':{},"
                 "'B':{'properties':{'a':{'$ref':'#/components/schemas/A'}}}}}}",
                 "{'paths':{'/a':{'get':{'operationId':'a'}},'/c':{'get':{'operationId':'n'}}},"
                 "'components':{'schemas':{'B':{'properties':{}}}}}"};
  CHECK(m.made.conflicts.empty());
  REQUIRE(m.made.flaws.size() == 2);
  CHECK(m.made.flaws[0].what == merge_flaw::kind::dangling_reference);
  CHECK(m.made.flaws[0].pointer == "/components/schemas/B/properties/a/$ref");
  CHECK(m.made.flaws[1].what == merge_flaw::kind::duplicate_operation_id);
  CHECK(m.made.flaws[1].value == "n");
  CHECK(m.made.flaws[0].current == m.current->at("/components/schemas/B/properties/a/$ref"));
  CHECK_FALSE(m.made.flaws[0].incoming);
  CHECK(m.made.flaws[1].current == m.current->at("/paths/~1b/get/operationId"));
  CHECK(m.made.flaws[1].incoming == m.incoming->at("/paths/~1c/get/operationId"));
  CHECK_FALSE(m.made.clean());
}

TEST_CASE("the merge says where each part came from") {
  const merged m{"{'a':1,'b':2,'c':3}", "{'a':9,'b':2,'c':5}", "{'a':1,'c':5,'d':4}"};
  CHECK(m.made.count(merged_from::current) == 1);
  CHECK(m.made.count(merged_from::incoming) == 2);
  CHECK(m.made.count(merged_from::both) == 1);
}
