#pragma once

#include "actors/interfaces.hpp"
#include "events/views.hpp"

#include <string>

namespace apisync::admin {

/// How a sync ended, as one JSON object; what the views say of the source's quarantine is added.
std::string sync_json(const actors::sync_ended& ended, const events::views& now);

} // namespace apisync::admin
