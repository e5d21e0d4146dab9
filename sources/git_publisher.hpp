#pragma once

#include "sources/publish.hpp"
#include "sources/roots.hpp"

namespace apisync::sources {

/// Commits a document to a branch of a repository on this machine (inside the roots, bare or not),
/// now, on this thread: objects first, then the branch is moved, and only if it is still where it
/// was. A branch that is missing begins at the default branch. A branch that somebody has checked
/// out is refused, for the files there would seem to undo the commit.
publish_outcome publish_git(const publish_order& order, const roots& allowed);

} // namespace apisync::sources
