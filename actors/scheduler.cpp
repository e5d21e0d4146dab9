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

void scheduler_state::open(scheduler_parts parts) {
  parts_ = std::move(parts);
  queue_ = schedule{parts_.seed, schedule_limits{*parts_.values}};
  const auto opened = parts_.now();
  const auto last = parts_.last_event.value_or(opened);
  idle_since_ = std::min(last, opened);
  queue_.begin(opened, opened - idle_since_);
  for (const auto& [host, state] : parts_.hosts) {
    if (state.paused) {
      paused_hosts_.insert(host);
      queue_.pause_host(host, true, opened);
    }
    if (const auto& outage = state.outage)
      queue_.restore_circuit(host, outage->failures, outage->openings, outage->since,
                             outage->until);
  }
}

// -- planning -----------------------------------------------------------------

void scheduler_state::plan(const plan_job& order) {
  const auto now = parts_.now();
  const bool failing = order.failure == events::failure_kind::transient;
  queue_.plan({order.job, order.source, order.priority, order.next, order.interval, order.ordered,
               failing, order.last},
              now);
  presence_.restore(order.source, order.gone_since);
  start_due();
}

void scheduler_state::unplan(const unplan_job& order) {
  if (const auto job = queue_.find(order.job); job != schedule::no_job)
    queue_.remove(job, parts_.now());
  auto waiting = waiting_.extract(order.job);
  if (!waiting.empty())
    for (auto& promise : waiting.mapped())
      promise.deliver(to_caf({errc::cancelled, "the job was removed", "job/" + order.job}));
}

caf::result<sync_ended> scheduler_state::trigger(const trigger_job& order) {
  const auto job = queue_.find(order.job);
  if (job == schedule::no_job)
    return to_caf({errc::not_found, "there is no job '" + order.job + "'", {}});
  if (order.wait && !order.join && parts_.mode != events::engine_mode::running)
    return to_caf(not_running(parts_.mode));
  if (!order.wait) {
    queue_.trigger(job, parts_.now());
    start_due();
    return sync_ended{};
  }
  const bool join = order.join && queue_.is_running(job);
  if (order.join && !join) return sync_ended{}; // it has ended meanwhile
  auto& waiting = join ? served_[order.job] : waiting_[order.job];
  if (waiting.size() >= parts_.limits.commands_pending)
    return to_caf({errc::overloaded, "too many wait for this sync; try again", {}});
  auto reply = self_->make_response_promise<sync_ended>();
  waiting.push_back(reply);
  if (join) return reply;
  queue_.trigger(job, parts_.now());
  start_due();
  return reply;
}

/// Those who wait for a sync that will not start now are told; their orders stay.
void scheduler_state::mode(const set_mode& order) {
  const bool ran = parts_.mode == events::engine_mode::running;
  parts_.mode = order.mode;
  const bool runs = order.mode == events::engine_mode::running;
  if (ran && !runs) idle_since_ = parts_.now();
  if (!ran && runs) queue_.spread(parts_.now(), parts_.now() - idle_since_);
  if (!runs)
    for (auto& [job, promises] : std::exchange(waiting_, {}))
      for (auto& promise : promises)
        promise.deliver(to_caf(not_running(order.mode)));
  start_due();
}

void scheduler_state::settings(const settings_are& order) {
  parts_.values = order.values;
  queue_.set_limits(schedule_limits{*order.values}, parts_.now());
  start_due();
}

// -- running ------------------------------------------------------------------

void scheduler_state::start_due() {
  if (parts_.mode != events::engine_mode::running) return;
  const auto now = parts_.now();
  while (const auto job = queue_.take(now))
    start(queue_.name(*job));
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
    return finished(job, nullptr);
  }
  self_->request(handle, caf::infinite, run_sync{waited})
      .then(
          [this, job](const sync_ended& ended) {
            for (auto& promise : served_[job])
              promise.deliver(ended);
            finished(job, &ended);
          },
          [this, job](const caf::error& problem) {
            for (auto& promise : served_[job])
              promise.deliver(problem);
            finished(job, nullptr);
          });
}

