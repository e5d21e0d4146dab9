// The proof of conflicts can fail: what is planted and none is doubted. Whatever a merge calls a
// conflict is proved to be one.
#include "specs/conflict_proof.hpp"
#include "specs/merge.hpp"
#include "tests/specs/random_document.hpp"
#include "tests/specs/text_document.hpp"

#include <catch2/catch.hpp>

using namespace apisync::specs;
using namespace apisync::specs::testing;

namespace {

/// The doubt about a conflict of three values, `-` for one that is missing.
std::string doubt(const std::string& base, const std::string& current, const std::string& incoming,
                  conflict_kind kind = conflict_kind::edit_edit) {
  const auto holder =
      doc("{'b':" + (base == "-" ? "0" : base) + ",'c':" + (current == "-" ? "0" : current) +
          ",'i':" + (incoming == "-" ? "0" : incoming) + "}");
  conflict which;
  which.kind = kind;
  if (base != "-") which.base = holder->at("/b");
  if (current != "-") which.current = holder->at("/c");
  if (incoming != "-") which.incoming = holder->at("/i");
  return conflict_doubt(which);
}

} // namespace

TEST_CASE("a place that both sides changed differently is a real conflict") {
  CHECK(doubt("1", "2", "3").empty());
  CHECK(doubt("-", "2", "3", conflict_kind::add_add).empty());
  CHECK(doubt("{'a':1}", "{'a':2}", "-", conflict_kind::edit_delete).empty());
  CHECK(doubt("{'a':1}", "{'$ref':'#/x'}", "{'a':2}").empty());
  CHECK(doubt("[1,2,3]", "[1,4,3]", "[1,5,3]").empty());
  CHECK(doubt("[1,2]", "[2,1,3]", "[3,2]").empty());
  CHECK(doubt("'a\\nb\\nc\\n'", "'a\\nx\\nc\\n'", "'a\\nb\\ny\\n'").empty());
}

TEST_CASE("what only one side changed, or both alike, is no conflict") {
  CHECK(doubt("1", "1", "2") == "only one side changed it");
  CHECK(doubt("1", "2", "1.0") == "only one side changed it");
  CHECK(doubt("1", "2", "2.0") == "both sides have the same");
  CHECK(doubt("-", "-", "-") == "both sides have the same");
}

TEST_CASE("what can be taken apart further is no conflict") {
  CHECK(doubt("{'a':1,'b':1}", "{'a':2,'b':1}", "{'a':1,'b':2}") ==
        "objects merge member by member");
  CHECK(doubt("[1,2,3,4]", "[0,2,3,4]", "[1,2,3,5]") == "each side changed another part of it");
  CHECK(doubt("[1,2]", "[2,1,3]", "[3,1,2]") == "both lists have the same elements");
  CHECK(doubt("'a\\nb\\nc\\n'", "'x\\nb\\nc\\n'", "'a\\nb\\ny\\n'") ==
        "each side changed another part of it");
}

TEST_CASE("a conflict of a kind that its versions are not of is doubted") {
  CHECK(doubt("1", "2", "3", conflict_kind::add_add) == "the versions are not those of add/add");
  CHECK(doubt("1", "2", "-") == "the versions are not those of edit/edit");
}

TEST_CASE("whatever a merge of random documents calls a conflict is one") {
  constexpr unsigned rounds = 1500;
  std::size_t proved = 0;
  for (unsigned seed = 0; seed < rounds; ++seed) {
    random_documents random{seed};
    const auto base = random.document();
    const auto b = to_document(base);
    const auto c = to_document(random.edited(base));
    const auto i = to_document(random.edited(base));
    for (const auto& each : merge(b, c, i).conflicts) {
      INFO("seed " << seed << ", " << each.identity << "\n"
                   << text(b) << "\n"
                   << text(c) << "\n"
                   << text(i));
      REQUIRE(conflict_doubt(each) == "");
      ++proved;
    }
  }
  CHECK(proved > rounds / 6);
}
