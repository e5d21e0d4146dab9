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
  source_lists_.resize(sources_.size());
  source_lists_[source] = {};
  source_lists_[source].name = name;
  const auto own = group_of(name);
  ++group_lists_[own].users;
  sources_[source].own = own;
  enter_lane(source, lane_of({}, {}), {});
  return source;
}

schedule::group_ref schedule::group_of(const std::string& name) {
  const auto found = group_names_.find(name);
  if (found != group_names_.end()) return found->second;
  const auto of = add_to(groups_, free_groups_);
  group_names_.emplace(name, of);
  group_lists_.resize(groups_.size());
  group_lists_[of] = {};
  group_lists_[of].name = name;
  return of;
}

void schedule::release_group(group_ref of) {
  auto& known = group_lists_[of];
  if (--known.users > 0 || groups_[of].paused) return;
  group_names_.erase(known.name);
  known = {};
  groups_[of] = {};
  free_groups_.push_back(of);
}

// -- sources ------------------------------------------------------------------

void schedule::put_source(const source_place& place, events::timestamp now) {
  const auto source = source_of(place.source);
  // Its jobs wait nowhere while it changes; those that were due become due again.
  std::vector<job_ref> due;
  for (const auto job : source_lists_[source].jobs)
    if (is_due(jobs_[job])) {
      due.push_back(job);
      set_due(job, jobs_[job].due, now);
    }
  leave_lane(source, now);
  enter_lane(source, lane_of(place.host, place.credential), now);
  auto& known = sources_[source];
  auto& lists = source_lists_[source];
  known.forgotten = false;
  known.paused = place.paused;
  if (known.of_api == none || lists.api != place.api) {
    const auto before = known.of_api;
    const auto after = group_of(place.api);
    ++group_lists_[after].users;
    group_lists_[after].members_by_api.push_back(source);
    for (const auto job : lists.jobs) {
      if (!jobs_[job].active) continue;
      if (before != none && before != known.own) count_active(before, false, now);
      if (after != known.own) count_active(after, true, now);
    }
    known.of_api = after;
    lists.api = place.api;
    if (before != none) {
      std::erase(group_lists_[before].members_by_api, source);
      release_group(before);
    }
  }
  std::vector<group_ref> after;
  for (const auto& name : place.after) {
    after.push_back(group_of(name));
    ++group_lists_[after.back()].users;
  }
  known.comes_after = !after.empty();
  for (const auto of : std::exchange(lists.after, std::move(after)))
    release_group(of);
}

void schedule::forget_source(std::string_view name) {
  const auto found = source_names_.find(name);
  if (found == source_names_.end()) return;
  sources_[found->second].forgotten = true;
  if (source_lists_[found->second].jobs.empty()) drop_source(found->second);
}

void schedule::drop_source(source_ref source) {
  leave_lane(source, {});
  const auto gone = std::exchange(sources_[source], source_entry{});
  const auto lists = std::exchange(source_lists_[source], {});
  source_names_.erase(lists.name);
  release_group(gone.own);
  if (gone.of_api != none) {
    std::erase(group_lists_[gone.of_api].members_by_api, source);
    release_group(gone.of_api);
  }
  for (const auto of : lists.after)
    release_group(of);
  free_sources_.push_back(source);
}

bool schedule::is_paused(const source_entry& source) const {
  return source.paused || (source.of_api != none && groups_[source.of_api].paused);
}

void schedule::pause_api(std::string_view api, bool paused, events::timestamp now) {
  const auto of = group_of(std::string{api});
  auto& known = group_lists_[of];
  ++known.users; // it stays while this looks at it
  if (groups_[of].paused != paused) {
    groups_[of].paused = paused;
    const auto away = now - std::exchange(known.paused_since, now);
    std::vector<job_ref> due;
    for (const auto source : known.members_by_api)
      for (const auto job : source_lists_[source].jobs)
        if (is_due(jobs_[job])) due.push_back(job);
    for (const auto job : due) {
      const auto since = jobs_[job].due;
      set_due(job, since, now);
      if (!paused && due.size() > limits_.running) delay(job, now, away);
    }
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

schedule::group_ref schedule::blocking_group(source_ref source) const {
  const auto& after = source_lists_[source].after;
  const auto found = std::find_if(after.begin(), after.end(),
                                  [&](group_ref of) { return groups_[of].active > 0; });
  return found == after.end() ? none : *found;
}

void schedule::wait_behind(job_ref job) {
  jobs_[job].state = phase::behind;
  for (const auto of : source_lists_[jobs_[job].source].after) {
    group_lists_[of].behind.insert(job);
    groups_[of].waited_for = true;
  }
}

void schedule::leave_behind(job_ref job) {
  for (const auto of : source_lists_[jobs_[job].source].after) {
    group_lists_[of].behind.erase(job);
    groups_[of].waited_for = !group_lists_[of].behind.empty();
  }
}

void schedule::release_behind(group_ref of, events::timestamp now) {
  if (!groups_[of].waited_for) return;
  const auto& behind = group_lists_[of].behind;
  const std::vector<job_ref> jobs{behind.begin(), behind.end()};
  for (const auto job : jobs)
    if (jobs_[job].state == phase::behind && blocking_group(jobs_[job].source) == none)
      admit(job, now);
}

// -- what is held -------------------------------------------------------------

void schedule::hold(job_ref job) {
  jobs_[job].state = phase::held;
  source_lists_[jobs_[job].source].held.push_back(job);
  sources_[jobs_[job].source].holds = true;
}

void schedule::unhold(job_ref job) {
  auto& held = source_lists_[jobs_[job].source].held;
  std::erase(held, job);
  sources_[jobs_[job].source].holds = !held.empty();
}

void schedule::release_held(source_ref source, events::timestamp now) {
  if (!sources_[source].holds) return;
  const auto jobs = source_lists_[source].held;
  for (const auto job : jobs)
    if (jobs_[job].state == phase::held) admit(job, now);
}

} // namespace apisync::actors
