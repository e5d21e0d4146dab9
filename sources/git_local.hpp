#pragma once

#include "sources/fetch.hpp"
#include "sources/git_history.hpp"
#include "sources/git_library.hpp"
#include "sources/roots.hpp"

#include <stop_token>

namespace apisync::sources {

/// Opens a repository on this machine, by its path or a `file://` URL of that. It, its common
/// directory and the object stores that it borrows from must lie inside the roots. Errors:
/// `not_found`, `forbidden`, `invalid_argument` for what is no repository.
result<git_repository_ptr> open_local_git(std::string url, const roots& allowed);

/// Reads the document of a request from a repository on this machine, now, on this thread.
fetch_outcome read_local_git(const fetch_request& request, const roots& allowed,
                             const git_history_limits& limits, const std::stop_token& stop);

} // namespace apisync::sources
