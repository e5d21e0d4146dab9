// The proof of merges can fail: whatever is dropped from a merged document, doubled, changed or put
// elsewhere in it is found.
#include "specs/canonical.hpp"
#include "specs/merge.hpp"
#include "specs/merge_proof.hpp"
#include "tests/specs/mutated_document.hpp"
#include "tests/specs/random_document.hpp"
#include "tests/specs/text_document.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace apisync::specs;
using namespace apisync::specs::testing;

namespace {

std::vector<merge_damage> damages(const std::string& b, const std::string& c, const std::string& i,
                                  const std::string& m) {
  return merge_damages(*doc(b), *doc(c), *doc(i), *doc(m));
}

bool told(const std::vector<merge_damage>& found, merge_damage::kind what,
          const std::string& place) {
  return std::any_of(found.begin(), found.end(),
                     [&](const auto& each) { return each.what == what && each.place == place; });
}

using damage = merge_damage::kind;

} // namespace

TEST_CASE("a merged document that has both sides' changes is proved") {
  CHECK(damages("{'a':1,'b':2,'x':['p','q']}", "{'a':3,'b':2,'x':['p','q','r']}",
                "{'a':1,'x':['o','p','q']}", "{'a':3,'x':['o','p','q','r']}")
            .empty());
}

TEST_CASE("a change that was dropped is found on either side") {
  const auto* base = "{'a':1,'b':2}";
  CHECK(told(damages(base, "{'a':3,'b':2}", "{'a':1,'b':4}", "{'a':1,'b':4}"), damage::dropped,
             "/a"));
  CHECK(told(damages(base, "{'a':3,'b':2}", "{'a':1,'b':4}", "{'a':3,'b':2}"), damage::dropped,
             "/b"));
  CHECK(told(damages(base, "{'a':1}", "{'a':4,'b':2}", "{'a':4,'b':2}"), damage::dropped, "/b"));
  CHECK(told(damages(base, "{'a':1,'b':2,'c':3}", "{'a':4,'b':2}", "{'a':4,'b':2}"),
             damage::dropped, "/c"));
}

TEST_CASE("what nobody wrote is found") {
  CHECK(told(damages("{'a':1}", "{'a':1,'b':2}", "{'a':1,'c':3}", "{'a':1,'b':2,'c':3,'d':4}"),
             damage::invented, "/d"));
  CHECK(told(damages("{'a':1}", "{'a':1,'b':2}", "{'a':1,'c':3}", "{'a':7,'b':2,'c':3}"),
             damage::invented, "/a"));
}

TEST_CASE("an element that stands twice, or nowhere, is found") {
  const auto* base = "{'x-l':['a','b']}";
  const auto* current = "{'x-l':['a','b','c']}";
  const auto* incoming = "{'x-l':['o','a','b']}";
  CHECK(told(damages(base, current, incoming, "{'x-l':['o','a','b','c','c']}"), damage::doubled,
             "/x-l"));
  CHECK(told(damages(base, current, incoming, "{'x-l':['o','a','b']}"), damage::dropped, "/x-l"));
  CHECK(told(damages(base, current, incoming, "{'x-l':['a','o','b','c']}"), damage::misplaced,
             "/x-l"));
}

TEST_CASE("a parameter may not be there twice, though both sides added it") {
  const auto with = [](const std::string& list) {
    return "{'paths':{'/a':{'get':{'parameters':[" + list + "]}}}}";
  };
  const auto* mine = "{'in':'query','name':'q','required':true}";
  const auto* theirs = "{'in':'query','name':'q','example':1}";
  CHECK(told(damages(with(""), with(mine), with(theirs), with(std::string{mine} + "," + theirs)),
             damage::doubled, "/paths/~1a/get/parameters"));
}

TEST_CASE("an edit that went into the wrong operation is found") {
  const auto with = [](int get, int put) {
    return "{'paths':{'/a':{'get':{'x-v':" + std::to_string(get) +
           "},'put':{'x-v':" + std::to_string(put) + "}}}}";
  };
  const auto found = damages(with(1, 1), "{'info':{}," + with(2, 1).substr(1), with(1, 1),
                             "{'info':{}," + with(1, 2).substr(1));
  CHECK(told(found, damage::dropped, "/paths/~1a/get/x-v"));
  CHECK(told(found, damage::invented, "/paths/~1a/put/x-v"));
}

TEST_CASE("prose is proved by its lines") {
  const auto with = [](const std::string& text) { return "{'description':'" + text + "'}"; };
  const auto base = with("a\\nb\\nc");
  const auto current = with("a\\nB\\nb\\nc");
  const auto incoming = with("a\\nb\\nc\\nd");
  CHECK(damages(base, current, incoming, with("a\\nB\\nb\\nc\\nd")).empty());
  CHECK_FALSE(damages(base, current, incoming, with("a\\nb\\nc\\nd")).empty());
  CHECK_FALSE(damages(base, current, incoming, with("a\\nb\\nB\\nc\\nd")).empty());
  CHECK_FALSE(damages(base, current, incoming, with("a\\nB\\nb\\nc\\nd\\nd")).empty());
}

TEST_CASE("every mutation of every merged document is found") {
  constexpr unsigned rounds = 60;
  std::size_t mutants = 0;
  for (unsigned seed = 0; seed < rounds; ++seed) {
    random_documents random{seed};
    const auto base = random.document();
    const auto b = to_document(base);
    const auto c = to_document(random.edited(base));
    const auto i = to_document(random.edited(base));
    const auto made = merge(b, c, i);
    if (!made.conflicts.empty()) continue;
    INFO("seed " << seed << "\n"
                 << text(b) << "\n"
                 << text(c) << "\n"
                 << text(i) << "\n"
                 << text(made.merged));
    REQUIRE(merge_damages(*b, *c, *i, *made.merged).empty());
    for (std::size_t at = 1; at < made.merged->node_count(); ++at)
      for (const auto how : all_mutations) {
        const auto mutant = mutated(made.merged->root(), at, how);
        if (same_content(mutant->root(), made.merged->root())) continue;
        ++mutants;
        INFO("mutant " << text(mutant));
        // Where both sides put a set into an order of their own, a third one is as good.
        const bool damages_nothing = canonical_hash(*mutant) == canonical_hash(*made.merged);
        REQUIRE((damages_nothing || !merge_damages(*b, *c, *i, *mutant).empty()));
      }
  }
  CHECK(mutants > 1'000);
}
