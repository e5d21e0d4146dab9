#pragma once

#include "specs/compat.hpp"
#include "tools/bench_report.hpp"
#include "tools/invocation.hpp"

#include <CLI/CLI.hpp>

#include <map>
#include <set>
#include <string>
#include <tuple>
#include <vector>

namespace apisync::tools {

/// What two versions were said to differ in, told once for each operation.
struct compat_row {
  std::string rule, level, method, path;

  bool operator==(const compat_row&) const = default;
  bool operator<(const compat_row& other) const {
    return std::tie(rule, level, method, path) <
           std::tie(other.rule, other.level, other.method, other.path);
  }
};

/// Two versions of a document and the rows that are expected of them.
struct compat_case {
  std::string before, after; ///< Files, from the folder of cases.
  std::set<compat_row> expected;
};

/// What is said of one case by one side alone.
struct compat_difference {
  std::string name;
  std::set<compat_row> missing = {}; ///< Expected, and not said.
  std::set<compat_row> extra = {};   ///< Said, and not expected.
  std::string unreadable = {};       ///< Why the case could not be judged; empty where it was.
};

struct compat_bench {
  std::string folder; ///< With `expected.tsv`, `rules.tsv` and the files that they name.
  specs::compat_options judging;
};

struct compat_agreement {
  bench_report report; ///< Shares: `all precision`, `all recall`, and both for each area.
  std::vector<compat_difference> differences; ///< By case; cases that agree are left out.
};

/// Judges every case and compares what is said with what is expected. Fails with `io`, with
/// `parse_error` where a table has not the columns that it should have.
[[nodiscard]] result<compat_agreement> bench_compat(const compat_bench& how);

/// Adds `compat` to the benchmarks.
void add_bench_compat(CLI::App& bench, invocation& call);

} // namespace apisync::tools
