#pragma once

#include "sources/fetch.hpp"

#include <map>
#include <mutex>
#include <string>
#include <vector>

namespace apisync::test {

/// A watcher that watches nothing and remembers what it was told to. Thread-safe.
class recorded_watcher : public sources::watcher {
public:
  result<void> watch(const std::string& source, const std::vector<std::string>& paths) override {
    const std::scoped_lock lock{mutex_};
    watched_[source] = paths.front();
    files_[source] = paths;
    return {};
  }

  void unwatch(const std::string& source) override {
    const std::scoped_lock lock{mutex_};
    watched_.erase(source);
    files_.erase(source);
  }

  /// All files of a source that are watched.
  [[nodiscard]] std::vector<std::string> files(const std::string& source) const {
    const std::scoped_lock lock{mutex_};
    const auto found = files_.find(source);
    return found == files_.end() ? std::vector<std::string>{} : found->second;
  }

  /// What is watched now: the first path of each source.
  [[nodiscard]] std::map<std::string, std::string> watched() const {
    const std::scoped_lock lock{mutex_};
    return watched_;
  }

private:
  mutable std::mutex mutex_;
  std::map<std::string, std::string> watched_;
  std::map<std::string, std::vector<std::string>> files_;
};

} // namespace apisync::test
