// What holds of every comparison and every merge, tried on real documents that are changed at
// random.
#include "specs/canonical.hpp"
#include "specs/conflict_proof.hpp"
#include "specs/diff.hpp"
#include "specs/meaning.hpp"
#include "specs/merge.hpp"
#include "specs/merge_proof.hpp"
#include "specs/merge_rename.hpp"
#include "specs/parse.hpp"
#include "tests/specs/applied_diff.hpp"
#include "tests/specs/mutated_document.hpp"
#include "tests/support/corpus.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <fstream>
#include <iterator>
#include <random>

using namespace apisync::specs;
using namespace apisync::specs::testing;

namespace {

namespace fs = std::filesystem;

constexpr std::size_t documents_max = 40;
constexpr std::uintmax_t bytes_max = 60'000;

/// Real documents of a moderate size, always the same ones.
std::vector<document_ptr> real_documents() {
  const auto folder = apisync::tests::corpus();
  if (!folder) return {};
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator{*folder / "compatibility"})
    if (entry.is_regular_file() && entry.file_size() < bytes_max &&
        (entry.path().extension() == ".yaml" || entry.path().extension() == ".json"))
      files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  std::vector<document_ptr> made;
  const auto stride = std::max<std::size_t>(1, files.size() / documents_max);
  for (std::size_t i = 0; i < files.size(); i += stride) {
    std::ifstream in{files[i], std::ios::binary};
    const std::string text{std::istreambuf_iterator<char>{in}, {}};
    if (auto parsed = parse(text); parsed && parsed->document->node_count() > 1)
      made.push_back(parsed->document);
  }
  return made;
}

/// A few nodes dropped, doubled, changed or put elsewhere.
document_ptr edited(document_ptr of, std::mt19937& random) {
  for (auto edits = 1 + random() % 4; edits > 0 && of->node_count() > 2; --edits)
    of = mutated(of->root(), 1 + random() % (of->node_count() - 1),
                 all_mutations[random() % all_mutations.size()]);
  return of;
}

} // namespace

TEST_CASE("laws of merging hold for real documents") {
  std::size_t clean = 0;
  unsigned seed = 0;
  for (const auto& b : real_documents()) {
    std::mt19937 random{++seed};
    const auto c = edited(b, random);
    const auto i = edited(b, random);
    INFO("document " << seed);
    CHECK(same_content(merge(b, c, b).merged->root(), c->root()));
    CHECK(same_content(merge(b, b, i).merged->root(), i->root()));
    CHECK(same_content(merge(b, c, c).merged->root(), c->root()));
    const auto one = merge(b, c, i);
    const auto two = merge(b, i, c);
    REQUIRE(one.conflicts.size() == two.conflicts.size());
    for (const auto& each : one.conflicts)
      CHECK(conflict_doubt(each) == "");
    if (!one.conflicts.empty()) continue;
    ++clean;
    CHECK(canonical_hash(*one.merged) == canonical_hash(*two.merged));
    std::array versions{b, c, i};
    for (const auto& each : one.renames)
      for (auto& version : versions)
        version = with_rename(version, each);
    for (const auto& each : merge_damages(*versions[0], *versions[1], *versions[2], *one.merged))
      FAIL_CHECK(to_string(each.what) << " " << each.place << ": " << each.detail);
  }
  if (seed > 0) CHECK(clean > seed / 3);
}

TEST_CASE("laws of comparing hold for real documents") {
  constexpr unsigned rounds = 100;
  unsigned seed = 1000;
  for (const auto& before : real_documents())
    for (unsigned round = 0; round < rounds; ++round) {
      std::mt19937 random{++seed};
      const auto after = edited(before, random);
      INFO("seed " << seed);
      const auto form = canonical_form(*after);
      REQUIRE(canonical_form(*applied(diff(*before, *after), *before)) == form);
      REQUIRE(changes_of_meaning(*before, *after).empty() == (canonical_form(*before) == form));
      REQUIRE(changes_of_meaning(*after, *before).empty() == (canonical_form(*before) == form));
    }
}
