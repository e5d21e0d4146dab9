#pragma once

#include "actors/conflict_rules.hpp"
#include "tools/bench_report.hpp"
#include "tools/invocation.hpp"

#include <CLI/CLI.hpp>

#include <functional>
#include <string>
#include <vector>

namespace apisync::tools {

/// A conflict of a true merge, and what people made of it.
struct judged_conflict {
  std::string where; ///< The case and the identity path.
  specs::conflict conflict;
  specs::node committed; ///< What stands there in what was committed; no node where nothing does.
};

/// Decides conflicts as the service would; `open` for those that it leaves to people.
using conflict_decider = std::function<actors::ruling(const judged_conflict&)>;

struct resolve_bench {
  std::string cases;
  std::string rules; ///< A configuration file whose `rules` come before the shipped ones; or none.
  bool list = false; ///< Tell each decision that differs from people's, on the error output.
};

/// Merges true cases and has their conflicts decided: which share is decided, and which share of
/// those as people did. Fails as `find_merge_cases` does, and where the rules cannot be read.
result<bench_report> bench_resolve(const resolve_bench& how, const invocation& call);

/// The same with another decider, told as `name`.
result<bench_report> bench_resolve(const resolve_bench& how, const std::string& name,
                                   const conflict_decider& decide, const invocation& call);

void add_bench_resolve(CLI::App& bench, invocation& call);

} // namespace apisync::tools
