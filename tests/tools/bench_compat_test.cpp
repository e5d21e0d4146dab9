#include "tests/support/corpus.hpp"
#include "tests/support/scratch_directory.hpp"
#include "tools/bench_compat.hpp"

#include <catch2/catch.hpp>

#include <filesystem>

using namespace apisync;
using tools::bench_compat;

namespace {

constexpr auto catalogue_header = "id\tlevel\tarea\tdirection\tkind\taction\tdescription\n";
constexpr auto expected_header = "case\tbase\trevision\tlevel\trule\tmethod\tpath\n";

double value_of(const tools::bench_report& report, const std::string& name) {
  for (auto const& result : report.results)
    if (result.name == name) return result.value;
  FAIL("no result " << name);
  return 0;
}

} // namespace

TEST_CASE("agreement is counted over rows, and told by case") {
  test::scratch_directory const folder;
  folder.write("rules.tsv", std::string{catalogue_header} +
                                "endpoint-added\tINFO\tpaths\tnone\texistence\tadd\tnew\n"
                                "api-tag-added\tINFO\ttags\tnone\texistence\tadd\ttag\n");
  folder.write("one.yaml", "openapi: 3.0.3\npaths: {/a: {get: {}}}\n");
  folder.write("two.yaml", "openapi: 3.0.3\npaths: {/a: {get: {}, put: {}, post: {}}}\n");
  folder.write("expected.tsv", std::string{expected_header} +
                                   "c1\tone.yaml\ttwo.yaml\tinfo\tendpoint-added\tPUT\t/a\n"
                                   "c1\tone.yaml\ttwo.yaml\tinfo\tapi-tag-added\tGET\t/a\n"
                                   "c2\tone.yaml\tone.yaml\tnone\t-\t\t\n"
                                   "c3\tone.yaml\tmissing.yaml\tnone\t-\t\t\n");
  auto const found = bench_compat({folder.path(), {}});
  REQUIRE(found);
  CHECK(found->report.bench == "compat");
  CHECK(value_of(found->report, "all precision") == Approx(0.5));
  CHECK(value_of(found->report, "all recall") == Approx(0.5));
  CHECK(value_of(found->report, "paths precision") == Approx(0.5));
  CHECK(value_of(found->report, "paths recall") == Approx(1));
  CHECK(value_of(found->report, "tags recall") == Approx(0));
  REQUIRE(found->differences.size() == 2);
  CHECK(found->differences[0].name == "c1");
  CHECK(found->differences[0].extra.begin()->method == "POST");
  CHECK(found->differences[0].missing.begin()->rule == "api-tag-added");
  CHECK(found->differences[1].unreadable.find("missing.yaml") != std::string::npos);
}

TEST_CASE("tables without the columns that they should have are named") {
  test::scratch_directory const folder;
  CHECK(bench_compat({folder.path(), {}}).error().code == errc::io);
  folder.write("expected.tsv", "case\tbase\n");
  CHECK(bench_compat({folder.path(), {}}).error().code == errc::parse_error);
}

// The cases are not part of the project: see tests/support/corpus.hpp.
TEST_CASE("the rules agree with the engine whose ids they share") {
  auto const real = tests::corpus();
  if (!real || !std::filesystem::exists(*real / "compatibility" / "expected.tsv")) return;
  auto const found = bench_compat({(*real / "compatibility").string(), {"2026-06-30"}});
  REQUIRE(found);
  CHECK(value_of(found->report, "all precision") > 0.97);
  CHECK(value_of(found->report, "all recall") > 0.97);
}
