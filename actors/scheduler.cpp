#include "actors/scheduler.hpp"

#include <algorithm>
#include <memory>

namespace apisync::actors {

error not_running(events::engine_mode mode) {
  return {errc::conflict,
          "the engine is " + std::string{to_string(mode)} + "; " +
              (mode == events::engine_mode::paused ? "resume" : "start") + " it, then sync",
          {}};
}

// -- planning -----------------------------------------------------------------

void scheduler_state::plan(const plan_job& order) {
  queue_.plan(order.job, order.source, order.priority, order.next);
  start_due();
}

void scheduler_state::unplan(const unplan_job& order) {
  queue_.remove(order.job);
  auto waiting = waiting_.extract(order.job);
  if (!waiting.empty())
    for (auto& promise : waiting.mapped())
      promise.deliver(to_caf({errc::cancelled, "the job was removed", "job/" + order.job}));
}

caf::result<sync_ended> scheduler_state::trigger(const trigger_job& order) {
  if (!queue_.knows(order.job))
    return to_caf({errc::not_found, "there is no job '" + order.job + "'", {}});
  if (order.wait && !order.join && parts_.mode != events::engine_mode::running)
    return to_caf(not_running(parts_.mode));
  if (!order.wait) {
    queue_.trigger(order.job, parts_.now());
    start_due();
    return sync_ended{};
  }
  const bool join = order.join && queue_.is_running(order.job);
  if (order.join && !join) return sync_ended{}; // it has ended meanwhile
  auto& waiting = join ? served_[order.job] : waiting_[order.job];
  if (waiting.size() >= parts_.limits.commands_pending)
    return to_caf({errc::overloaded, "too many wait for this sync; try again", {}});
  auto reply = self_->make_response_promise<sync_ended>();
  waiting.push_back(reply);
  if (join) return reply;
  queue_.trigger(order.job, parts_.now());
  start_due();
  return reply;
}

/// Those who wait for a sync that will not start now are told; their orders stay.
void scheduler_state::mode(const set_mode& order) {
  parts_.mode = order.mode;
  if (order.mode != events::engine_mode::running)
    for (auto& [job, promises] : std::exchange(waiting_, {}))
      for (auto& promise : promises)
        promise.deliver(to_caf(not_running(order.mode)));
  start_due();
}

void scheduler_state::limit(const limit_source& order) {
  queue_.limit_source(order.source, order.host, order.paused);
  start_due();
}

void scheduler_state::settings(const settings_are& order) {
  parts_.values = order.values;
  start_due();
}

// -- running ------------------------------------------------------------------

void scheduler_state::start_due() {
  if (parts_.mode != events::engine_mode::running) return;
  const job_queue::limits within{parts_.values->concurrency, parts_.values->host_concurrency};
  const auto now = parts_.now();
  while (auto job = queue_.take(now, within))
    start(*job);
  set_timer();
}

void scheduler_state::start(const std::string& job) {
  const auto handle = parts_.entities->job(job);
  auto waiting = waiting_.extract(job);
  const bool waited = !waiting.empty();
  if (waited) served_[job] = std::move(waiting.mapped());
  if (!handle) { // between its end and its restart; it plans itself anew when it is back
    for (auto& promise : served_[job])
      promise.deliver(to_caf({errc::unavailable, "the job is restarting; try again", {}}));
    return finished(job, std::nullopt);
  }
  self_->request(handle, caf::infinite, run_sync{waited})
      .then(
          [this, job](const sync_ended& ended) {
            for (auto& promise : served_[job])
              promise.deliver(ended);
            finished(job, ended.next_attempt);
          },
          [this, job](const caf::error& problem) {
            for (auto& promise : served_[job])
              promise.deliver(problem);
            finished(job, std::nullopt);
          });
}

void scheduler_state::finished(const std::string& job, std::optional<events::timestamp> next) {
  served_.erase(job);
  queue_.finished(job, next);
  if (!draining_.empty() && queue_.running().empty())
    for (auto& promise : std::exchange(draining_, {}))
      promise.deliver(answer{});
  start_due();
}

caf::result<answer> scheduler_state::drain(const drain_syncs& order) {
  const auto running = queue_.running();
  if (running.empty()) return answer{};
  for (const auto& job : running)
    if (auto handle = parts_.entities->job(job)) self_->send(handle, cancel_sync{order.reason});
  auto reply = self_->make_response_promise<answer>();
  draining_.push_back(reply);
  return reply;
}

/// One timer, for the next time that a job becomes due. CAF's timers cannot be taken back, so each
/// carries a number and only the newest counts. A far due time is looked at again every hour.
void scheduler_state::set_timer() {
  const auto due = queue_.next_due();
  if (!due) return;
  const auto wait = std::clamp<std::chrono::microseconds>(
      *due - parts_.now(), std::chrono::milliseconds{1}, std::chrono::hours{1});
  self_->delayed_send(self_, wait, schedule_tick{++timer_});
}

void scheduler_state::tick(const schedule_tick& timer) {
  if (timer.number == timer_) start_due();
}

// -- rows ---------------------------------------------------------------------

caf::result<storage::appended> scheduler_state::collect(const events::start_row& row) {
  starts_.push_back(row);
  return collected();
}

caf::result<storage::appended> scheduler_state::collect(const events::unchanged_row& row) {
  ends_.push_back(row);
  return collected();
}

caf::result<storage::appended> scheduler_state::collected() {
  auto reply = self_->make_response_promise<storage::appended>();
  row_promises_.push_back(reply);
  if (row_promises_.size() >= parts_.limits.rows_per_record) {
    flush();
  } else if (!row_timer_) {
    row_timer_ = true;
    self_->delayed_send(self_, parts_.row_delay, flush_rows{});
  }
  return reply;
}

/// Writes the rows of starts before those of ends: a sync's start is collected first, and both may
/// be in the same append.
void scheduler_state::flush() {
  row_timer_ = false;
  if (writing_rows_ || row_promises_.empty()) return;
  auto order = std::make_shared<storage::append>();
  order->expected.push_back({"scheduler", parts_.version});
  if (!starts_.empty())
    order->events.push_back(
        events::encode("scheduler", events::syncs_started{std::exchange(starts_, {})}));
  if (!ends_.empty())
    order->events.push_back(
        events::encode("scheduler", events::syncs_unchanged{std::exchange(ends_, {})}));
  auto promises = std::make_shared<std::vector<row_promise>>(std::exchange(row_promises_, {}));
  writing_rows_ = true;
  const auto count = order->events.size();
  self_->request(parts_.journal, caf::infinite, append_order{std::move(order)})
      .then(
          [this, promises, count](const storage::appended& where) {
            writing_rows_ = false;
            parts_.version += count;
            for (auto& promise : *promises)
              promise.deliver(where);
            if (!row_promises_.empty() && !row_timer_) flush();
          },
          [this, promises](const caf::error& problem) {
            for (auto& promise : *promises)
              promise.deliver(problem);
            fail_all(from_caf(problem));
            self_->quit(problem);
          });
}

void scheduler_state::fail_all(const error& problem) {
  const auto reason = to_caf(problem);
  for (auto* group : {&waiting_, &served_})
    for (auto& [job, promises] : *group)
      for (auto& promise : promises)
        promise.deliver(reason);
  waiting_.clear();
  served_.clear();
  for (auto& promise : std::exchange(draining_, {}))
    promise.deliver(reason);
  for (auto& promise : std::exchange(row_promises_, {}))
    promise.deliver(reason);
}

scheduler_self_actor::behavior_type
scheduler_behavior(scheduler_self_actor::stateful_pointer<scheduler_state> self,
                   scheduler_parts parts) {
  self->set_exit_handler([self](const caf::exit_msg& message) {
    self->state.fail_all({errc::unavailable, "the service is shutting down", {}});
    self->quit(message.reason);
  });
  self->state.open(std::move(parts));
  return {
      [self](const plan_job& order) { self->state.plan(order); },
      [self](const unplan_job& order) { self->state.unplan(order); },
      [self](const trigger_job& order) { return self->state.trigger(order); },
      [self](const set_mode& order) { self->state.mode(order); },
      [self](const limit_source& order) { self->state.limit(order); },
      [self](const settings_are& order) { self->state.settings(order); },
      [self](const drain_syncs& order) { return self->state.drain(order); },
      [self](const events::start_row& row) { return self->state.collect(row); },
      [self](const events::unchanged_row& row) { return self->state.collect(row); },
      [self](const schedule_tick& timer) { self->state.tick(timer); },
      [self](const flush_rows&) { self->state.flush(); },
  };
}

} // namespace apisync::actors
