#pragma once

#include "actors/document_cache.hpp"
#include "actors/interfaces.hpp"

namespace apisync::actors {

/// A person's edit of what is served. Open conflicts at whose places it has the incoming value
/// close. Fails with `conflict` where the API's overlays would undo a part of it.
result<integrated> integrate_edit(const take_edit& task, const document_reader& documents);

/// Lays the overlays anew on what merges go on from.
result<integrated> integrate_overlays(const take_overlays& task, const document_reader& documents);

/// Makes an earlier text the current one. What came in since is refused from then on.
result<integrated> integrate_rollback(const take_rollback& task, const document_reader& documents);

} // namespace apisync::actors
