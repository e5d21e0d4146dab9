#pragma once

#include "sources/deliver.hpp"

#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace apisync::test {

/// Receivers that a test writes: what each answers. One that nothing was said of takes everything.
/// Answers within `send`. Thread-safe.
class scripted_sender : public sources::sender {
public:
  using answer = std::function<sources::delivery_outcome(const sources::delivery_request&)>;

  /// From now on the receiver answers so.
  void set(const std::string& receiver, answer how) {
    const std::scoped_lock lock{mutex_};
    answers_[receiver] = std::move(how);
  }

  /// From now on the receiver is well.
  void recover(const std::string& receiver) { set(receiver, {}); }

  /// From now on the receiver answers an error that may pass.
  void break_down(const std::string& receiver,
                  std::optional<std::chrono::seconds> retry_after = {}) {
    set(receiver, [retry_after](const sources::delivery_request&) -> sources::delivery_outcome {
      return tl::unexpected(sources::delivery_failure{
          {errc::unavailable, "answered 503", "https://receiver.example"}, false, retry_after});
    });
  }

  /// From now on nothing that is sent to the receiver is answered until `release`.
  void hold(const std::string& receiver) {
    const std::scoped_lock lock{mutex_};
    held_[receiver];
  }

  void release(const std::string& receiver) {
    std::vector<std::pair<sources::delivery_request, callback>> waiting;
    {
      const std::scoped_lock lock{mutex_};
      waiting = std::move(held_[receiver]);
      held_.erase(receiver);
    }
    for (auto& [request, done] : waiting)
      done(outcome(request));
  }

  /// Everything that was ever sent to the receiver, repeats included.
  [[nodiscard]] std::vector<sources::delivery_request> sent(const std::string& receiver) const {
    const std::scoped_lock lock{mutex_};
    const auto found = sent_.find(receiver);
    return found == sent_.end() ? std::vector<sources::delivery_request>{} : found->second;
  }

  void send(sources::delivery_request request, callback done) override {
    {
      const std::scoped_lock lock{mutex_};
      sent_[request.receiver].push_back(request);
      if (auto held = held_.find(request.receiver); held != held_.end()) {
        held->second.emplace_back(std::move(request), std::move(done));
        return;
      }
    }
    done(outcome(request));
  }

private:
  sources::delivery_outcome outcome(const sources::delivery_request& request) {
    answer how;
    {
      const std::scoped_lock lock{mutex_};
      how = answers_[request.receiver];
    }
    return how ? how(request) : sources::delivery_outcome{sources::delivered{200}};
  }

  mutable std::mutex mutex_;
  std::map<std::string, answer> answers_;
  std::map<std::string, std::vector<std::pair<sources::delivery_request, callback>>> held_;
  std::map<std::string, std::vector<sources::delivery_request>> sent_;
};

} // namespace apisync::test
