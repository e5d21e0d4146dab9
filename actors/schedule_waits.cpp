#include "actors/schedule.hpp"

namespace apisync::actors {

using kind = wait_fact::kind;

std::vector<wait_fact> schedule::why(job_ref job, events::timestamp now) {
  const auto& known = jobs_[job];
  const auto& source = sources_[known.source];
  auto& host = hosts_[lanes_[source.lane].host];
  const auto& credential = credentials_[lanes_[source.lane].credential];
  std::vector<wait_fact> facts;
  const auto tell = [&](kind what, std::string name = {},
                        std::optional<events::timestamp> until = {}) {
    facts.push_back({what, std::move(name), until});
  };
  if (known.state == phase::running) {
    tell(kind::running);
    return facts;
  }
  if (source.paused) tell(kind::source_paused);
  if (source.of_api != none && groups_[source.of_api].paused)
    tell(kind::api_paused, source_lists_[known.source].api);
  if (host.paused) tell(kind::host_paused, host.name);
  if (host.circuit.is_open()) {
    if (now < host.circuit.until())
      tell(kind::circuit, host.name, host.circuit.until());
    else if (host.running > 0)
      tell(kind::probe, host.name);
  }
  const bool due = is_due(known) || (known.state == phase::planned && known.at <= now);
  if (!due) {
    if (known.state == phase::planned)
      tell(kind::time, {}, known.at);
    else
      tell(kind::trigger);
    return facts;
  }
  if (source.busy) tell(kind::source_busy);
  if (known.state == phase::behind)
    if (const auto of = blocking_group(known.source); of != none)
      tell(kind::dependency, group_lists_[of].name, known.at);
  if (!host.name.empty()) {
    if (host.running >= limits_.per_host) tell(kind::host_busy, host.name);
    if (has_budget()) {
      const auto fits = host.budget.fits_at(now, limits_.host_window, limits_.host_requests, 1);
      if (fits > now) tell(kind::budget, host.name, fits);
    }
  }
  if (!credential_lets(credential)) tell(kind::credential, credential.name);
  if (running_ >= limits_.running) tell(kind::all_busy);
  if (facts.empty()) tell(kind::turn);
  return facts;
}

schedule::host_figures schedule::look_at_host(std::string_view name, events::timestamp now) {
  const auto found = host_names_.find(name);
  if (found == host_names_.end()) return {};
  auto& host = hosts_[found->second];
  host_figures out{host.running, 0, 0};
  if (has_budget()) out.requests = host.budget.spent(now, limits_.host_window);
  for (const auto source : host.sources)
    for (const auto job : source_lists_[source].jobs)
      out.waiting += is_due(jobs_[job]);
  return out;
}

std::size_t schedule::bytes() const {
  const auto of = [](const auto& all) {
    return all.capacity() * sizeof(typename std::remove_cvref_t<decltype(all)>::value_type);
  };
  auto sum = of(jobs_) + of(names_) + of(sources_) + of(source_lists_) + of(groups_) +
             of(group_lists_) + of(lanes_) + of(hosts_) + of(credentials_) + of(planned_places_) +
             of(lane_places_) + planned_.bytes() + open_.bytes() + wakes_.bytes() + of(woken_);
  for (const auto& one : source_lists_)
    sum += of(one.jobs) + of(one.held) + of(one.after);
  for (const auto& one : group_lists_)
    sum += of(one.members_by_api) + one.behind.size() * 5 * sizeof(void*);
  for (const auto& one : lanes_)
    sum += one.jobs.bytes();
  for (const auto& one : hosts_)
    sum += one.parked.bytes() + of(one.sources);
  for (const auto& one : credentials_)
    sum += one.parked.bytes();
  return sum;
}

} // namespace apisync::actors
