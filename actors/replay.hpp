#pragma once

#include "events/views.hpp"
#include "storage/event_log.hpp"

namespace apisync::actors {

/// Folds the log from its beginning, up to a sequence or time where one is given. Fails with what
/// the log or the fold fails with first.
result<events::views> replay(const storage::event_log& log,
                             const storage::read_filter& filter = {});

} // namespace apisync::actors
