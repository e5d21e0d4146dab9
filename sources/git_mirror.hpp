#pragma once

#include "sources/fetch.hpp"
#include "sources/git_fetcher.hpp"

#include <stop_token>

namespace apisync::sources {

/// Reads the document of a request from a repository behind http or https, now, on this thread. The
/// server is first asked where the reference is: still there is nothing new. Else the reference is
/// fetched into a bare mirror in the cache directory, named by the hash of the URL. One thread at a
/// time may use a cache directory.
fetch_outcome read_remote_git(const fetch_request& request, const git_settings& settings,
                              const std::stop_token& stop);

} // namespace apisync::sources
