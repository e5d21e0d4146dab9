#pragma once

#include "events/views.hpp"

#include <string>

namespace apisync::admin {

/// Why a source is as it is, in words: `{"id", "state", "summary", "facts": [{"name", "value"}],
/// "advice": ["…"]}`. All times are of the views, none is the clock's.
std::string explain_json(const events::views& in, const events::source_state& source);

} // namespace apisync::admin
