#pragma once

#include "sources/fetch.hpp"
#include "specs/digest.hpp"

#include <map>
#include <mutex>
#include <string>
#include <vector>

namespace apisync::test {

/// A network that a test writes: what each source has now, or how it fails. Answers within `fetch`.
/// Thread-safe.
class scripted_fetcher : public sources::fetcher {
public:
  /// From now on the source has this document.
  void set(const std::string& source, std::string bytes) {
    const std::scoped_lock lock{mutex_};
    contents_[source] = std::make_shared<const std::string>(std::move(bytes));
    failures_.erase(source);
  }

  /// From now on the source has this history, all of which each fetch brings, whatever was seen
  /// before: as after an end between taking it in and noting so.
  void set_history(const std::string& source, std::vector<sources::version> versions) {
    const std::scoped_lock lock{mutex_};
    histories_[source] = std::move(versions);
  }

  /// From now on the source fails.
  void break_down(const std::string& source, sources::fetch_failure failure) {
    const std::scoped_lock lock{mutex_};
    failures_[source] = std::move(failure);
  }

  /// From now on fetches of the source do not answer until `release`.
  void hold(const std::string& source) {
    const std::scoped_lock lock{mutex_};
    held_[source];
  }

  void release(const std::string& source) {
    std::vector<std::pair<sources::fetch_request, callback>> waiting;
    {
      const std::scoped_lock lock{mutex_};
      waiting = std::move(held_[source]);
      held_.erase(source);
    }
    for (auto& [request, done] : waiting)
      done(answer(request));
  }

  [[nodiscard]] std::size_t fetches(const std::string& source) const {
    const std::scoped_lock lock{mutex_};
    const auto found = counts_.find(source);
    return found == counts_.end() ? 0 : found->second;
  }

  void fetch(sources::fetch_request request, callback done) override {
    {
      const std::scoped_lock lock{mutex_};
      ++counts_[request.source];
      if (auto held = held_.find(request.source); held != held_.end()) {
        held->second.emplace_back(std::move(request), std::move(done));
        return;
      }
    }
    done(answer(request));
  }

private:
  sources::fetch_outcome answer(const sources::fetch_request& request) {
    const std::scoped_lock lock{mutex_};
    if (auto failure = failures_.find(request.source); failure != failures_.end())
      return tl::unexpected{failure->second};
    if (auto history = histories_.find(request.source); history != histories_.end()) {
      sources::fetched out;
      out.versions = history->second;
      out.seen.commit = history->second.back().commit;
      return out;
    }
    const auto content = contents_.find(request.source);
    if (content == contents_.end())
      return tl::unexpected{sources::fetch_failure{
          sources::failure_class::gone,
          {errc::not_found, "the test has no document for this source", request.source},
          {}}};
    sources::fetched out;
    out.seen.bytes_hash = sha256::of(*content->second).hex();
    out.seen.size = content->second->size();
    if (request.from.type == sources::location::kind::http)
      out.seen.etag = '"' + out.seen.bytes_hash.substr(0, 16) + '"';
    if (out.seen.bytes_hash != request.last.bytes_hash) {
      sources::version version;
      version.bytes = content->second;
      out.versions.push_back(std::move(version));
    }
    return out;
  }

  mutable std::mutex mutex_;
  std::map<std::string, std::shared_ptr<const std::string>> contents_;
  std::map<std::string, std::vector<sources::version>> histories_;
  std::map<std::string, sources::fetch_failure> failures_;
  std::map<std::string, std::vector<std::pair<sources::fetch_request, callback>>> held_;
  std::map<std::string, std::size_t> counts_;
};

} // namespace apisync::test
