#include "actors/journal.hpp"

namespace apisync::actors {

namespace {

constexpr std::chrono::seconds room_check{1}; // between two looks at a disk that is full

} // namespace

void journal_state::open(std::shared_ptr<storage::event_log> log, wall_clock now,
                         queue_limits limits, log_failure_handler on_failure) {
  log_ = std::move(log);
  now_ = std::move(now);
  limits_ = limits;
  on_failure_ = std::move(on_failure);
}

caf::result<storage::appended> journal_state::append(const append_order& order) {
  if (failed_) return to_caf(*failed_);
  if (pending_.size() >= limits_.journal_pending)
    return to_caf({errc::overloaded, "too many appends wait for the disk; try again", {}});
  auto reply = self_->make_response_promise<storage::appended>();
  pending_.push_back({order.what, reply});
  if (!flushing_) {
    flushing_ = true;
    self_->send(self_, flush_appends{});
  }
  return reply;
}

void journal_state::flush() {
  flushing_ = false;
  if (failed_ || pending_.empty()) return;
  if (!log_->room()) {
    // Everything waits, nothing is lost and nothing is answered, until there is room.
    flushing_ = true;
    self_->delayed_send(self_, room_check, flush_appends{});
    return;
  }
  const auto count = std::min(pending_.size(), limits_.journal_batch);
  batch_.clear();
  for (std::size_t i = 0; i < count; ++i)
    batch_.push_back(std::move(*pending_[i].what));
  auto outcome = log_->commit(batch_, now_());
  if (!outcome) {
    failed_ = outcome.error();
    fail_all(*failed_);
    if (on_failure_) on_failure_(*failed_);
    return;
  }
  for (const auto& listener : listeners_)
    self_->send(listener, committed{log_->head()});
  for (auto& answer : *outcome) {
    auto reply = std::move(pending_.front().reply);
    pending_.pop_front();
    if (answer)
      reply.deliver(*answer);
    else
      reply.deliver(to_caf(answer.error()));
  }
  if (!pending_.empty()) {
    flushing_ = true;
    self_->send(self_, flush_appends{});
  }
}

void journal_state::fail_all(const error& problem) {
  for (auto& entry : pending_)
    entry.reply.deliver(to_caf(problem));
  pending_.clear();
}

journal_self_actor::behavior_type
journal_behavior(journal_self_actor::stateful_pointer<journal_state> self,
                 std::shared_ptr<storage::event_log> log, wall_clock now, queue_limits limits,
                 log_failure_handler on_failure) {
  self->set_exit_handler([self](const caf::exit_msg& message) {
    self->state.flush();
    self->state.fail_all({errc::unavailable, "the service is shutting down", {}});
    self->quit(message.reason);
  });
  self->state.open(std::move(log), std::move(now), limits, std::move(on_failure));
  return {
      [self](const append_order& order) { return self->state.append(order); },
      [self](const subscribe_commits& order) { self->state.subscribe(order); },
      [self](const flush_appends&) { self->state.flush(); },
  };
}

} // namespace apisync::actors
