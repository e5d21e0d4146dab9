#pragma once

#include "actors/document_cache.hpp"
#include "actors/interfaces.hpp"

namespace apisync::actors {

/// What somebody decided about open conflicts, all or none. `review` opens the places of one
/// question each by itself. Fails with `not_found` for a conflict that is not open,
/// `invalid_argument` for a choice that it does not have or a value that does not fit.
result<integrated> integrate_resolution(const take_resolution& task,
                                        const document_reader& documents);

/// Takes decisions back: their places get the value again that current had, and the conflicts are
/// open. Fails with `conflict` where the place has changed since.
result<integrated> integrate_undo(const take_undo& task, const document_reader& documents);

/// Decides open conflicts by the rules as they are now.
result<integrated> integrate_rules(const take_rules& task, const document_reader& documents);

} // namespace apisync::actors
