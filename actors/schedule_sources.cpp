#include "actors/schedule.hpp"

#include <algorithm>
#include <utility>

namespace apisync::actors {

// -- names --------------------------------------------------------------------

/// A source that only a job names has no limits yet.
schedule::source_ref schedule::source_of(const std::string& name) {
  const auto found = source_names_.find(name);
  if (found != source_names_.end()) return found->second;
  const auto source = add_to(sources_, free_sources_);
  source_names_.emplace(name, source);
  sources_[source].name = name;
  const auto own = group_of(name);
  ++groups_[own].users;
  sources_[source].own = own;
  enter_lane(source, lane_of({}, {}), {});
  return source;
}

schedule::group_ref schedule::group_of(const std::string& name) {
  const auto found = group_names_.find(name);
  if (found != group_names_.end()) return found->second;
  const auto of = add_to(groups_, free_groups_);
  group_names_.emplace(name, of);
  groups_[of].name = name;
  return of;
}

void schedule::release_group(group_ref of) {
  auto& known = groups_[of];
  if (--known.users > 0 || known.paused) return;
  group_names_.erase(known.name);
  known = group{};
  free_groups_.push_back(of);
}

// -- sources ------------------------------------------------------------------

void schedule::put_source(const source_place& place, events::timestamp now) {
  const auto source = source_of(place.source);
  // Its jobs wait nowhere while it changes; those that were due become due again.
  std::vector<job_ref> due;
  for (const auto job : sources_[source].jobs)
    if (is_due(jobs_[job])) {
      due.push_back(job);
      set_due(job, jobs_[job].due, now);
    }
  leave_lane(source, now);
  enter_lane(source, lane_of(place.host, place.credential), now);
  auto& known = sources_[source];
  known.forgotten = false;
  known.paused = place.paused;
  const bool moves = known.of_api == none || known.api != place.api;
  if (moves) {
    if (known.of_api != none) {
      std::erase(groups_[known.of_api].members_by_api, source);
      for (const auto job : known.jobs)
        if (jobs_[job].active && known.of_api != known.own) count_active(known.of_api, false, now);
      release_group(known.of_api);
    }
    const auto of_api = group_of(place.api);
    ++groups_[of_api].users;
    groups_[of_api].members_by_api.push_back(source);
    sources_[source].api = place.api;
    sources_[source].of_api = of_api;
    for (const auto job : sources_[source].jobs)
      if (jobs_[job].active && of_api != sources_[source].own) count_active(of_api, true, now);
  }
  std::vector<group_ref> after;
  for (const auto& name : place.after) {
    after.push_back(group_of(name));
    ++groups_[after.back()].users;
  }
  for (const auto of : std::exchange(sources_[source].after, std::move(after)))
    release_group(of);
}

void schedule::forget_source(std::string_view name) {
  const auto found = source_names_.find(name);
  if (found == source_names_.end()) return;
  sources_[found->second].forgotten = true;
  if (sources_[found->second].jobs.empty()) drop_source(found->second);
}

void schedule::drop_source(source_ref source) {
  leave_lane(source, {});
  auto gone = std::exchange(sources_[source], source_entry{});
  source_names_.erase(gone.name);
  release_group(gone.own);
  if (gone.of_api != none) {
    std::erase(groups_[gone.of_api].members_by_api, source);
    release_group(gone.of_api);
  }
  for (const auto of : gone.after)
    release_group(of);
  free_sources_.push_back(source);
}

bool schedule::is_paused(const source_entry& source) const {
  return source.paused || (source.of_api != none && groups_[source.of_api].paused);
}

void schedule::pause_api(std::string_view api, bool paused, events::timestamp now) {
  const auto of = group_of(std::string{api});
  auto& known = groups_[of];
  if (known.paused == paused) {
    ++known.users;
    release_group(of); // where it was made for this
    return;
  }
  known.paused = paused;
  const auto away = now - known.paused_since;
  known.paused_since = now;
  ++known.users;
  std::vector<job_ref> due;
  for (const auto source : known.members_by_api)
    for (const auto job : sources_[source].jobs)
      if (is_due(jobs_[job])) due.push_back(job);
  for (const auto job : due) {
    const auto since = jobs_[job].due;
    set_due(job, since, now);
    if (!paused && due.size() > limits_.running) delay(job, now, away);
  }
  release_group(of);
}

// -- what goes before what ----------------------------------------------------

void schedule::set_active(job_ref job, bool active, events::timestamp now) {
  if (jobs_[job].active == active) return;
  jobs_[job].active = active;
  const auto own = sources_[jobs_[job].source].own;
  const auto of_api = sources_[jobs_[job].source].of_api;
  count_active(own, active, now);
  if (of_api != none && of_api != own) count_active(of_api, active, now);
}

void schedule::count_active(group_ref of, bool active, events::timestamp now) {
  auto& known = groups_[of];
  if (active) {
    ++known.active;
  } else if (--known.active == 0) {
    release_behind(of, now);
  }
}

schedule::group_ref schedule::blocking_group(const source_entry& source) const {
  const auto found = std::find_if(source.after.begin(), source.after.end(),
                                  [&](group_ref of) { return groups_[of].active > 0; });
  return found == source.after.end() ? none : *found;
}

void schedule::release_behind(group_ref of, events::timestamp now) {
  if (groups_[of].behind.empty()) return;
  const std::vector<job_ref> jobs{groups_[of].behind.begin(), groups_[of].behind.end()};
  for (const auto job : jobs)
    if (jobs_[job].state == phase::behind && blocking_group(sources_[jobs_[job].source]) == none)
      admit(job, now);
}

void schedule::release_held(source_ref source, events::timestamp now) {
  if (sources_[source].held.empty()) return;
  const auto jobs = sources_[source].held;
  for (const auto job : jobs)
    if (jobs_[job].state == phase::held) admit(job, now);
}

} // namespace apisync::actors
