// Agreement with what a widely used rule engine says of several hundred pairs of documents. They
// are not part of the project: APISYNC_CORPUS names their folder, else ../shared/corpus is tried.
#include "specs/compat.hpp"
#include "specs/parse.hpp"

#include <catch2/catch.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <sstream>

using namespace apisync::specs;

namespace {

std::filesystem::path corpus() {
  if (const char* given = std::getenv("APISYNC_CORPUS")) return given;
  const auto source = std::filesystem::path{__FILE__}.parent_path().parent_path().parent_path();
  return source.parent_path() / "shared" / "corpus";
}

std::string content_of(const std::filesystem::path& file) {
  std::ifstream in{file, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}

document_ptr document_of(const std::filesystem::path& file) {
  parse_options options;
  options.name = file.string();
  options.repeated = repeated_names::keep_last;
  auto made = parse(content_of(file), options);
  return made ? made->document : nullptr;
}

struct case_rows {
  std::string before;
  std::string after;
  std::set<std::string> rows; ///< Rule, level, method and path, with tabs.
};

std::map<std::string, case_rows> read_cases(const std::filesystem::path& file) {
  std::map<std::string, case_rows> cases;
  std::istringstream lines{content_of(file)};
  std::string line;
  std::getline(lines, line); // the names of the columns
  while (std::getline(lines, line)) {
    std::vector<std::string> cells;
    std::istringstream row{line};
    for (std::string cell; std::getline(row, cell, '\t');)
      cells.push_back(cell);
    cells.resize(7);
    auto& into = cases[cells[0]];
    into.before = cells[1];
    into.after = cells[2];
    if (cells[3] != "none")
      into.rows.insert(cells[4] + '\t' + cells[3] + '\t' + cells[5] + '\t' + cells[6]);
  }
  return cases;
}

std::set<std::string> rows_of(const compat_report& report) {
  std::set<std::string> rows;
  for (const auto& each : report.findings) {
    if (!each.judged) continue;
    const auto head = each.rule + '\t' + std::string{to_string(each.level)} + '\t';
    if (each.operations.empty()) rows.insert(head + '\t');
    for (const auto& operation : each.operations)
      rows.insert(head + operation.method + '\t' + operation.path);
  }
  return rows;
}

} // namespace

TEST_CASE("the rules agree with the engine whose ids they share") {
  const auto folder = corpus() / "compatibility";
  if (!std::filesystem::exists(folder / "expected.tsv")) {
    WARN("no corpus at " << folder << ": skipped");
    return;
  }
  double agreed = 0;
  double ours = 0;
  double theirs = 0;
  for (const auto& [id, wanted] : read_cases(folder / "expected.tsv")) {
    const auto before = document_of(folder / wanted.before);
    const auto after = document_of(folder / wanted.after);
    INFO(id);
    REQUIRE(before);
    REQUIRE(after);
    const auto rows = rows_of(judge(*before, *after, {"2024-06-01"}));
    ours += static_cast<double>(rows.size());
    theirs += static_cast<double>(wanted.rows.size());
    for (const auto& row : rows)
      agreed += wanted.rows.contains(row) ? 1 : 0;
  }
  CHECK(agreed / ours > 0.97);
  CHECK(agreed / theirs > 0.97);
}
