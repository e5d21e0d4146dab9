#pragma once

#include "tools/invocation.hpp"

#include <CLI/CLI.hpp>

/// The commands that work on files alone, without a service.
namespace apisync::tools {

void add_diff_command(CLI::App& app, invocation& call);     ///< `diff OLD NEW`
void add_merge_command(CLI::App& app, invocation& call);    ///< `merge BASE CURRENT INCOMING`
void add_validate_command(CLI::App& app, invocation& call); ///< `validate FILE…`

} // namespace apisync::tools
