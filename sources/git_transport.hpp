#pragma once

#include "sources/fetch.hpp"
#include "sources/git_fetcher.hpp"
#include "sources/http_connection.hpp"

#include <git2.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

struct git_transport;

namespace apisync::sources {

/// What the requests of one fetch from a git server share. libgit2 has no timeouts and no say in
/// which addresses it connects to, so its smart protocol runs over requests made here, with curl,
/// under the same policy as every other source.
struct git_session {
  const fetch_request& request;
  const git_settings& settings;
  const std::stop_token& stop;
  http_url base;                    ///< of the repository
  std::vector<std::string> headers; ///< resolved
  tls_identity tls;
  address_guard guard;
  std::chrono::steady_clock::time_point deadline;
  std::uint64_t bytes_left = 0;
  std::optional<fetch_failure> failure; ///< Why a request failed: says more than libgit2's error.
};

/// For `git_remote_callbacks::transport`; `session` is a `git_session` that outlives the remote.
int make_git_transport(git_transport** out, git_remote* owner, void* session);

} // namespace apisync::sources
