#pragma once

#include "admin/answers.hpp"
#include "admin/app.hpp"
#include "admin/document_turns.hpp"
#include "admin/past.hpp"

#include <atomic>
#include <cstdint>

namespace apisync::admin {

/// Deliveries to `POST /v1/hooks/{source}` since the process started. What was refused is in no
/// log, which strangers could fill.
struct hook_counts {
  std::atomic<std::uint64_t> accepted{0}, repeated{0}, refused{0};
};

/// What the handlers of all routes stand on. Thread-safe.
class api_context {
public:
  api_context(actors::service& service, app_options options);

  [[nodiscard]] actors::service& service() const { return service_; }
  [[nodiscard]] const app_options& options() const { return options_; }
  [[nodiscard]] actors::snapshot now() const { return service_.now(); }

  /// The views that a request asks for: the newest, or those of `?at=`. Fails with
  /// `invalid_argument` for a moment that the log does not have.
  [[nodiscard]] result<actors::snapshot> view(const request& asked) const;

  /// The views to answer a change from: the newest, or those right after it where it was carried
  /// out before, under its `Idempotency-Key`.
  [[nodiscard]] result<actors::snapshot> after(const actors::answer& done) const;

  /// Counts a delivery to a source, by what became of it.
  [[nodiscard]] hook_counts& hooks() const { return hooks_; }

  /// Of requests that read whole documents.
  [[nodiscard]] document_turns& turns() const { return turns_; }

  /// Who changes something, under a correlation id of its own, and, for a `POST`, the command to be
  /// remembered where there is an `Idempotency-Key`. Fails with `invalid_argument` for a wrong key.
  [[nodiscard]] result<actors::asked_by> author_of(const request& asked) const;

private:
  actors::service& service_;
  app_options options_;
  std::string request_prefix_; ///< Differs between processes.
  mutable std::atomic<std::uint64_t> requests_{0};
  mutable past past_;
  mutable hook_counts hooks_;
  mutable document_turns turns_;
};

/// Has a change carried out for whoever asks, and gives the views to answer from.
template <class Order>
result<actors::snapshot> carried_out(const api_context& in, const request& asked, Order order) {
  auto who = in.author_of(asked);
  if (!who) return tl::unexpected{who.error()};
  order.asked = std::move(*who);
  auto const done = in.service().change(order);
  if (!done) return tl::unexpected{done.error()};
  return in.after(*done);
}

/// Tries a change that is made of what was read, and again on newer views where somebody else was
/// faster, a few times.
template <class Try>
result<response> until_not_overtaken(const api_context& in, Try change) {
  constexpr int tries = 32; // each lost try is another's change
  for (int left = tries;; --left) {
    auto answer = change();
    if (answer || answer.error().code != errc::conflict || left == 0) return answer;
    if (auto seen = in.service().await(in.service().log().head()); !seen) return answer;
  }
}

/// A handler of one route.
using api_handler = result<response> (*)(const api_context&, const request&);

/// The handler with its context, answering failures with their problems.
inline std::function<response(const request&)> handled(const api_context& in, api_handler handler) {
  return answering([&in, handler](const request& asked) { return handler(in, asked); });
}

/// As `handled`, for a handler that reads whole documents: a few work at once.
inline std::function<response(const request&)> handled_in_turn(const api_context& in,
                                                               api_handler handler) {
  return answering([&in, handler](const request& asked) -> result<response> {
    auto const turn = in.turns().take();
    if (!turn) return tl::unexpected{turn.error()};
    return handler(in, asked);
  });
}

} // namespace apisync::admin
