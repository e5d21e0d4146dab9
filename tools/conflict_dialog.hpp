#pragma once

#include "tools/client.hpp"
#include "tools/invocation.hpp"

namespace apisync::tools {

/// Asks a person about one open conflict after the other, on the invocation's streams. Good news
/// where none is open at the end.
/// @param query filters, as `GET /v1/conflicts` has them
exit_status resolve_interactively(const client& service, const invocation& call,
                                  admin::name_values query);

} // namespace apisync::tools
