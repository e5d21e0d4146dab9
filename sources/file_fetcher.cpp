#include "sources/file_fetcher.hpp"

#include "sources/failure.hpp"
#include "sources/file_state.hpp"
#include "sources/read_file.hpp"
#include "specs/digest.hpp"

#include <chrono>
#include <utility>

namespace apisync::sources {

namespace {

bool same_as_last(const file_state& state, const validators& last) {
  return !last.bytes_hash.empty() && last.mtime_ns != 0 && state.size == last.size &&
         state.mtime_ns == last.mtime_ns && state.inode == last.inode;
}

validators seen_in(const file_state& state, std::string bytes_hash, wall_time now) {
  constexpr auto coarsest_file_time = std::chrono::seconds(2); // FAT; others are finer
  const auto read_ns = std::chrono::nanoseconds(now.time_since_epoch()).count();
  const bool settled =
      read_ns - state.mtime_ns > std::chrono::nanoseconds(coarsest_file_time).count();
  validators seen;
  seen.size = state.size;
  seen.mtime_ns = settled ? state.mtime_ns : 0;
  seen.inode = state.inode;
  seen.bytes_hash = std::move(bytes_hash);
  return seen;
}

} // namespace

fetch_outcome read_file_source(const fetch_request& request, const roots& allowed, wall_time now) {
  const auto file = allowed.open_file(request.from.path);
  if (!file) return failed(class_of(file.error()), file.error());
  const auto before = state_of(*file);
  if (!before) return failed(failure_class::transient, before.error());
  if (same_as_last(*before, request.last)) return fetched{{}, request.last};
  if (before->size > request.limits.bytes)
    return failed(failure_class::permanent, errc::limit_exceeded,
                  "has " + std::to_string(before->size) + " bytes, over the limit of " +
                      std::to_string(request.limits.bytes),
                  file->path);

  auto bytes = read_file(*file, before->size);
  if (!bytes) return failed(failure_class::transient, bytes.error());
  const auto after = state_of(*file);
  if (!after || *after != *before || bytes->size() != before->size)
    return failed(failure_class::transient, errc::unavailable,
                  "is being written: it changed while it was read", file->path);
  if (bytes->empty())
    return failed(failure_class::transient, errc::unavailable,
                  "is empty: it may be about to be written", file->path);

  auto hash = sha256::of(*bytes).hex();
  fetched found{{}, seen_in(*before, hash, now)};
  if (hash != request.last.bytes_hash) {
    version taken;
    taken.bytes = std::make_shared<const std::string>(std::move(*bytes));
    found.versions.push_back(std::move(taken));
  }
  return found;
}

file_fetcher::file_fetcher(roots allowed, clock now, std::size_t threads, std::size_t queue_max)
    : allowed_(std::move(allowed)), now_(std::move(now)), workers_(threads, queue_max) {}

void file_fetcher::fetch(fetch_request request, callback done) {
  auto order = std::make_shared<fetch_request>(std::move(request));
  const bool taken = workers_.submit([this, order, done](const std::stop_token& stop) {
    done(stop.stop_requested() ? cancelled(*order) : read_file_source(*order, allowed_, now_()));
  });
  if (!taken) done(overloaded(*order));
}

} // namespace apisync::sources
