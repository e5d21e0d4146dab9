#pragma once

#include "tools/service_command.hpp"

namespace apisync::tools {

/// Prints a conflict for people: where it is, and the three values.
void print_conflict(const json& conflict, const invocation& call);

/// Prints what lies around it, who made either side and when, and what each choice would change.
void print_context(const json& context, const invocation& call);

} // namespace apisync::tools
