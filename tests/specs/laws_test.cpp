// What holds of every comparison and every merge, tried on random documents. `leaves` does not
// share the product's identity code.
#include "specs/canonical.hpp"
#include "specs/diff.hpp"
#include "specs/merge.hpp"
#include "specs/resolve.hpp"
#include "tests/specs/applied_diff.hpp"
#include "tests/specs/random_document.hpp"
#include "tests/specs/text_document.hpp"

#include <catch2/catch.hpp>

#include <set>

using namespace apisync::specs;
using namespace apisync::specs::testing;

namespace {

constexpr unsigned rounds = 400;

using leaf_map = std::map<std::string, std::string>;

std::string value_at(const leaf_map& in, const std::string& path) {
  const auto found = in.find(path);
  return found == in.end() ? "-" : found->second;
}

/// What a clean merge must hold at each leaf, or "?" where both sides changed it differently.
std::string expected(const std::string& b, const std::string& c, const std::string& i) {
  if (c == i || i == b) return c;
  return c == b ? i : "?";
}

} // namespace

TEST_CASE("a clean merge holds every change of both sides and nothing else") {
  std::size_t clean = 0;
  for (unsigned seed = 0; seed < rounds; ++seed) {
    random_documents random{seed};
    const auto base = random.document();
    const auto b = to_document(base);
    const auto c = to_document(random.edited(base));
    const auto i = to_document(random.edited(base));
    const auto made = merge(b, c, i);
    if (!made.conflicts.empty()) continue;
    ++clean;
    const auto in_b = leaves(b->root());
    const auto in_c = leaves(c->root());
    const auto in_i = leaves(i->root());
    const auto in_merged = leaves(made.merged->root());
    std::set<std::string> paths;
    for (const auto* in : {&in_b, &in_c, &in_i, &in_merged})
      for (const auto& [path, leaf] : *in)
        paths.insert(path);
    INFO("seed " << seed << "\n"
                 << text(b) << "\n"
                 << text(c) << "\n"
                 << text(i) << "\n"
                 << text(made.merged));
    for (const auto& path : paths) {
      INFO(path);
      REQUIRE(value_at(in_merged, path) ==
              expected(value_at(in_b, path), value_at(in_c, path), value_at(in_i, path)));
    }
  }
  CHECK(clean > rounds / 3);
}

TEST_CASE("a merge is the same from both sides, but for order and open places") {
  for (unsigned seed = 0; seed < rounds; ++seed) {
    random_documents random{seed};
    const auto base = random.document();
    const auto b = to_document(base);
    const auto c = to_document(random.edited(base));
    const auto i = to_document(random.edited(base));
    const auto one = merge(b, c, i);
    const auto two = merge(b, i, c);
    INFO("seed " << seed << "\n" << text(b) << "\n" << text(c) << "\n" << text(i));
    std::set<std::string> places_one;
    std::set<std::string> places_two;
    for (const auto& open : one.conflicts)
      places_one.insert(open.identity);
    for (const auto& open : two.conflicts)
      places_two.insert(open.identity);
    REQUIRE(places_one == places_two);
    auto resolved = one.merged; // every place to incoming: what the other merge holds
    for (const auto& open : one.conflicts) {
      const auto set = set_value(resolved, open.identity, open.incoming);
      REQUIRE(set);
      resolved = *set;
    }
    REQUIRE(diff(*resolved, *two.merged).empty());
  }
}

TEST_CASE("a merge with an unchanged side is the other, and with itself nothing") {
  for (unsigned seed = 0; seed < rounds / 4; ++seed) {
    random_documents random{seed};
    const auto base = random.document();
    const auto x = to_document(base);
    const auto y = to_document(random.edited(base));
    REQUIRE(text(merge(x, x, y).merged) == text(y));
    REQUIRE(same_content(merge(x, y, x).merged->root(), y->root()));
    REQUIRE(text(merge(x, y, y).merged) == text(y));
  }
}

TEST_CASE("every conflict is found by its identity, in each version that has the place") {
  std::size_t seen = 0;
  for (unsigned seed = 0; seed < rounds; ++seed) {
    random_documents random{seed};
    const auto base = random.document();
    const auto b = to_document(base);
    const auto c = to_document(random.edited(base));
    const auto i = to_document(random.edited(base));
    for (const auto& open : merge(b, c, i).conflicts) {
      ++seen;
      INFO("seed " << seed << " " << open.identity);
      REQUIRE(find_identity(*b, open.identity) == open.base);
      REQUIRE(find_identity(*c, open.identity) == open.current);
      REQUIRE(find_identity(*i, open.identity) == open.incoming);
      REQUIRE((open.current ? c : i)->at(open.pointer) ==
              (open.current ? open.current : open.incoming));
    }
  }
  CHECK(seen > 20);
}

TEST_CASE("another order of names, sets and keyed lists is no difference") {
  for (unsigned seed = 0; seed < rounds; ++seed) {
    random_documents random{seed};
    const auto x = random.document();
    INFO("seed " << seed);
    REQUIRE(diff(*to_document(x), *to_document(random.permuted(x))).empty());
  }
}

TEST_CASE("there is a difference exactly where the leaves differ") {
  for (unsigned seed = 0; seed < rounds; ++seed) {
    random_documents random{seed};
    const auto x = random.document();
    const auto a = to_document(x);
    const auto b = to_document(random.edited(x));
    INFO("seed " << seed << "\n" << text(a) << "\n" << text(b));
    const auto found = diff(*a, *b);
    REQUIRE(found.empty() == (leaves(a->root()) == leaves(b->root())));
    REQUIRE(equivalent(a->root(), b->root(), place::root) == found.empty());
    for (const auto& made : found) {
      if (made.before) REQUIRE(a->at(made.old_pointer) == made.before);
      if (made.after) REQUIRE(b->at(made.pointer) == made.after);
    }
  }
}

TEST_CASE("applying the differences to the old version gives the new one") {
  for (unsigned seed = 0; seed < rounds; ++seed) {
    random_documents random{seed};
    const auto x = random.document();
    const auto a = to_document(x);
    const auto b = to_document(random.edited(x));
    INFO("seed " << seed << "\n" << text(a) << "\n" << text(b));
    REQUIRE(canonical_form(*applied(diff(*a, *b), *a)) == canonical_form(*b));
    const auto other = to_document(random.document()); // so different that parts seem renamed
    REQUIRE(canonical_form(*applied(diff(*a, *other), *a)) == canonical_form(*other));
  }
}

TEST_CASE("another order of names, sets and keyed lists changes no merge") {
  for (unsigned seed = 0; seed < rounds; ++seed) {
    random_documents random{seed};
    const auto base = random.document();
    const auto c = random.edited(base);
    const auto i = random.edited(base);
    const auto one = merge(to_document(base), to_document(c), to_document(i));
    const auto two = merge(to_document(base), to_document(random.permuted(c)), to_document(i));
    INFO("seed " << seed);
    REQUIRE(one.conflicts.size() == two.conflicts.size());
    REQUIRE(canonical_hash(*one.merged) == canonical_hash(*two.merged));
  }
}
