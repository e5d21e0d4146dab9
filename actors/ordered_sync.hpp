#pragma once

#include "actors/interfaces.hpp"
#include "storage/event_log.hpp"

namespace apisync::actors {

/// The sync that an order (`sync_requested`) led to, read from the log: the first one that was
/// started for an order after it. The outcome is `none`, and the sequence that of the order, while
/// it has not ended. `corrupt` where that record is no order.
result<sync_ended> find_ordered_sync(const storage::event_log& log, events::sequence request);

} // namespace apisync::actors
