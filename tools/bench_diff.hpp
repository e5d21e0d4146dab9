#pragma once

#include "tools/bench_report.hpp"

#include <string>
#include <vector>

namespace apisync::tools {

/// How the benchmark of documents is run.
struct diff_bench {
  std::string before; ///< Files, JSON or YAML.
  std::string after;
  std::string third;             ///< The merge's incoming side; empty: `before` with 100 changes.
  std::vector<std::string> yaml; ///< Further YAML files to be read into the tree.
  int rounds = 9;
};

/// What it costs to read two versions, to compare and to judge them, and to merge three: beside
/// simdjson that only parses the same texts (DOM, a new parser for each), and for YAML beside
/// libyaml's events; each step apart; the peak of memory beside the files' size; and the cost of
/// comparing by the number of changes. Fails as reading the files does.
result<bench_report> bench_diff(const diff_bench& how);

} // namespace apisync::tools
