#pragma once

#include "events/config.hpp"
#include "tools/service_command.hpp"

#include <string>

namespace apisync::tools {

/// A configuration file, and what it is compared with.
struct plan_request {
  std::string file; ///< Its name, for messages.
  std::string text;
  std::string data;           ///< A data directory; empty: the running service.
  events::config_files files; ///< What the file may name.
};

/// What applying the file would change, as `POST /v1/config/plan` answers it. `next` is the file,
/// read.
result<std::string> make_plan(const plan_request& wanted, const client& service,
                              const events::config& next, const invocation& call);

/// Prints a plan. Bad news where the file would be refused.
exit_status print_plan(const std::string& text, const invocation& call, bool as_json);

} // namespace apisync::tools
