#pragma once

#include "tools/log_access.hpp"

namespace apisync::tools {

/// Folds the log anew and prints what it comes to: one object with `sequence`, `status`, `metrics`
/// and `history`, equal to what the service answered at that sequence; or the same for people.
exit_status replay_log(const log_request& wanted, const invocation& call);

} // namespace apisync::tools
