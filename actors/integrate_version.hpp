#pragma once

#include "actors/document_cache.hpp"
#include "actors/interfaces.hpp"

namespace apisync::actors {

/// Takes one fetched version into an API (docs/architecture.md: a sync, followed through the code).
/// What is wrong with the document is an outcome, as for `integrate`.
result<integrated> integrate_version(const take_version& task, const document_reader& documents);

/// Merges the document that a source had last again, for what it selects is another part now, or it
/// was an observer's.
/// Nothing where the source has brought no document yet.
result<integrated> integrate_selection(const take_selection& task,
                                       const document_reader& documents);

} // namespace apisync::actors
