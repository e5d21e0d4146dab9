#pragma once

#include "admin/message.hpp"

#include <string>

namespace apisync::admin {

/// The problem details with which the server itself refuses a request, before any handler sees it.
response refusal(int status, std::string detail);

/// An answer as it goes over the wire, `Connection: close` included; for when the request cannot be
/// answered in the usual way.
std::string wire_text(const response& answer);

} // namespace apisync::admin
