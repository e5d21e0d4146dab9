#include "actors/journal.hpp"

namespace apisync::actors {

namespace {

constexpr std::chrono::seconds room_check{1}; // between two looks at a disk that is full

error shutting_down() {
  return {errc::unavailable, "the service is shutting down", {}};
}

log_writer_actor::behavior_type log_writer(log_writer_actor::pointer /*self*/,
                                           const std::shared_ptr<storage::event_log>& log) {
  return {[log](const write_order& order) -> caf::result<committed> {
    if (auto done = log->write(*order.commit); !done) return to_caf(done.error());
    return committed{order.commit->last};
  }};
}

} // namespace

void journal_state::open(std::shared_ptr<storage::event_log> log, log_writer_actor writer,
                         wall_clock now, queue_limits limits, log_failure_handler on_failure) {
  log_ = std::move(log);
  writer_ = std::move(writer);
  planner_ = log_->planner();
  now_ = std::move(now);
  limits_ = limits;
  on_failure_ = std::move(on_failure);
}

caf::result<storage::appended> journal_state::append(const append_order& order) {
  if (failed_) return to_caf(*failed_);
  if (leaving_) return to_caf(shutting_down());
  if (writing_.size() + forming_.size() + pending_.size() >= limits_.journal_pending)
    return to_caf({errc::overloaded, "too many appends wait for the disk; try again", {}});
  auto reply = self_->make_response_promise<storage::appended>();
  if (pending_.empty() && fits(*order.what))
    decide(order.what, reply);
  else
    pending_.push_back({order.what, reply});
  // Behind what is in the mailbox already, so that all of it shares the commit.
  if (!busy_ && !std::exchange(flushing_, true)) self_->send(self_, flush_appends{});
  return reply;
}

bool journal_state::fits(const storage::append& what) const {
  return forming_.size() < limits_.journal_batch && !planner_->full_for(what);
}

void journal_state::decide(std::shared_ptr<const storage::append> what, promise reply) {
  auto outcome = planner_->add(std::move(what), now_());
  forming_.push_back({std::move(reply), std::move(outcome)});
}

void journal_state::flush() {
  flushing_ = false;
  if (failed_ || busy_ || forming_.empty()) return;
  if (planner_->empty()) { // all were refused
    writing_ = std::exchange(forming_, {});
    return written(log_->head());
  }
  if (!log_->room()) {
    if (leaving_) return fail_all(shutting_down());
    // Everything waits, nothing is lost and nothing is answered, until there is room.
    flushing_ = true;
    self_->delayed_send(self_, room_check, flush_appends{});
    return;
  }
  writing_ = std::exchange(forming_, {});
  busy_ = true;
  self_->request(writer_, caf::infinite, write_order{planner_->seal()})
      .then(
          [this](const committed& done) {
            busy_ = false;
            written(done.head);
          },
          [this](const caf::error& problem) {
            busy_ = false;
            failed(from_caf(problem));
          });
}

void journal_state::written(events::sequence head) {
  const auto done = std::exchange(writing_, {});
  while (!pending_.empty() && fits(*pending_.front().what)) {
    auto next = std::move(pending_.front());
    pending_.pop_front();
    decide(std::move(next.what), std::move(next.reply));
  }
  flush(); // before the answers, so that the disk is not kept waiting
  for (const auto& listener : listeners_)
    self_->send(listener, committed{head});
  for (auto [reply, outcome] : done) {
    if (outcome)
      reply.deliver(*outcome);
    else
      reply.deliver(to_caf(outcome.error()));
  }
  quit_if_done();
}

void journal_state::failed(const error& problem) {
  failed_ = problem;
  fail_all(problem);
  if (on_failure_) on_failure_(problem);
  quit_if_done();
}

void journal_state::fail_all(const error& problem) {
  for (auto* list : {&writing_, &forming_})
    for (auto& entry : std::exchange(*list, {}))
      entry.reply.deliver(to_caf(problem));
  for (auto& entry : std::exchange(pending_, {}))
    entry.reply.deliver(to_caf(problem));
}

void journal_state::leave(const caf::error& reason) {
  leaving_ = reason;
  flush();
  quit_if_done();
}

void journal_state::quit_if_done() {
  if (!leaving_ || busy_ || !forming_.empty() || !pending_.empty()) return;
  self_->quit(*leaving_);
}

journal_self_actor::behavior_type
journal_behavior(journal_self_actor::stateful_pointer<journal_state> self,
                 std::shared_ptr<storage::event_log> log, wall_clock now, queue_limits limits,
                 log_failure_handler on_failure, bool detached) {
  self->set_exit_handler(
      [self](const caf::exit_msg& message) { self->state.leave(message.reason); });
  auto writer = detached ? self->spawn<caf::detached + caf::linked>(log_writer, log)
                         : self->spawn<caf::linked>(log_writer, log);
  self->state.open(std::move(log), std::move(writer), std::move(now), limits,
                   std::move(on_failure));
  return {
      [self](const append_order& order) { return self->state.append(order); },
      [self](const subscribe_commits& order) { self->state.subscribe(order); },
      [self](const flush_appends&) { self->state.flush(); },
  };
}

} // namespace apisync::actors
