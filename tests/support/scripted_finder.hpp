#pragma once

#include "sources/find.hpp"

#include <map>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace apisync::test {

/// Directories that a test fills: the paths that each search comes to, by the base of its pattern.
/// Thread-safe.
class scripted_finder : public sources::finder {
public:
  void put(const std::string& base, sources::find_outcome outcome) {
    const std::scoped_lock lock{mutex_};
    outcomes_[base] = std::move(outcome);
  }

  void find(sources::find_order order, callback done) override {
    sources::find_outcome outcome;
    {
      const std::scoped_lock lock{mutex_};
      ++searches_[order.files.base()];
      outcome = outcomes_[order.files.base()];
    }
    done(std::move(outcome));
  }

  [[nodiscard]] std::size_t searches(const std::string& base) const {
    const std::scoped_lock lock{mutex_};
    const auto found = searches_.find(base);
    return found == searches_.end() ? 0 : found->second;
  }

private:
  mutable std::mutex mutex_;
  std::map<std::string, sources::find_outcome> outcomes_;
  std::map<std::string, std::size_t> searches_;
};

} // namespace apisync::test
