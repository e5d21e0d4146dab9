#pragma once

#include "events/views.hpp"

#include <string>

namespace apisync::admin {

/// The job that a sync of the source runs: that of its own name, else its first; null where it has
/// none.
const events::job_state* job_of(const events::views& in, const std::string& source);

/// Why a source is as it is, in words: `{"id", "state", "summary", "facts": [{"name", "value"}],
/// "advice": ["…"]}`. All times are of the views, none is the clock's.
std::string explain_json(const events::views& in, const events::source_state& source);

} // namespace apisync::admin