void scheduler_state::finished(const std::string& job, const sync_ended* ended) {
  served_.erase(job);
  if (ended != nullptr) {
    report_end(*ended);
  } else if (const auto known = queue_.find(job); known != schedule::no_job) {
    static_cast<void>(queue_.finished(known, {parts_.now(), {}, {}, host_verdict::unknown}));
  }
  if (!draining_.empty() && queue_.running_count() == 0)
    for (auto& promise : std::exchange(draining_, {}))
      promise.deliver(answer{});
  start_due();
}

caf::result<answer> scheduler_state::drain(const drain_syncs& order) {
  if (queue_.running_count() == 0) return answer{};
  for (const auto job : queue_.running())
    if (auto handle = parts_.entities->job(queue_.name(job)))
      self_->send(handle, cancel_sync{order.reason});
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
      *due - parts_.now(), std::chrono::microseconds{1}, std::chrono::hours{1});
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
  if (row_promises_.size() >= parts_.limits.rows_per_record || rows_hold_up_syncs()) {
    flush();
  } else if (!row_timer_) {
    row_timer_ = true;
    self_->delayed_send(self_, parts_.row_delay, flush_rows{});
  }
  return reply;
}

/// A sync keeps its place until its rows are on disk. Where all places are taken and at least half
/// of them wait for nothing else, waiting for more rows would only keep other syncs waiting.
bool scheduler_state::rows_hold_up_syncs() const {
  const auto running = queue_.running_count();
  return running >= parts_.values->concurrency && row_promises_.size() * 2 >= running;
}

/// Writes the rows of starts before those of ends: a sync's start is collected first, and both may
/// be in the same append. Hosts' events go before rows.
void scheduler_state::flush() {
  row_timer_ = false;
  rows_due_ = true;
  write_next();
}

void scheduler_state::write_next() {
  if (!writing_ && !write_host_order() && std::exchange(rows_due_, false)) write_rows();
}

void scheduler_state::write_rows() {
  if (row_promises_.empty()) return;
  auto order = std::make_shared<storage::append>();
  if (!starts_.empty())
    order->events.push_back(
        events::encode("scheduler", events::syncs_started{std::exchange(starts_, {})}));
  if (!ends_.empty())
    order->events.push_back(
        events::encode("scheduler", events::syncs_unchanged{std::exchange(ends_, {})}));
  auto promises = std::make_shared<std::vector<row_promise>>(std::exchange(row_promises_, {}));
  write(std::move(order), [promises](const result<storage::appended>& where) {
    for (auto& promise : *promises)
      if (where)
        promise.deliver(*where);
      else
        promise.deliver(to_caf(where.error()));
  });
}

/// Appends to stream `scheduler`; a failure ends the actor, for its stream is in doubt.
void scheduler_state::write(std::shared_ptr<storage::append> order,
                            std::function<void(const result<storage::appended>&)> then) {
  order->expected.push_back({"scheduler", parts_.version});
  const auto count = order->events.size();
  writing_ = true;
  self_->request(parts_.journal, caf::infinite, append_order{std::move(order)})
      .then(
          [this, then, count](const storage::appended& where) {
            writing_ = false;
            parts_.version += count;
            then(where);
            write_next();
          },
          [this, then](const caf::error& problem) {
            const auto what = from_caf(problem);
            then(tl::unexpected{what});
            if (what.code == errc::already_exists) { // a command that was carried out before
              writing_ = false;
              return write_next();
            }
            fail_all(what);
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
  for (auto& order : std::exchange(host_orders_, {}))
    if (order.reply) order.reply->deliver(reason);
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
      [self](const forget_source& order) { self->state.forget(order); },
      [self](const limit_api& order) { self->state.limit(order); },
      [self](const settings_are& order) { self->state.settings(order); },
      [self](const pause_host& order) { return self->state.pause(order); },
      [self](const ask_waits& order) { return self->state.explain(order); },
      [self](const ask_host& order) { return self->state.load(order); },
      [self](const drain_syncs& order) { return self->state.drain(order); },
      [self](const events::start_row& row) { return self->state.collect(row); },
      [self](const events::unchanged_row& row) { return self->state.collect(row); },
      [self](const schedule_tick& timer) { self->state.tick(timer); },
      [self](const flush_rows&) { self->state.flush(); },
  };
}

} // namespace apisync::actors
