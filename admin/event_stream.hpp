#pragma once

#include "admin/message.hpp"
#include "storage/event_log.hpp"

#include <functional>
#include <string>

namespace apisync::admin {

/// A record as JSON, in the shape of docs/http-api.md.
std::string event_json(const events::record_view& record);

/// Server-sent events (HTML Living Standard §9.2): one per matching record after `filter.after`, in
/// the order of the log, and on with what is appended, until the reader or the server goes. `id` is
/// the sequence, `event` the type, `data` the record. Between two looks at the log it calls
/// `pause`, and it says something at least every `heartbeat_pauses` of them.
stream_body stream_events(const storage::event_log& log, storage::read_filter filter,
                          std::function<void()> pause);

/// Silence of at most so many pauses: 15 s by default.
inline constexpr int heartbeat_pauses = 150;

} // namespace apisync::admin
