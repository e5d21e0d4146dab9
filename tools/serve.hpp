#pragma once

#include "tools/invocation.hpp"

#include <CLI/CLI.hpp>

#include <optional>
#include <string>

namespace apisync::tools {

/// What `serve` was called with; what is not given comes from the configuration file.
struct serve_options {
  std::string config; ///< Path; empty: no file, everything is made through the HTTP API.
  std::optional<std::string> data;
  std::optional<std::string> listen;
};

/// `serve`: runs the service until SIGTERM or SIGINT; SIGHUP applies the configuration anew.
void add_serve(CLI::App& app, invocation& call);

/// Runs the service. Returns `good` after an orderly end, `wrong_input` for a configuration that
/// cannot be used, `bad_news` for a log that cannot be trusted or was lost twice within a minute.
exit_status serve(const serve_options& options, const invocation& call);

} // namespace apisync::tools
