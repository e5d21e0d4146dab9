#pragma once

#include "tools/log_access.hpp"

namespace apisync::tools {

/// Counts what a log holds: records and bytes by stream kind and by type, and its documents.
exit_status count_log(const log_request& wanted, const invocation& call);

} // namespace apisync::tools
