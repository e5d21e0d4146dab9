#pragma once

#include "sources/model.hpp"

#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace apisync::test {

/// A model that a test writes, or a real client that the test waits for. Answers within `ask`.
/// Thread-safe.
class scripted_model : public sources::model_client {
public:
  using answer = std::function<sources::model_outcome(const sources::model_request&)>;

  /// From now on the model answers so.
  void set(answer how) {
    const std::scoped_lock lock{mutex_};
    how_ = std::move(how);
  }

  /// From now on the model writes this.
  void write(std::string text) {
    set([text = std::move(text)](const sources::model_request&) -> sources::model_outcome {
      sources::model_text out;
      out.text = text;
      out.prompt_tokens = 100;
      out.answer_tokens = 20;
      return out;
    });
  }

  /// From now on questions go to this client, and each is waited for.
  void use(std::shared_ptr<sources::model_client> client) {
    set([client = std::move(client)](const sources::model_request& request) {
      auto promise = std::make_shared<std::promise<sources::model_outcome>>();
      auto outcome = promise->get_future();
      client->ask(request,
                  [promise](sources::model_outcome said) { promise->set_value(std::move(said)); });
      return outcome.get();
    });
  }

  /// From now on nothing is answered until `release`.
  void hold() {
    const std::scoped_lock lock{mutex_};
    held_ = true;
  }

  void release() {
    std::vector<std::pair<sources::model_request, callback>> waiting;
    {
      const std::scoped_lock lock{mutex_};
      held_ = false;
      waiting.swap(waiting_);
    }
    for (auto& [request, done] : waiting)
      done(outcome(request));
  }

  /// Everything that was ever asked.
  [[nodiscard]] std::vector<sources::model_request> asked() const {
    const std::scoped_lock lock{mutex_};
    return asked_;
  }

  void ask(sources::model_request request, callback done) override {
    {
      const std::scoped_lock lock{mutex_};
      asked_.push_back(request);
      if (held_) {
        waiting_.emplace_back(std::move(request), std::move(done));
        return;
      }
    }
    done(outcome(request));
  }

private:
  sources::model_outcome outcome(const sources::model_request& request) {
    answer how;
    {
      const std::scoped_lock lock{mutex_};
      how = how_;
    }
    if (how) return how(request);
    sources::model_failure none;
    none.kind = "unreachable";
    none.problem = {errc::unavailable, "the test has no model", {}};
    return tl::unexpected(std::move(none));
  }

  mutable std::mutex mutex_;
  answer how_;
  bool held_ = false;
  std::vector<std::pair<sources::model_request, callback>> waiting_;
  std::vector<sources::model_request> asked_;
};

} // namespace apisync::test
