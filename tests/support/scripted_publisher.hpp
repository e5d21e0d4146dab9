#pragma once

#include "sources/publish.hpp"
#include "sources/published_text.hpp"

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace apisync::test {

/// Places that a test reads and writes: what each target has, by its path. Answers within
/// `publish`, or when it is released. Thread-safe.
class scripted_publisher : public sources::publisher {
public:
  /// What is at the target's place.
  [[nodiscard]] std::optional<std::string> at(const std::string& target) const {
    const std::scoped_lock lock{mutex_};
    const auto found = places_.find(target);
    return found == places_.end() ? std::nullopt : std::optional{found->second};
  }

  void put(const std::string& target, std::string bytes) {
    const std::scoped_lock lock{mutex_};
    places_[target] = std::move(bytes);
  }

  /// From now on nothing can be written there; without words, it can again.
  void break_down(const std::string& target, std::optional<std::string> why = "it is full") {
    const std::scoped_lock lock{mutex_};
    if (why)
      broken_[target] = *why;
    else
      broken_.erase(target);
  }

  void hold(const std::string& target) {
    const std::scoped_lock lock{mutex_};
    held_[target];
  }

  void release(const std::string& target) {
    std::vector<std::pair<sources::publish_order, callback>> waiting;
    {
      const std::scoped_lock lock{mutex_};
      waiting = std::move(held_[target]);
      held_.erase(target);
    }
    for (auto& [order, done] : waiting)
      done(outcome(order));
  }

  /// Every order that ever came for the target.
  [[nodiscard]] std::vector<sources::publish_order> orders(const std::string& target) const {
    const std::scoped_lock lock{mutex_};
    const auto found = orders_.find(target);
    return found == orders_.end() ? std::vector<sources::publish_order>{} : found->second;
  }

  void publish(sources::publish_order order, callback done) override {
    {
      const std::scoped_lock lock{mutex_};
      orders_[order.target].push_back(order);
      if (auto held = held_.find(order.target); held != held_.end()) {
        held->second.emplace_back(std::move(order), std::move(done));
        return;
      }
    }
    done(outcome(order));
  }

private:
  sources::publish_outcome outcome(const sources::publish_order& order) {
    const std::scoped_lock lock{mutex_};
    if (const auto why = broken_.find(order.target); why != broken_.end())
      return tl::unexpected(sources::publish_failure{{errc::io, why->second, order.to.path}, {}});
    auto text = order.text();
    if (!text) return tl::unexpected(sources::publish_failure{text.error(), {}});
    const auto found = places_.find(order.target);
    const auto there =
        found == places_.end() ? std::nullopt : std::optional<std::string>{found->second};
    const auto wanted = sources::text_for(order, std::move(*text), there);
    if (!wanted) return tl::unexpected(sources::publish_failure{wanted.error(), {}});
    places_[order.target] = wanted->bytes;
    return sources::published{
        sha256::of(wanted->bytes), wanted->bytes.size(), wanted->verbatim, wanted->found, {}};
  }

  mutable std::mutex mutex_;
  std::map<std::string, std::string> places_, broken_;
  std::map<std::string, std::vector<std::pair<sources::publish_order, callback>>> held_;
  std::map<std::string, std::vector<sources::publish_order>> orders_;
};

} // namespace apisync::test
