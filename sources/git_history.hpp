#pragma once

#include "sources/fetch.hpp"
#include "sources/git_library.hpp"

#include <cstddef>
#include <cstdint>
#include <stop_token>
#include <string>
#include <string_view>

namespace apisync::sources {

/// How much of a history is taken in at once.
struct git_history_limits {
  std::size_t commits_walked = 100'000;
  std::size_t versions = 1'000;
  std::uint64_t bytes = 256U << 20; ///< of all versions together; older ones are left out
};

/// The commit that a name stands for in this repository: empty is the default branch, else a full
/// name (`refs/…`), a branch, a tag, a remote branch of `origin`, or a full commit id, in this
/// order; for a pattern of tags, the newest (sources/git_tag.hpp). Errors: `not_found`, naming what
/// was looked for.
result<git_oid> resolve_git_ref(git_repository* repository, const std::string& ref);

/// A path as trees have it: without `./`, empty segments and a leading slash.
std::string tree_path(std::string_view path);

/// The versions of `request.from.path` up to the commit `tip`, along first parents, so that each is
/// a state the branch was in: on the first fetch the last one and up to `history` older ones, later
/// those since `request.last.commit`. Of a pattern of tags, the tip's alone. After a forced push,
/// only the tip's. A path that is missing at the tip is `gone`; a directory, symbolic link,
/// submodule or LFS pointer there is `permanent`.
fetch_outcome read_git_document(git_repository* repository, const git_oid& tip,
                                const fetch_request& request, const git_history_limits& limits,
                                const std::stop_token& stop);

} // namespace apisync::sources
