#pragma once

#include "sources/address_policy.hpp"
#include "sources/fetch.hpp"
#include "sources/git_history.hpp"
#include "sources/roots.hpp"
#include "sources/worker_pool.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

namespace apisync::sources {

struct git_settings {
  roots allowed;               ///< for local repositories and `file:` references in headers
  address_policy addresses;    ///< allowed to every source, besides its own list
  std::string cache_directory; ///< for mirrors of remote repositories; empty: none are fetched
  std::string user_agent = "apisync";
  std::string ca_file;                                       ///< PEM file; empty: the system's
  std::chrono::milliseconds transfer_timeout{300'000};       ///< for a whole clone
  std::uint64_t transfer_bytes_max = std::uint64_t{2} << 30; ///< of one clone or update
  git_history_limits history;
  std::size_t waiting_max = 1'000; ///< more are refused as `overloaded`
  std::function<wall_time()> now;  ///< for `Retry-After` dates
};

/// Fetches git sources with libgit2: local repositories (inside the roots, bare or not) are read in
/// place, on one thread; those behind http and https are kept as bare mirrors in the cache
/// directory, of which only the asked reference is fetched, on another. Other protocols are
/// `unsupported`. A missing repository or reference is `permanent`, a missing path `gone`.
class git_fetcher final : public fetcher {
public:
  explicit git_fetcher(git_settings settings);

  void fetch(fetch_request request, callback done) override;

private:
  const git_settings settings_;
  worker_pool local_; // last: their threads use the rest
  worker_pool remote_;
};

} // namespace apisync::sources
