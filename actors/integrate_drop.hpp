#pragma once

#include "actors/document_cache.hpp"
#include "actors/interfaces.hpp"

namespace apisync::actors {

/// Takes out of an API's document what a removed source left there: its operations, components and
/// tags that are still as it had them. What people have changed, what another source declares, and
/// what anything that stays refers to, stays. Errors: `not_found` where the source left nothing,
/// `conflict` where it is still declared.
result<integrated> integrate_drop(const take_drop& task, const document_reader& documents);

} // namespace apisync::actors
