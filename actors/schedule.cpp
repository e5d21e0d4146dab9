#include "actors/schedule.hpp"

#include "events/backoff.hpp"

#include <algorithm>
#include <utility>

namespace apisync::actors {

using std::chrono::microseconds;
using std::chrono::milliseconds;

schedule_limits::schedule_limits(const events::settings& values)
    : running{values.concurrency},
      per_host{values.host_concurrency},
      per_credential{values.credential_concurrency},
      host_requests{values.host_requests},
      host_window{values.host_window},
      ageing_percent{values.ageing_percent},
      circuit{values.circuit_failures, values.circuit_pause,
              std::max(values.circuit_pause, values.probe_interval)},
      spread{values.spread} {}

schedule::schedule(std::uint64_t seed, const schedule_limits& limits)
    : limits_{limits}, seed_{seed} {}

// -- jobs in time -------------------------------------------------------------

events::timestamp schedule::deadline_of(const entry& job) const {
  microseconds allowance{};
  if (!job.ordered && job.priority != events::priority::high) {
    allowance = job.interval() * limits_.ageing_percent / 100;
    if (job.priority == events::priority::medium) allowance /= 4;
  }
  return job.due + allowance;
}

void schedule::queue_planned(job_ref job, events::timestamp at) {
  jobs_[job].at = at;
  planned_.push(job, at, planned_place());
}

void schedule::unqueue_planned(job_ref job) {
  if (planned_places_[job] != none) planned_.erase(job, planned_place());
}

/// Out of whatever it waits in. @pre it does not run
void schedule::take_out(job_ref job, events::timestamp now) {
  auto& known = jobs_[job];
  if (is_due(known)) --waiting_;
  unqueue_planned(job);
  switch (known.state) {
  case phase::held:
    unhold(job);
    break;
  case phase::behind:
    leave_behind(job);
    break;
  case phase::ready: {
    const auto of = sources_[known.source].lane;
    lanes_[of].jobs.erase(job, lane_place());
    requeue(of, now);
    break;
  }
  case phase::idle:
  case phase::planned:
  case phase::due:
  case phase::running:
    break;
  }
  known.state = phase::idle;
  set_active(job, false, now);
}

void schedule::set_due(job_ref job, std::optional<events::timestamp> due, events::timestamp now) {
  auto& known = jobs_[job];
  take_out(job, now);
  if (!due) return;
  known.due = *due;
  known.state = phase::planned;
  queue_planned(job, *due);
}

schedule::job_ref schedule::plan(const job_plan& job, events::timestamp now) {
  auto ref = find(job.job);
  if (ref == no_job) {
    ref = add_to(jobs_, free_jobs_);
    planned_places_.resize(jobs_.size(), none);
    lane_places_.resize(jobs_.size(), none);
    names_.resize(jobs_.size());
    names_[ref] = job.job;
    job_names_.emplace(job.job, ref);
    if (job.asked && has_budget() && *job.asked + limits_.host_window > now) {
      const auto source = source_of(job.source);
      auto& host = hosts_[lanes_[sources_[source].lane].host];
      if (!host.name.empty()) host.budget.spend(now, limits_.host_window, 1);
    }
  }
  const auto source = source_of(job.source);
  auto& known = jobs_[ref];
  const bool runs = known.state == phase::running;
  if (known.source != source && !runs) {
    take_out(ref, now);
    if (known.source != none) std::erase(source_lists_[known.source].jobs, ref);
    known.source = source;
    source_lists_[source].jobs.push_back(ref);
  }
  known.priority = job.priority;
  known.interval_ms = static_cast<std::uint32_t>(job.interval.count());
  known.failing = job.failing;
  known.removed = false;
  if (runs) {
    known.has_next = job.due.has_value();
    if (job.due) known.due = *job.due;
    return ref;
  }
  known.ordered = job.ordered;
  set_due(ref, job.due, now);
  const bool overdue = job.asked && job.due && *job.due <= began_ && !job.ordered;
  if (overdue && ++returned_ > limits_.running) delay(ref, now, away_);
  return ref;
}

void schedule::erase(job_ref job) {
  auto& known = jobs_[job];
  job_names_.erase(names_[job]);
  names_[job].clear();
  const auto source = known.source;
  std::erase(source_lists_[source].jobs, job);
  known = entry{};
  free_jobs_.push_back(job);
  if (sources_[source].forgotten && source_lists_[source].jobs.empty()) drop_source(source);
}

void schedule::remove(job_ref job, events::timestamp now) {
  if (jobs_[job].state == phase::running) {
    jobs_[job].removed = true;
    return;
  }
  take_out(job, now);
  erase(job);
}

void schedule::trigger(job_ref job, events::timestamp now) {
  auto& known = jobs_[job];
  if (known.state == phase::running) {
    known.again = true;
    return;
  }
  if (known.ordered && is_due(known)) return;
  known.ordered = true;
  set_due(job, is_due(known) ? known.due : now, now);
}

// -- becoming due -------------------------------------------------------------

/// All that is due by now counts as active before any of it is admitted, so that what comes after
/// another waits for it though both became due at once.
void schedule::wake(events::timestamp now) {
  woken_.clear();
  while (!planned_.empty() && planned_.front_key() <= now) {
    const auto job = planned_.front();
    planned_.erase(job, planned_place());
    become_due(job, now);
    woken_.push_back(job);
  }
  for (const auto job : woken_)
    if (jobs_[job].state == phase::due || jobs_[job].state == phase::behind) admit(job, now);
  while (!wakes_.empty() && wakes_.front_key() <= now) {
    const auto host = wakes_.front();
    wakes_.erase(host, wake_place());
    offer_host(host, now);
  }
}

void schedule::become_due(job_ref job, events::timestamp now) {
  auto& known = jobs_[job];
  if (known.state == phase::behind) return; // it has waited long enough: `admit` sees so
  ++waiting_;
  known.state = phase::due;
  if (!is_paused(sources_[known.source])) set_active(job, true, now);
}

/// Lets a job that is due go on, as far as it may.
void schedule::admit(job_ref job, events::timestamp now) {
  auto& known = jobs_[job];
  auto& source = sources_[known.source];
  if (known.state == phase::held) unhold(job);
  if (known.state == phase::behind) {
    unqueue_planned(job);
    leave_behind(job);
  }
  known.state = phase::due;
  if (is_paused(source) || source.busy) return hold(job);
  set_active(job, true, now);
  const auto wait_until = known.due + known.interval() * limits_.ageing_percent / 100;
  if (source.comes_after && now < wait_until && blocking_group(known.source) != none) {
    wait_behind(job);
    return queue_planned(job, wait_until);
  }
  make_ready(job, now);
}

void schedule::make_ready(job_ref job, events::timestamp now) {
  auto& known = jobs_[job];
  known.state = phase::ready;
  const auto of = sources_[known.source].lane;
  lanes_[of].jobs.push(job, deadline_of(known), lane_place());
  requeue(of, now);
}

// -- running ------------------------------------------------------------------

std::optional<schedule::job_ref> schedule::take(events::timestamp now) {
  wake(now);
  while (running_ < limits_.running) {
    const auto chosen = choose_lane();
    if (!chosen) return std::nullopt;
    auto& of = lanes_[*chosen];
    if (!host_lets(hosts_[of.host], now)) {
      const auto credential = of.credential;
      park(*chosen, lane::where::at_host);
      set_host_wake(of.host, now);
      offer_credential(credential);
      continue;
    }
    if (!credential_lets(credentials_[of.credential])) {
      const auto host = of.host;
      park(*chosen, lane::where::at_credential);
      offer_host(host, now);
      continue;
    }
    const auto job = of.jobs.front();
    // Both its jobs may be in the lane: they became ready while the other did not run.
    if (sources_[jobs_[job].source].busy) {
      of.jobs.erase(job, lane_place());
      hold(job);
      requeue(*chosen, now);
      continue;
    }
    start(job, now);
    return job;
  }
  return std::nullopt;
}

void schedule::start(job_ref job, events::timestamp now) {
  auto& known = jobs_[job];
  auto& source = sources_[known.source];
  auto& of = lanes_[source.lane];
  of.jobs.erase(job, lane_place());
  known.state = phase::running;
  known.at = now;
  known.ordered = false;
  known.has_next = false;
  source.busy = true;
  --waiting_;
  ++running_;
  auto& host = hosts_[of.host];
  ++host.running;
  ++credentials_[of.credential].running;
  if (has_budget() && !host.name.empty()) host.budget.spend(now, limits_.host_window, 1);
  const auto number = source.lane;
  requeue(number, now);
  offer_host(lanes_[number].host, now);
  offer_credential(lanes_[number].credential);
}

std::optional<circuit_change> schedule::finished(job_ref job, const run_end& end) {
  if (jobs_[job].state != phase::running) return std::nullopt;
  auto& known = jobs_[job];
  const auto started = known.at;
  const auto source = known.source;
  const auto of = sources_[source].lane;
  const auto host = lanes_[of].host;
  const auto credential = lanes_[of].credential;
  --running_;
  --hosts_[host].running;
  --credentials_[credential].running;
  sources_[source].busy = false;
  known.state = phase::idle;
  known.failing = end.verdict == host_verdict::fails;
  if (end.interval.count() > 0)
    known.interval_ms = static_cast<std::uint32_t>(end.interval.count());
  set_active(job, false, end.now);
  plan_next(job, end);
  release_held(source, end.now);
  const auto change = note_end(host, started, end);
  offer_host(host, end.now);
  offer_credential(credential);
  if (known.removed) erase(job);
  return change;
}

void schedule::plan_next(job_ref job, const run_end& end) {
  auto& known = jobs_[job];
  if (known.removed) return;
  if (std::exchange(known.again, false)) {
    known.ordered = true;
    set_due(job, end.now, end.now);
  } else if (end.next) {
    set_due(job, end.next, end.now);
  } else if (known.has_next) {
    set_due(job, known.due, end.now);
  }
}

/// What the end of a sync says of its host.
std::optional<circuit_change> schedule::note_end(host_ref number, events::timestamp started,
                                                 const run_end& end) {
  auto& host = hosts_[number];
  if (host.name.empty()) return std::nullopt;
  if (has_budget() && end.requests > 1)
    host.budget.spend(end.now, limits_.host_window, end.requests - 1);
  if (end.verdict == host_verdict::unknown) return std::nullopt;
  const auto since = host.circuit.since();
  const auto what = host.circuit.note(end.verdict == host_verdict::answers, started, end.now,
                                      chance_of(host.name, end.now), limits_.circuit);
  if (what == host_circuit::change::none) return std::nullopt;
  if (what == host_circuit::change::closed) recover(number, end.now, end.now - since);
  return circuit_change{host.name, what == host_circuit::change::opened, host.circuit.failures(),
                        host.circuit.openings(), host.circuit.until()};
}

// -- after an absence ---------------------------------------------------------

double schedule::chance_of(const std::string& name, events::timestamp now) const {
  const auto time = static_cast<std::uint64_t>(now.time_since_epoch().count());
  return chance{seed_ ^ time, name}.next();
}

/// Puts a job that is due off to a random time. Its due time moves, so that it does not come back
/// as if it had waited.
void schedule::delay(job_ref job, events::timestamp now, microseconds away) {
  auto& known = jobs_[job];
  const auto within = std::min({known.interval(), microseconds{limits_.spread}, 2 * away});
  if (known.ordered || within <= microseconds{}) return;
  const auto share = static_cast<double>(within.count()) * chance_of(names_[job], now);
  set_due(job, now + microseconds{static_cast<microseconds::rep>(share)}, now);
}

bool schedule::is_overdue(job_ref job, events::timestamp now) const {
  const auto& known = jobs_[job];
  return is_due(known) || (known.state == phase::planned && known.at <= now);
}

void schedule::begin(events::timestamp now, microseconds away) {
  began_ = now;
  away_ = away;
}

void schedule::spread(events::timestamp now, microseconds away) {
  std::vector<job_ref> overdue;
  for (job_ref job = 0; job < jobs_.size(); ++job)
    if (is_overdue(job, now)) overdue.push_back(job);
  if (overdue.size() <= limits_.running) return;
  for (const auto job : overdue)
    delay(job, now, away);
}

// -- looking ------------------------------------------------------------------

std::optional<events::timestamp> schedule::next_due() const {
  std::optional<events::timestamp> next;
  if (!planned_.empty()) next = planned_.front_key();
  if (!wakes_.empty() && (!next || wakes_.front_key() < *next)) next = wakes_.front_key();
  return next;
}

schedule::job_ref schedule::find(std::string_view job) const {
  const auto found = job_names_.find(job);
  return found == job_names_.end() ? no_job : found->second;
}

std::vector<schedule::job_ref> schedule::running() const {
  std::vector<job_ref> out;
  for (job_ref job = 0; job < jobs_.size(); ++job)
    if (jobs_[job].state == phase::running) out.push_back(job);
  return out;
}

} // namespace apisync::actors
