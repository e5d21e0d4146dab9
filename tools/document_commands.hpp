#pragma once

#include "tools/invocation.hpp"

#include <CLI/CLI.hpp>

/// The commands that work without a service.
namespace apisync::tools {

void add_diff_command(CLI::App& app, invocation& call);     ///< `diff OLD NEW`
void add_discover_command(CLI::App& app, invocation& call); ///< `discover TARGET`
void add_merge_command(CLI::App& app, invocation& call);    ///< `merge BASE CURRENT INCOMING`
void add_validate_command(CLI::App& app, invocation& call); ///< `validate FILE…`

} // namespace apisync::tools
