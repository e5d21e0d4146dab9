#include "specs/merge.hpp"
#include "specs/merge_proof.hpp"
#include "specs/merge_rename.hpp"
#include "specs/rename.hpp"
#include "tests/specs/text_document.hpp"

#include <catch2/catch.hpp>

using namespace apisync::specs;
using namespace apisync::specs::testing;

namespace {

/// A schema of enough values to be known again.
std::string pet(const std::string& first = "string") {
  return "{'type':'object','required':['name'],'properties':{'name':{'type':'" + first +
         "','maxLength':9},'age':{'type':'integer','minimum':0},'tag':{'type':'string'}}}";
}

std::string uses(const std::string& name) {
  return "{'$ref':'#/components/schemas/" + name + "'}";
}

std::string with_schemas(const std::string& schemas, const std::string& user = "null") {
  return "{'x-user':{},'components':{'schemas':{" + schemas + ",'User':{'properties':{'p':" + user +
         "}}}}}";
}

std::string get(const std::string& summary) {
  return "{'get':{'operationId':'listPets','summary':'" + summary + "'}}";
}

std::string paths(const std::string& path, const std::string& item) {
  return "{'paths':{'" + path + "':" + item + ",'/other':{}}}";
}

struct merged {
  document_ptr base, current, incoming;
  merge_result made;
  merged(const std::string& b, const std::string& c, const std::string& i)
      : base{doc(b)}, current{doc(c)}, incoming{doc(i)}, made{merge(base, current, incoming)} {}

  [[nodiscard]] std::vector<merge_damage> damages() const {
    std::array versions{base, current, incoming};
    for (const auto& each : made.renames)
      for (auto& version : versions)
        version = with_rename(version, each);
    return merge_damages(*versions[0], *versions[1], *versions[2], *made.merged);
  }
};

} // namespace

TEST_CASE("a schema, a path and an operation are known again under another name") {
  const auto schemas = find_renames(
      doc(with_schemas("'Pet':" + pet(), uses("Pet")))->root(),
      doc(with_schemas("'Animal':" + pet() + ",'Car':{'type':'string'}", uses("Animal")))->root());
  REQUIRE(schemas.size() == 1);
  CHECK(schemas[0].from == "/components/schemas/Pet");
  CHECK(schemas[0].to == "/components/schemas/Animal");
  CHECK(schemas[0].at == place::schema);
  CHECK(schemas[0].confidence == 1);

  const auto moved = find_renames(doc(paths("/pets", get("List")))->root(),
                                  doc(paths("/v1/pets", get("List all")))->root());
  REQUIRE(moved.size() == 1);
  CHECK(moved[0].at == place::path_item);
  CHECK(moved[0].to == "/paths/~1v1~1pets");
  CHECK(moved[0].certain());

  const auto method = find_renames(
      doc("{'paths':{'/a':{'get':{'operationId':'a'},'put':{}}}}")->root(),
      doc("{'paths':{'/a':{'post':{'operationId':'a','summary':'s'},'put':{}}}}")->root());
  REQUIRE(method.size() == 1);
  CHECK(method[0].at == place::operation);
  CHECK(method[0].from == "/paths/~1a/get");
  CHECK(method[0].to == "/paths/~1a/post");
}

TEST_CASE("what is small, or like two others, is no certain rename") {
  const auto small = find_renames(doc(with_schemas("'A':{'type':'string','format':'x'}"))->root(),
                                  doc(with_schemas("'B':{'type':'string','format':'x'}"))->root());
  CHECK((small.empty() || !small[0].certain()));
  const auto two = find_renames(doc(with_schemas("'Pet':" + pet()))->root(),
                                doc(with_schemas("'Cat':" + pet() + ",'Dog':" + pet()))->root());
  REQUIRE_FALSE(two.empty());
  CHECK_FALSE(two[0].certain());
  CHECK(find_renames(doc(with_schemas("'Pet':" + pet()))->root(),
                     doc(with_schemas("'Car':{'enum':['a','b']}"))->root())
            .empty());
}

TEST_CASE("parts that are alike, while nothing else speaks for it, are no certain rename") {
  const auto schemas = find_renames(doc(with_schemas("'Pet':" + pet()))->root(),
                                    doc(with_schemas("'Animal':" + pet()))->root());
  REQUIRE(schemas.size() == 1);
  CHECK_FALSE(schemas[0].certain());
  const auto item = [](const std::string& id) {
    return "{'get':{" + id +
           "'responses':{'200':{'description':'a'},'401':{'description':'b'},'403':{'description':"
           "'c'},'404':{'description':'d'},'500':{'description':'e'},'503':{'description':'f'}}}}";
  };
  const auto moved = [&](const std::string& to, const std::string& old_id,
                         const std::string& new_id) {
    const auto found = find_renames(doc(paths("/pets/{id}", item(old_id)))->root(),
                                    doc(paths(to, item(new_id)))->root());
    return !found.empty() && found[0].certain();
  };
  CHECK(moved("/v1/pets/{id}", "", ""));
  CHECK_FALSE(moved("/dogs/{id}", "", ""));
  CHECK_FALSE(moved("/v1/pets/{id}", "'operationId':'a',", "'operationId':'b',"));
}

