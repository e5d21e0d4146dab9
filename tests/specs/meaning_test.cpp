// What is no change of meaning, tried by writing the same document in other ways.
#include "specs/canonical.hpp"
#include "specs/compat.hpp"
#include "specs/meaning.hpp"
#include "tests/specs/text_document.hpp"

#include <catch2/catch.hpp>

#include <random>

using namespace apisync::specs;
using namespace apisync::specs::testing;

namespace {

constexpr const char* sample =
    "{'openapi':'3.0.3','info':{'title':'T','version':'1'},"
    "'servers':[{'url':'a'},{'url':'b','variables':{'v':{'default':'x','enum':['x','y']}}}],"
    "'tags':[{'name':'a'},{'name':'b'}],'security':[{'k':[]},{'o':['r','w']}],"
    "'paths':{'/a/{id}':{'parameters':[{'in':'path','name':'id','required':true}],"
    "'get':{'tags':['a','b'],'operationId':'g','parameters':["
    "{'in':'query','name':'q','schema':{'type':'string','enum':['a','b'],'example':'a'}},"
    "{'in':'header','name':'h','content':{'a/json':{'schema':{'type':['integer','null']}}}}],"
    "'responses':{'200':{'description':'d','content':{'a/json':{"
    "'schema':{'$ref':'#/components/schemas/S'},'example':{'required':['b','a'],'n':[1,2]}}}},"
    "'404':{'description':'none'}},"
    "'callbacks':{'c':{'{$url}':{'post':{'requestBody':{'content':{'a/json':{'schema':{}}}}}}}}}}},"
    "'components':{'schemas':{'S':{'type':'object','required':['id','n'],'properties':{"
    "'id':{'type':'integer','minimum':1.50,'default':2},'n':{'type':'string','nullable':true,"
    "'examples':['z']},'deprecated':{'type':'boolean'},'t':{'prefixItems':[{'type':'string'},"
    "{'type':'number'}],'x-list':[1,2]}},'allOf':[{'minProperties':1},{'title':'A'}],"
    "'discriminator':{'propertyName':'k','mapping':{'a':'#/x'}}}},"
    "'securitySchemes':{'k':{'type':'apiKey'},'o':{'type':'oauth2','flows':{'implicit':"
    "{'scopes':{'r':'R','w':'W'}}}}}}}";

/// Writes a document again with one thing in another way, which may or may not change its meaning.
class writer {
public:
  writer(std::mt19937& random, std::size_t target) : random_{random}, target_{target} {}

  document_ptr write(node root) {
    value(root, role::root);
    return out_.finish();
  }

  [[nodiscard]] std::size_t places() const { return seen_; }

private:
  std::size_t below(std::size_t limit) { return random_() % limit; }

  void value(node v, role place) {
    const bool here = seen_++ == target_;
    if (v.is_object()) return object(v, place, here);
    if (v.is_array()) return array(v, place, here);
    if (here) return other(v);
    out_.copy(v);
  }

  /// Another spelling, or another value.
  void other(node v) {
    if (v.is(kind::number))
      out_.number(below(2) == 0 ? std::string{v.text()} + "e0" : std::string{v.text()} + "1");
    else if (v.is_string())
      out_.string(std::string{v.text()} + "!");
    else
      out_.boolean(!v.boolean());
  }

  /// In another order, with an element less, or with one more.
  void array(node v, role place, bool here) {
    std::vector<node> elements{v.begin(), v.end()};
    const auto how = here ? below(3) : 3;
    if (how == 0) std::shuffle(elements.begin(), elements.end(), random_);
    if (how == 1 && !elements.empty()) elements.pop_back();
    out_.begin_array();
    for (const auto element : elements)
      value(element, role_of_element(place));
    if (how == 2 && !elements.empty()) out_.copy(elements.front());
    out_.end_array();
  }

