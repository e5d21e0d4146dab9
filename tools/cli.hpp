#pragma once

#include "tools/invocation.hpp"

#include <CLI/CLI.hpp>

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace apisync::tools {

/// Adds commands to the program's; their callbacks set `invocation::action`.
using command_group = void (*)(CLI::App& app, invocation& call);

/// The commands that are not part of the service itself: all of service_commands.hpp and
/// document_commands.hpp.
std::span<const command_group> everyday_commands();

/// This program's version: `0.1.0`.
std::string_view program_version();

/// Understands the command line and runs what it says. A call that cannot be understood ends with
/// `wrong_input`, naming what is wrong and, for a word that is nearly a command, which.
/// `arguments` is without the program's name.
exit_status run(const std::vector<std::string>& arguments, std::span<const command_group> groups,
                invocation& call);

} // namespace apisync::tools
