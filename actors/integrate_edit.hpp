#pragma once

#include "actors/describe.hpp"
#include "actors/interfaces.hpp"
#include "storage/event_log.hpp"

namespace apisync::actors {

/// What is stored was within limits once.
constexpr std::uint64_t stored_bytes_max = 1ULL << 30;

/// Makes a document the current one: its revision and text are added to `out`, or its text alone
/// where nothing but words differ.
result<integrated> publish(const api_context& api, const storage::document_store& documents,
                           next_text next, events::revision_cause cause, std::uint64_t max_bytes,
                           integrated out);

/// A person's edit. Open conflicts at whose places it has the incoming value close.
result<integrated> integrate_edit(const take_edit& task, const storage::document_store& documents);

/// Makes an earlier text the current one. What came in since is refused from then on.
result<integrated> integrate_rollback(const take_rollback& task,
                                      const storage::document_store& documents);

} // namespace apisync::actors
