#pragma once

#include "actors/interfaces.hpp"
#include "storage/event_log.hpp"

namespace apisync::actors {

/// Takes one fetched version into an API (docs/architecture.md: a sync, followed through the code).
/// What is wrong with the document is an outcome, as for `integrate`.
result<integrated> integrate_version(const take_version& task,
                                     const storage::document_store& documents);

} // namespace apisync::actors
