#include "specs/merge.hpp"
#include "specs/resolve.hpp"
#include "tests/specs/text_document.hpp"

#include <catch2/catch.hpp>

using namespace apisync;
using namespace apisync::specs;
using namespace apisync::specs::testing;

TEST_CASE("a place is found by identity in every version") {
  const auto one = doc("{'paths':{'/p/{id}':{'get':{'parameters':["
                       "{'in':'path','name':'id'},{'in':'query','name':'q','example':1}]}}}}");
  const auto two = doc("{'paths':{'/p/{x}':{'get':{'parameters':["
                       "{'in':'query','name':'q','example':2},{'in':'path','name':'x'}]}}}}");
  const auto* const q = "/paths/~1p~1{}/get/parameters/[query:q]/example";
  CHECK(find_identity(*one, q).text() == "1");
  CHECK(find_identity(*two, q).text() == "2");
  const auto* const name = "/paths/~1p~1{}/get/parameters/[path:1]/name";
  CHECK(find_identity(*one, name).text() == "id");
  CHECK(find_identity(*two, name).text() == "x");
  CHECK(find_identity(*one, "").is_object());
  CHECK_FALSE(find_identity(*one, "/paths/~1p~1{}/put"));
  CHECK_FALSE(find_identity(*one, "no pointer"));
}

TEST_CASE("a value is replaced, added and removed by identity") {
  const auto in = doc("{'a':{'enum':['x']},'tags':[{'name':'t','description':'d'}],'z':1}");
  const auto value = doc("{'description':'e','x':7}");
  const auto set = [&](const char* path, node to) {
    auto made = set_value(in, path, to);
    return made ? text(*made) : render(made.error());
  };
  CHECK(set("/tags/[t]/description", value->at("/description")) ==
        "{'a':{'enum':['x']},'tags':[{'name':'t','description':'e'}],'z':1}");
  CHECK(set("/tags/[t]", {}) == "{'a':{'enum':['x']},'tags':[],'z':1}");
  CHECK(set("/z", {}) == "{'a':{'enum':['x']},'tags':[{'name':'t','description':'d'}]}");
  CHECK(set("/n/m", value->at("/x")) ==
        "{'a':{'enum':['x']},'tags':[{'name':'t','description':'d'}],'z':1,'n':{'m':7}}");
  CHECK(*set_value(in, "/none", {}) == in);
}

TEST_CASE("impossible places are refused by name") {
  const auto in = doc("{'a':1,'tags':[],'paths':{}}");
  const auto refused = [&](const char* path, node to) {
    const auto made = set_value(in, path, to);
    return !made && made.error().code == errc::invalid_argument;
  };
  CHECK(refused("a", in->root()));
  CHECK(refused("/a/b", in->root()));
  CHECK(refused("/tags/[t]/description", in->root()));
  CHECK(refused("/tags/0", in->root()));
  CHECK(refused("/paths/~1p~1{}/get", in->root()));
  CHECK(refused("", {}));
}

TEST_CASE("each side of a conflict can be put in its place") {
  const auto base = doc("{'paths':{'/p/{id}':{'get':{'summary':'a'}},'/q':{}}}");
  const auto current = doc("{'paths':{'/q':{}}}");
  const auto incoming = doc("{'paths':{'/p/{id}':{'get':{'summary':'b'}},'/q':{}}}");
  const auto made = merge(base, current, incoming);
  REQUIRE(made.conflicts.size() == 1);
  const auto& open = made.conflicts[0];
  const auto resolved =
      set_value(made.merged, open.identity, find_identity(*incoming, open.identity));
  REQUIRE(resolved);
  CHECK(text(*resolved) == "{'paths':{'/q':{},'/p/{id}':{'get':{'summary':'b'}}}}");
  CHECK(text(*set_value(*resolved, open.identity, find_identity(*current, open.identity))) ==
        text(current));
}
