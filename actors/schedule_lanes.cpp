#include "actors/schedule.hpp"

#include <algorithm>

namespace apisync::actors {

using std::chrono::microseconds;

namespace {

/// How much longer another host may have waited before it ends a run of one host.
constexpr std::chrono::seconds warm_slack{1};
constexpr std::uint32_t warm_runs_max = 32;

constexpr std::uint64_t lane_key(std::uint32_t host, std::uint32_t credential) {
  return (std::uint64_t{host} << 32) | credential;
}

} // namespace

// -- who is where -------------------------------------------------------------

schedule::host_ref schedule::host_of(const std::string& name) {
  const auto found = host_names_.find(name);
  if (found != host_names_.end()) return found->second;
  const auto host = add_to(hosts_, free_hosts_);
  host_names_.emplace(name, host);
  hosts_[host].name = name;
  return host;
}

schedule::credential_ref schedule::credential_of(const std::string& name) {
  const auto found = credential_names_.find(name);
  if (found != credential_names_.end()) return found->second;
  const auto credential = add_to(credentials_, free_credentials_);
  credential_names_.emplace(name, credential);
  credentials_[credential].name = name;
  return credential;
}

schedule::lane_ref schedule::lane_of(const std::string& host_name, const std::string& name) {
  const auto host = host_of(host_name);
  const auto credential = credential_of(name);
  const auto [found, is_new] = lane_numbers_.try_emplace(lane_key(host, credential), none);
  if (is_new) {
    const auto made = add_to(lanes_, free_lanes_);
    lanes_[made].host = host;
    lanes_[made].credential = credential;
    found->second = made;
  }
  return found->second;
}

void schedule::enter_lane(source_ref source, lane_ref of, events::timestamp now) {
  auto& known = sources_[source];
  auto& host = hosts_[lanes_[of].host];
  known.lane = of;
  ++lanes_[of].sources;
  known.place_in_host = static_cast<std::uint32_t>(host.sources.size());
  host.sources.push_back(source);
  if (!known.busy) return;
  ++host.running; // what runs counts where it is now
  ++credentials_[lanes_[of].credential].running;
  set_host_wake(lanes_[of].host, now);
}

/// @pre none of its jobs waits in the lane
void schedule::leave_lane(source_ref source, events::timestamp now) {
  auto& known = sources_[source];
  const auto left = known.lane;
  const auto host_number = lanes_[left].host;
  const auto credential = lanes_[left].credential;
  auto& host = hosts_[host_number];
  const auto last = host.sources.back();
  host.sources[known.place_in_host] = last;
  sources_[last].place_in_host = known.place_in_host;
  host.sources.pop_back();
  if (known.busy) {
    --host.running;
    --credentials_[credential].running;
    offer_host(host_number, now);
    offer_credential(credential);
  }
  if (--lanes_[left].sources > 0) return;
  lane_numbers_.erase(lane_key(host_number, credential));
  if (warm_ == left) warm_ = none;
  lanes_[left] = lane{};
  free_lanes_.push_back(left);
  const bool keeps = host.name.empty() || host.paused || host.circuit.is_open();
  if (host.sources.empty() && !keeps) {
    if (host.wake_place != none) wakes_.erase(host_number, wake_place());
    host_names_.erase(host.name);
    host = host_entry{};
    free_hosts_.push_back(host_number);
  }
}

// -- where a lane waits -------------------------------------------------------

schedule::heap& schedule::queue_of(lane& of) {
  switch (of.at) {
  case lane::where::at_host:
    return hosts_[of.host].parked;
  case lane::where::at_credential:
    return credentials_[of.credential].parked;
  case lane::where::open:
  case lane::where::nowhere:
    break;
  }
  return open_;
}

void schedule::remove_from_queue(lane_ref number) {
  auto& of = lanes_[number];
  if (of.at != lane::where::nowhere) queue_of(of).erase(number, place_of_lane());
  of.at = lane::where::nowhere;
}

/// The lane's front has changed, or it is empty by now.
void schedule::requeue(lane_ref number, events::timestamp now) {
  auto& of = lanes_[number];
  if (of.jobs.empty()) {
    if (of.at == lane::where::nowhere) return;
    remove_from_queue(number);
    offer_host(of.host, now);
    offer_credential(of.credential);
    return;
  }
  if (of.at == lane::where::nowhere) {
    of.at = lane::where::open;
    open_.push(number, of.jobs.front_key(), place_of_lane());
  } else {
    queue_of(of).update(number, of.jobs.front_key(), place_of_lane());
  }
}

void schedule::park(lane_ref number, lane::where at) {
  remove_from_queue(number);
  lanes_[number].at = at;
  queue_of(lanes_[number]).push(number, lanes_[number].jobs.front_key(), place_of_lane());
}

void schedule::reopen(lane_ref number) {
  remove_from_queue(number);
  lanes_[number].at = lane::where::open;
  open_.push(number, lanes_[number].jobs.front_key(), place_of_lane());
}

/// The lane whose front is the most urgent; or the one taken from last, while nobody else waits
/// much longer.
std::optional<schedule::lane_ref> schedule::choose_lane() {
  if (open_.empty()) return std::nullopt;
  const auto first = open_.front();
  if (warm_ != none && warm_ != first && warm_runs_ < warm_runs_max &&
      lanes_[warm_].at == lane::where::open &&
      lanes_[warm_].jobs.front_key() <= open_.front_key() + warm_slack) {
    ++warm_runs_;
    return warm_;
  }
  if (warm_ != first) warm_runs_ = 0;
  warm_ = first;
  return first;
}

// -- room ---------------------------------------------------------------------

bool schedule::host_lets(host_entry& host, events::timestamp now) {
  if (host.name.empty()) return true;
  if (host.paused || host.running >= limits_.per_host || !host.circuit.lets(now, host.running))
    return false;
  return !has_budget() ||
         host.budget.fits_at(now, limits_.host_window, limits_.host_requests, 1) <= now;
}

bool schedule::credential_lets(const credential_entry& credential) const {
  return credential.name.empty() || credential.running < limits_.per_credential;
}

/// Where a host with room has lanes that wait for it, the first of them comes back. The next one
/// comes when that one has been served: so what waits in vain is looked at once for each room.
void schedule::offer_host(host_ref number, events::timestamp now) {
  auto& host = hosts_[number];
  if (host.parked.empty()) return;
  if (!host_lets(host, now)) return set_host_wake(number, now);
  reopen(host.parked.front());
}

void schedule::offer_credential(credential_ref number) {
  auto& credential = credentials_[number];
  if (credential.parked.empty() || !credential_lets(credential)) return;
  reopen(credential.parked.front());
}

/// A host that time alone gives room again is looked at then.
void schedule::set_host_wake(host_ref number, events::timestamp now) {
  auto& host = hosts_[number];
  if (host.wake_place != none) wakes_.erase(number, wake_place());
  if (host.parked.empty() || host.paused || host.running >= limits_.per_host) return;
  auto wake = now;
  if (host.circuit.is_open()) {
    if (now >= host.circuit.until()) return; // the end of the sync that tries it
    wake = host.circuit.until();
  }
  if (has_budget())
    wake = std::max(wake, host.budget.fits_at(now, limits_.host_window, limits_.host_requests, 1));
  if (wake <= now) return;
  wakes_.push(number, wake, wake_place());
}

// -- changes ------------------------------------------------------------------

void schedule::set_limits(const schedule_limits& limits, events::timestamp now) {
  limits_ = limits;
  for (host_ref host = 0; host < hosts_.size(); ++host)
    offer_host(host, now);
  for (credential_ref credential = 0; credential < credentials_.size(); ++credential)
    offer_credential(credential);
}

void schedule::pause_host(std::string_view name, bool paused, events::timestamp now) {
  const auto number = host_of(std::string{name});
  auto& host = hosts_[number];
  if (host.paused == paused) return;
  host.paused = paused;
  const auto away = now - host.paused_since;
  host.paused_since = now;
  if (paused) return;
  recover(number, now, away);
  offer_host(number, now);
}

void schedule::restore_circuit(std::string_view name, std::uint32_t failures,
                               std::uint32_t openings, events::timestamp since,
                               events::timestamp until) {
  hosts_[host_of(std::string{name})].circuit.restore(failures, openings, since, until);
}

/// The host may be asked again: what waited for it comes back spread, and so does what failed by
/// its fault and would be looked at only much later.
void schedule::recover(host_ref number, events::timestamp now, microseconds away) {
  std::vector<job_ref> back;
  for (const auto source : hosts_[number].sources)
    for (const auto job : source_lists_[source].jobs) {
      const auto& known = jobs_[job];
      const bool rare =
          known.state == phase::planned && known.failing && known.at > now + known.interval();
      if (is_overdue(job, now) || rare) back.push_back(job);
    }
  for (const auto job : back) {
    if (jobs_[job].state == phase::planned) set_due(job, now, now);
    if (back.size() > limits_.per_host) delay(job, now, away);
  }
}

} // namespace apisync::actors
