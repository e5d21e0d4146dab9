#pragma once

#include "tools/log_access.hpp"

namespace apisync::tools {

/// Verifies a whole log and prints what was looked at and found: the storage's own verification of
/// every block, index and document, and then that every record means something and that the
/// documents which it names are there. Bad news where anything is wrong.
exit_status verify_log(const log_request& wanted, const invocation& call);

} // namespace apisync::tools
