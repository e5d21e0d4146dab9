#pragma once

#include "sources/fetch.hpp"
#include "sources/git_history.hpp"
#include "sources/roots.hpp"

#include <stop_token>

namespace apisync::sources {

/// Reads the document of a request from a repository on this machine, now, on this thread. The
/// repository, its common directory and the object stores that it borrows from must lie inside the
/// roots.
fetch_outcome read_local_git(const fetch_request& request, const roots& allowed,
                             const git_history_limits& limits, const std::stop_token& stop);

} // namespace apisync::sources
