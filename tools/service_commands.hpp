#pragma once

#include "tools/invocation.hpp"

#include <CLI/CLI.hpp>

/// The commands that speak with a running service, each noun with its verbs. Each function adds its
/// commands to the program's and remembers the invocation, which must outlive the app.
namespace apisync::tools {

void add_engine_commands(CLI::App& app, invocation& call);   ///< `status`, `engine …`
void add_config_commands(CLI::App& app, invocation& call);   ///< `config …`
void add_source_commands(CLI::App& app, invocation& call);   ///< `source …`
void add_job_commands(CLI::App& app, invocation& call);      ///< `job …`
void add_host_commands(CLI::App& app, invocation& call);     ///< `host …`
void add_api_commands(CLI::App& app, invocation& call);      ///< `api …`
void add_overlay_command(CLI::App& api, invocation& call);   ///< `api overlays`
void add_conflict_commands(CLI::App& app, invocation& call); ///< `conflict …`
void add_webhook_commands(CLI::App& app, invocation& call);  ///< `webhook …`
void add_folder_commands(CLI::App& app, invocation& call);   ///< `folder …`
void add_target_commands(CLI::App& app, invocation& call);   ///< `target …`

} // namespace apisync::tools
