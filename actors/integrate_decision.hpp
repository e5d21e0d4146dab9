#pragma once

#include "actors/interfaces.hpp"
#include "storage/event_log.hpp"

namespace apisync::actors {

/// What somebody decided about open conflicts, all or none. `review` opens the places of one
/// question each by itself. Fails with `not_found` for a conflict that is not open,
/// `invalid_argument` for a choice that it does not have or a value that does not fit.
result<integrated> integrate_resolution(const take_resolution& task,
                                        const storage::document_store& documents);

/// Takes decisions back: their places get the value again that current had, and the conflicts are
/// open. Fails with `conflict` where the place has changed since.
result<integrated> integrate_undo(const take_undo& task, const storage::document_store& documents);

/// Decides open conflicts by the rules as they are now.
result<integrated> integrate_rules(const take_rules& task,
                                   const storage::document_store& documents);

} // namespace apisync::actors