TEST_CASE("an edit follows a rename of the other side, whichever side renamed") {
  const auto base = with_schemas("'Pet':" + pet(), uses("Pet"));
  const auto renamed = with_schemas("'Animal':" + pet(), uses("Animal"));
  const auto edited = with_schemas("'Pet':" + pet("integer"), uses("Pet"));
  const auto both = with_schemas("'Animal':" + pet("integer"), uses("Animal"));
  for (const auto& m : {merged{base, renamed, edited}, merged{base, edited, renamed}}) {
    CHECK(m.made.clean());
    CHECK(text(m.made.merged) == text(doc(both)));
    REQUIRE(m.made.renames.size() == 1);
    CHECK(m.made.renames[0].from == "/components/schemas/Pet");
    CHECK(m.damages().empty());
  }
}

TEST_CASE("a new reference to what the other side renamed follows, too") {
  const merged m{
      with_schemas("'Pet':" + pet(), uses("Pet")),
      with_schemas("'Animal':" + pet(), uses("Animal")),
      with_schemas("'Pet':" + pet() + ",'List':{'items':" + uses("Pet") + "}", uses("Pet"))};
  CHECK(m.made.clean());
  CHECK(m.made.merged->at("/components/schemas/List/items/$ref").text() ==
        "#/components/schemas/Animal");
  CHECK(m.damages().empty());
}

TEST_CASE("an edit inside an operation follows its path") {
  const merged m{paths("/pets", get("List")), paths("/v1/pets", get("List")),
                 paths("/pets", get("List all"))};
  CHECK(m.made.clean());
  CHECK(text(m.made.merged) == text(doc(paths("/v1/pets", get("List all")))));
}

TEST_CASE("both edits of a renamed part that contradict each other are a conflict inside it") {
  const merged m{with_schemas("'Pet':" + pet(), uses("Pet")),
                 with_schemas("'Animal':" + pet("number"), uses("Animal")),
                 with_schemas("'Pet':" + pet("integer"), uses("Pet"))};
  REQUIRE(m.made.conflicts.size() == 1);
  const auto& open = m.made.conflicts[0];
  CHECK(open.identity == "/components/schemas/Animal/properties/name/type");
  CHECK(open.kind == conflict_kind::edit_edit);
  CHECK(open.base.text() == "string");
  CHECK(open.current.text() == "number");
  CHECK(open.incoming.text() == "integer");
}

TEST_CASE("a conflict in what incoming renamed is named as current has it") {
  const merged m{with_schemas("'Pet':" + pet(), uses("Pet")),
                 with_schemas("'Pet':" + pet("integer"), uses("Pet")),
                 with_schemas("'Animal':" + pet("number"), uses("Animal"))};
  REQUIRE(m.made.conflicts.size() == 1);
  CHECK(m.made.conflicts[0].pointer == "/components/schemas/Pet/properties/name/type");
  CHECK(m.made.conflicts[0].identity == "/components/schemas/Animal/properties/name/type");
}

TEST_CASE("the same rename on both sides, with different edits, is one part") {
  const auto base = paths("/pets", get("List"));
  const merged m{
      base, paths("/v1/pets", "{'get':{'operationId':'listPets','summary':'All'}}"),
      paths("/v1/pets", "{'get':{'operationId':'listPets','summary':'List','deprecated':true}}")};
  CHECK(m.made.clean());
  CHECK(m.made.merged->at("/paths/~1v1~1pets/get/summary").text() == "All");
}

TEST_CASE("two different renames of one part are a move") {
  const merged m{with_schemas("'Pet':" + pet(), uses("Pet")),
                 with_schemas("'Animal':" + pet(), uses("Animal")),
                 with_schemas("'Creature':" + pet(), uses("Creature"))};
  REQUIRE(m.made.conflicts.size() == 1);
  const auto& open = m.made.conflicts[0];
  CHECK(open.kind == conflict_kind::move);
  CHECK(open.pointer == "/components/schemas/Animal");
  CHECK(open.moved_to == "/components/schemas/Creature");
  CHECK(text(m.made.merged) == text(m.current));
}

TEST_CASE("an edit beside an uncertain rename is a move") {
  const merged m{with_schemas("'Pet':" + pet()), with_schemas("'Cat':" + pet() + ",'Dog':" + pet()),
                 with_schemas("'Pet':" + pet("integer"))};
  REQUIRE(m.made.conflicts.size() == 1);
  CHECK(m.made.conflicts[0].kind == conflict_kind::move);
  CHECK(m.made.conflicts[0].pointer == "/components/schemas/Pet");
  CHECK_FALSE(m.made.conflicts[0].moved_to.empty());
  CHECK(m.made.renames.empty());
}
