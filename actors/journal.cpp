#include "actors/journal.hpp"

namespace apisync::actors {

namespace {

constexpr std::chrono::seconds room_check{1}; // between two looks at a disk that is full

error shutting_down() {
  return {errc::unavailable, "the service is shutting down", {}};
}

log_disk_actor::behavior_type log_disk(log_disk_actor::pointer /*self*/,
                                       const std::shared_ptr<storage::event_log>& log) {
  return {
      [log](const store_order& order) -> caf::result<committed> {
        if (auto done = log->store(*order.commit); !done) return to_caf(done.error());
        return committed{order.commit->last};
      },
      [log](const acknowledge_order& order) -> caf::result<committed> {
        if (auto done = log->acknowledge(order.commits); !done) return to_caf(done.error());
        return committed{order.commits.back()->last};
      },
  };
}

} // namespace

void journal_state::open(std::shared_ptr<storage::event_log> log, log_disk_actor store,
                         log_disk_actor acknowledge, wall_clock now, queue_limits limits,
                         log_failure_handler on_failure) {
  log_ = std::move(log);
  store_ = std::move(store);
  acknowledge_ = std::move(acknowledge);
  planner_ = log_->planner();
  now_ = std::move(now);
  limits_ = limits;
  on_failure_ = std::move(on_failure);
}

caf::result<storage::appended> journal_state::append(const append_order& order) {
  if (failed_) return to_caf(*failed_);
  if (leaving_) return to_caf(shutting_down());
  if (unanswered_ >= limits_.journal_pending)
    return to_caf({errc::overloaded, "too many appends wait for the disk; try again", {}});
  ++unanswered_;
  auto reply = self_->make_response_promise<storage::appended>();
  if (pending_.empty() && fits(*order.what))
    decide(order.what, reply);
  else
    pending_.push_back({order.what, reply});
  // Behind what is in the mailbox already, so that all of it shares the commit.
  if (!storing_ && !std::exchange(flushing_, true)) self_->send(self_, flush_appends{});
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
  if (failed_ || storing_ || forming_.empty()) return;
  if (planner_->empty()) { // all were refused
    stored_.push_back({nullptr, std::exchange(forming_, {})});
    return acknowledge();
  }
  if (!log_->room()) {
    if (leaving_) return refuse_waiting(shutting_down());
    // Everything waits, nothing is lost and nothing is answered, until there is room.
    flushing_ = true;
    self_->delayed_send(self_, room_check, flush_appends{});
    return;
  }
  store(planner_->seal());
}

void journal_state::store(std::shared_ptr<const storage::planned_commit> commit) {
  storing_ = {commit, std::exchange(forming_, {})};
  self_->request(store_, caf::infinite, store_order{std::move(commit)})
      .then([this](const committed&) { stored(); },
            [this](const caf::error& problem) { failed(from_caf(problem)); });
}

void journal_state::stored() {
  if (failed_) return;
  stored_.push_back(std::move(*storing_));
  storing_.reset();
  acknowledge();
  while (!pending_.empty() && fits(*pending_.front().what)) {
    auto next = std::move(pending_.front());
    pending_.pop_front();
    decide(std::move(next.what), std::move(next.reply));
  }
  flush();
}

void journal_state::acknowledge() {
  if (failed_ || !acknowledging_.empty() || stored_.empty()) return;
  acknowledging_ = std::exchange(stored_, {});
  acknowledge_order order;
  for (const auto& one : acknowledging_)
    if (one.commit) order.commits.push_back(one.commit);
  if (order.commits.empty()) return acknowledged();
  self_->request(acknowledge_, caf::infinite, std::move(order))
      .then(
          [this](const committed& news) {
            for (const auto& listener : listeners_)
              self_->send(listener, news);
            acknowledged();
          },
          [this](const caf::error& problem) { failed(from_caf(problem)); });
}

void journal_state::acknowledged() {
  const auto done = std::exchange(acknowledging_, {});
  acknowledge(); // before the answers, so that the disk is not kept waiting
  for (const auto& one : done)
    answer(one.answers);
  quit_if_done();
}

void journal_state::failed(const error& problem) {
  if (failed_) return; // both steps fail once the log is in doubt
  failed_ = problem;
  fail_all(problem);
  if (on_failure_) on_failure_(problem);
  quit_if_done();
}

void journal_state::fail_all(const error& problem) {
  for (auto* steps : {&acknowledging_, &stored_})
    for (const auto& one : std::exchange(*steps, {}))
      answer(one.answers, &problem);
  if (const auto one = std::exchange(storing_, std::nullopt)) answer(one->answers, &problem);
  refuse_waiting(problem);
}

void journal_state::refuse_waiting(const error& problem) {
  answer(std::exchange(forming_, {}), &problem);
  unanswered_ -= pending_.size();
  for (auto& one : std::exchange(pending_, {}))
    one.reply.deliver(to_caf(problem));
}

void journal_state::answer(const std::vector<decided>& answers, const error* problem) {
  unanswered_ -= answers.size();
  for (auto [reply, outcome] : answers) {
    if (problem == nullptr && outcome)
      reply.deliver(*outcome);
    else
      reply.deliver(to_caf(problem != nullptr ? *problem : outcome.error()));
  }
}

void journal_state::leave(const caf::error& reason) {
  leaving_ = reason;
  flush();
  quit_if_done();
}

void journal_state::quit_if_done() {
  if (leaving_ && unanswered_ == 0) self_->quit(*leaving_);
}

journal_self_actor::behavior_type
journal_behavior(journal_self_actor::stateful_pointer<journal_state> self,
                 std::shared_ptr<storage::event_log> log, wall_clock now, queue_limits limits,
                 log_failure_handler on_failure, bool detached) {
  self->set_exit_handler(
      [self](const caf::exit_msg& message) { self->state.leave(message.reason); });
  const auto disk = [&] {
    return detached ? self->spawn<caf::detached + caf::linked>(log_disk, log)
                    : self->spawn<caf::linked>(log_disk, log);
  };
  auto store = disk();
  auto acknowledge = disk();
  self->state.open(std::move(log), std::move(store), std::move(acknowledge), std::move(now), limits,
                   std::move(on_failure));
  return {
      [self](const append_order& order) { return self->state.append(order); },
      [self](const subscribe_commits& order) { self->state.subscribe(order); },
      [self](const flush_appends&) { self->state.flush(); },
  };
}

} // namespace apisync::actors
