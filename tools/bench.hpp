#pragma once

#include "tools/invocation.hpp"

#include <CLI/CLI.hpp>

namespace apisync::tools {

/// `bench append|replay|log-size|diff`: how fast and how large, measured beside the limits of the
/// same machine in the same run. docs/operations.md says how.
void add_bench(CLI::App& app, invocation& call);

} // namespace apisync::tools
