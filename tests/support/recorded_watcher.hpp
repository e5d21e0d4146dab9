#pragma once

#include "sources/fetch.hpp"

#include <map>
#include <mutex>
#include <string>

namespace apisync::test {

/// A watcher that watches nothing and remembers what it was told to. Thread-safe.
class recorded_watcher : public sources::watcher {
public:
  result<void> watch(const std::string& source, const std::string& path) override {
    const std::scoped_lock lock{mutex_};
    watched_[source] = path;
    return {};
  }

  void unwatch(const std::string& source) override {
    const std::scoped_lock lock{mutex_};
    watched_.erase(source);
  }

  /// What is watched now: paths by source.
  [[nodiscard]] std::map<std::string, std::string> watched() const {
    const std::scoped_lock lock{mutex_};
    return watched_;
  }

private:
  mutable std::mutex mutex_;
  std::map<std::string, std::string> watched_;
};

} // namespace apisync::test
