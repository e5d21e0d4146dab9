#include "actors/scheduler.hpp"
#include "actors/wait_words.hpp"

namespace apisync::actors {

// -- sources and APIs ---------------------------------------------------------

void scheduler_state::limit(const limit_source& order) {
  queue_.put_source(
      {order.source, order.api, order.host, order.credential, order.after, order.paused},
      parts_.now());
  presence_.put_source(order.source, order.api, order.follows);
  start_due();
}

void scheduler_state::limit(const limit_api& order) {
  queue_.pause_api(order.api, order.paused, parts_.now());
  presence_.put_api(order.api, order.orphaned);
  start_due();
}

void scheduler_state::forget(const forget_source& order) {
  queue_.forget_source(order.source);
  presence_.forget_source(order.source);
}

// -- what an end of a sync says of its host and API ---------------------------

namespace {

host_verdict verdict_of(const sync_ended& ended) {
  using enum events::sync_outcome;
  if (ended.outcome == none || ended.outcome == interrupted) return host_verdict::unknown;
  if (ended.outcome != failed) return host_verdict::answers;
  if (!ended.failure) return host_verdict::unknown; // it failed in this house
  return ended.failure == events::failure_kind::transient ? host_verdict::fails
                                                          : host_verdict::answers;
}

} // namespace

void scheduler_state::report_end(const sync_ended& ended) {
  const auto now = parts_.now();
  if (const auto job = queue_.find(ended.job); job != schedule::no_job)
    if (const auto change =
            queue_.finished(job, {now, ended.next_attempt, ended.interval, verdict_of(ended)}))
      note(*change, ended.reason);
  if (ended.outcome == events::sync_outcome::interrupted) return;
  const auto news =
      presence_.note(ended.source, ended.gone_since, now, parts_.values->orphan_after);
  if (!news) return;
  if (const auto api = parts_.entities->api(news->api))
    self_->send(api, presence_is{news->gone_since, ended.source});
}

void scheduler_state::note(const circuit_change& change, const std::string& reason) {
  if (change.opened)
    host_orders_.push_back({events::host_circuit_opened{change.host, change.failures,
                                                        change.openings, change.until, reason},
                            {{"system", {}, 0}, {}},
                            {}});
  else
    host_orders_.push_back({events::host_circuit_closed{change.host}, {{"system", {}, 0}, {}}, {}});
  write_next();
}

// -- pauses -------------------------------------------------------------------

caf::result<answer> scheduler_state::pause(const pause_host& order) {
  if (!queue_.knows_host(order.host) || order.host.empty())
    return to_caf({errc::not_found, "there is no source on a host '" + order.host + "'", {}});
  if (host_orders_.size() >= parts_.limits.commands_pending)
    return to_caf({errc::overloaded, "too many changes wait; try again", "scheduler"});
  auto reply = self_->make_response_promise<answer>();
  if (order.paused)
    host_orders_.push_back({events::host_paused{order.host}, order.asked, reply});
  else
    host_orders_.push_back({events::host_resumed{order.host}, order.asked, reply});
  write_next();
  return reply;
}

/// Writes the next event of a host; false where none waits. A pause of a paused host, and its
/// reverse, change nothing and are answered at once.
bool scheduler_state::write_host_order() {
  while (!host_orders_.empty()) {
    auto next = std::move(host_orders_.front());
    host_orders_.pop_front();
    const auto* pause = std::get_if<events::host_paused>(&next.event);
    const auto* resume = std::get_if<events::host_resumed>(&next.event);
    const bool idle = (pause != nullptr && paused_hosts_.contains(pause->host)) ||
                      (resume != nullptr && !paused_hosts_.contains(resume->host));
    if (idle) {
      if (next.reply) next.reply->deliver(answer{});
      continue;
    }
    auto order = std::make_shared<storage::append>();
    order->events.push_back(events::encode("scheduler", next.event));
    order->from = next.asked.from;
    order->command = next.asked.command;
    auto waiting = std::make_shared<host_order>(std::move(next));
    write(std::move(order), [this, waiting](const result<storage::appended>& where) {
      if (where)
        host_order_written(std::move(*waiting), *where);
      else if (waiting->reply)
        waiting->reply->deliver(to_caf(where.error()));
    });
    return true;
  }
  return false;
}

void scheduler_state::host_order_written(host_order order, const storage::appended& where) {
  const auto now = parts_.now();
  if (const auto* pause = std::get_if<events::host_paused>(&order.event)) {
    paused_hosts_.insert(pause->host);
    queue_.pause_host(pause->host, true, now);
  } else if (const auto* resume = std::get_if<events::host_resumed>(&order.event)) {
    paused_hosts_.erase(resume->host);
    queue_.pause_host(resume->host, false, now);
    start_due();
  }
  if (order.reply) order.reply->deliver(answer{where.last, "{}"});
}

// -- looking ------------------------------------------------------------------

waits scheduler_state::explain(const ask_waits& order) {
  waits out;
  const auto job = queue_.find(order.job);
  if (job == schedule::no_job) return out;
  const schedule_limits limits{*parts_.values};
  for (const auto& fact : queue_.why(job, parts_.now()))
    out.reasons.push_back({std::string{name_of(fact.what)}, words_of(fact, limits)});
  return out;
}

host_load scheduler_state::load(const ask_host& order) {
  const auto figures = queue_.look_at_host(order.host, parts_.now());
  return {figures.running, figures.waiting, figures.requests};
}

} // namespace apisync::actors
