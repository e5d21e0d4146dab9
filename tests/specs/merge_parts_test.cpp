// For each merged part, where it came from: told of everything that differs from the base, and
// true.
#include "specs/diff.hpp"
#include "specs/merge.hpp"
#include "specs/resolve.hpp"
#include "tests/specs/random_document.hpp"
#include "tests/specs/text_document.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <map>
#include <set>

using namespace apisync::specs;
using namespace apisync::specs::testing;

namespace {

constexpr unsigned rounds = 400;

/// Whether the place of a part is on the way to a change, in either version.
bool holds(const merged_part& part, const change& made, const document& base,
           const document& merged) {
  const auto before = find_identity(base, part.identity);
  const auto after = find_identity(merged, part.identity);
  return std::any_of(made.way.begin(), made.way.end(), [&](const step& each) {
    return (before && each.before == before) || (after && each.after == after);
  });
}

bool same_at(const std::string& identity, const document& one, const document& other) {
  return same_value(find_identity(one, identity), find_identity(other, identity));
}

} // namespace

TEST_CASE("a merge tells of each part that differs from the base whose change it is") {
  std::size_t told = 0;
  for (unsigned seed = 0; seed < rounds; ++seed) {
    random_documents random{seed};
    const auto base = random.document();
    const auto b = to_document(base);
    const auto c = to_document(random.edited(base));
    const auto i = to_document(random.edited(base));
    const auto made = merge(b, c, i);
    if (!made.clean() || !made.renames.empty()) continue;
    INFO("seed " << seed << "\n"
                 << text(b) << "\n"
                 << text(c) << "\n"
                 << text(i) << "\n"
                 << text(made.merged));
    for (const auto& each : diff(*b, *made.merged)) {
      INFO("changed: " << each.pointer << " " << each.old_pointer);
      if (each.kind == change_kind::reordered) continue;
      REQUIRE(std::any_of(made.parts.begin(), made.parts.end(), [&](const merged_part& part) {
        return holds(part, each, *b, *made.merged);
      }));
    }
    std::map<std::string, std::set<merged_from>> sides;
    for (const auto& part : made.parts)
      sides[part.identity].insert(part.from);
    for (const auto& [identity, from] : sides) {
      if (identity.empty() || from.size() > 1) continue;
      ++told;
      const auto side = *from.begin();
      INFO("part " << identity << ", side " << static_cast<int>(side));
      if (side != merged_from::incoming) CHECK_FALSE(same_at(identity, *b, *c));
      if (side != merged_from::current) CHECK_FALSE(same_at(identity, *b, *i));
      if (side == merged_from::current) CHECK(same_at(identity, *made.merged, *c));
      if (side == merged_from::incoming) CHECK(same_at(identity, *made.merged, *i));
    }
  }
  CHECK(told > rounds);
}
