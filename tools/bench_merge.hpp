#pragma once

#include "tools/bench_report.hpp"

#include <CLI/CLI.hpp>

#include <string>

namespace apisync::tools {

/// How the merge benchmark is run.
struct merge_bench {
  std::string cases; ///< A folder of true merges: tools/bench_merge_case.hpp.
  bool list = false; ///< Tell each case that is not clean and as committed, on the error output.
};

struct merge_figures {
  bench_report report;
  bool damaged = false; ///< A merge without conflict failed its proof.
};

/// What became of true merges that people committed, by stratum, beside git's merge of the same
/// lines: the share merged without conflict, semantic conflicts apart, and the share equal to what
/// was committed. Every merge without conflict is proved (specs/merge_proof.hpp). Fails with `io`
/// and `not_found`.
result<merge_figures> bench_merge(const merge_bench& how, const invocation& call);

/// Adds `merge` to the benchmarks.
void add_bench_merge(CLI::App& bench, invocation& call);

} // namespace apisync::tools
