#pragma once

#include "tools/bench_report.hpp"
#include "tools/bench_resolve_model.hpp"
#include "tools/invocation.hpp"

#include <CLI/CLI.hpp>

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace apisync::tools {

/// How a model is measured on true merges.
struct model_bench {
  std::string cases; ///< A folder of true merges: tools/bench_merge_case.hpp.
  events::model_definition model;
  std::size_t merges_max = 0; ///< Of those with conflicts, in the order of ids; 0: all.
  token_prices prices;
};

/// Asks a model about every conflict of the merges, as many at once as it may be asked; what cannot
/// be read or was not committed is passed over. Fails with `io`, `not_found`, and
/// `invalid_argument` for an endpoint that is no address.
[[nodiscard]] result<model_score> score_model(const model_bench& how, const invocation& call);

/// Adds `--endpoint` and what belongs to it.
void add_model_options(CLI::App& app, const std::shared_ptr<model_bench>& how);

} // namespace apisync::tools
