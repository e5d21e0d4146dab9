#pragma once

#include "sources/fetch.hpp"
#include "sources/roots.hpp"
#include "sources/worker_pool.hpp"

namespace apisync::sources {

/// Reads the file of a request now, on this thread. Size, modification time and inode are asked
/// first: the same as in `last` is nothing new, and so are other times with the same bytes. A file
/// that changes while it is read, or is empty, is `transient`; a missing one `gone`; a directory,
/// an unreadable file, one over the limit and one outside the roots `permanent`.
///
/// `now` is when this is called: a file modified within the two seconds before it could change
/// again without its time showing it, so its time is not kept and it is read again next time.
fetch_outcome read_file_source(const fetch_request& request, const roots& allowed, wall_time now);

/// Fetches file sources on a few threads of its own.
class file_fetcher final : public fetcher {
public:
  using clock = std::function<wall_time()>;

  /// `queue_max` fetches wait at most; more are refused as `overloaded`.
  file_fetcher(roots allowed, clock now, std::size_t threads = 2, std::size_t queue_max = 10'000);

  void fetch(fetch_request request, callback done) override;

private:
  const roots allowed_;
  const clock now_;
  worker_pool workers_; // last: its threads use the rest
};

} // namespace apisync::sources