  void object(node v, role place, bool here) {
    const auto how = here ? below(4) : 4;
    std::vector<node> members{v.begin(), v.end()};
    if (how == 0) std::shuffle(members.begin(), members.end(), random_);
    if (how == 1 && !members.empty())
      members.erase(members.begin() + static_cast<std::ptrdiff_t>(below(members.size())));
    out_.begin_object();
    for (const auto member : members) {
      if (how == 2 && respelled(member, v, place)) continue;
      out_.key(member.key());
      value(member, role_of_member(place, member.key()));
    }
    if (how == 3) written_out(v);
    out_.end_object();
  }

  /// `nullable` and `example` the other way.
  bool respelled(node member, node object, role place) {
    if (place != role::schema) return false;
    const auto type = object.find("type");
    if (member.key() == "nullable" && type.is_string()) return true;
    if (member.key() == "type" && object.find("nullable").boolean() && type.is_string()) {
      out_.key("type");
      out_.begin_array();
      out_.string("null");
      out_.string(type.text());
      out_.end_array();
      return true;
    }
    if (member.key() != "example" && member.key() != "examples") return false;
    const bool list = member.key() == "examples";
    out_.key(list ? "example" : "examples");
    if (!list) out_.begin_array();
    out_.copy(list ? member[0] : member);
    if (!list) out_.end_array();
    return true;
  }

  /// A default, which means nothing in some places, and something in others.
  void written_out(node v) {
    const char* const name = below(2) == 0 ? "deprecated" : "required";
    if (v.find(name)) return;
    out_.key(name);
    out_.boolean(false);
  }

  std::mt19937& random_;
  std::size_t target_;
  document_builder out_;
  std::size_t seen_ = 0;
};

} // namespace

TEST_CASE("there is a change of meaning exactly where the canonical hashes differ") {
  const auto before = doc(sample);
  std::mt19937 random{11};
  writer counting{random, SIZE_MAX};
  REQUIRE(canonical_hash(*counting.write(before->root())) == canonical_hash(*before));
  std::size_t same = 0;
  std::size_t different = 0;
  for (std::size_t place = 0; place < counting.places(); ++place) {
    for (int round = 0; round < 6; ++round) {
      const auto after = writer{random, place}.write(before->root());
      INFO(text(after));
      const bool equal = canonical_hash(*before) == canonical_hash(*after);
      (equal ? same : different) += 1;
      CHECK(changes_of_meaning(*before, *after).empty() == equal);
      CHECK(changes_of_meaning(*after, *before).empty() == equal);
      CHECK(judge(*before, *after).findings.empty() == equal);
    }
  }
  CHECK(same > 100);
  CHECK(different > 100);
}

TEST_CASE("spellings of null and of examples are the same") {
  const auto schema = [](const std::string& words) {
    return doc("{'openapi':'3.1.0','paths':{},'components':{'schemas':{'A':{" + words + "}}}}");
  };
  const auto same = [&](const std::string& one, const std::string& other) {
    return changes_of_meaning(*schema(one), *schema(other)).empty();
  };
  CHECK(same("'type':'string','nullable':true", "'type':['string','null']"));
  CHECK(same("'type':['a','b'],'nullable':true", "'type':['null','b','a']"));
  CHECK(same("'example':1", "'examples':[1]"));
  CHECK_FALSE(same("'type':'string'", "'type':['string','null']"));
  CHECK_FALSE(same("'type':'null'", "'type':['null']") == false);
  CHECK_FALSE(same("'nullable':true", "'type':['string','null']"));
  CHECK_FALSE(same("'example':1", "'examples':[1,2]"));
  CHECK_FALSE(same("'example':1", "'examples':[2]"));
  CHECK_FALSE(same("'example':1", "'example':1,'examples':[1]"));
}

TEST_CASE("long lists that changed everywhere are compared in reasonable time") {
  const auto api = [](int from) {
    std::string values;
    for (int i = from; i < from + 4'000; ++i)
      values += (values.empty() ? "" : ",") + std::to_string(i);
    return doc("{'openapi':'3.1.0','paths':{'/a':{'post':{'requestBody':{'content':{'a/json':{"
               "'schema':{'enum':[" +
               values + "]}}}}}}}}");
  };
  const auto report = judge(*api(0), *api(4'000));
  CHECK(report.count(severity::error) == 4'000);
}
