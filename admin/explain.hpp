#pragma once

#include "actors/interfaces.hpp"
#include "events/views.hpp"

#include <string>

namespace apisync::admin {

/// The job that a sync of the source runs: that of its own name, else its first; null where it has
/// none.
const events::job_state* job_of(const events::views& in, const std::string& source);

/// Why a source is as it is, in words: `{"id", "state", "summary", "facts": [{"name", "value"}],
/// "waits": [{"name", "words"}], "advice": ["…"]}`. All times are of the views, none is the
/// clock's, but in `waits`: what the scheduler says of this moment; without it, for the past, there
/// are none.
std::string explain_json(const events::views& in, const events::source_state& source,
                         const actors::waits* present = nullptr);

} // namespace apisync::admin
