#pragma once

#include "tools/invocation.hpp"

#include <CLI/CLI.hpp>

namespace apisync::tools {

/// `log show|verify|replay|export|stats`: what a data directory holds, beside a running service
/// too. docs/operations.md has what they print.
void add_log_commands(CLI::App& app, invocation& call);

} // namespace apisync::tools
