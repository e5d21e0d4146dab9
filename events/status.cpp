#include "events/status.hpp"

#include "events/history.hpp"
#include "events/json_object.hpp"

#include <algorithm>
#include <map>

namespace apisync::events {

using std::chrono::duration_cast;
using std::chrono::microseconds;
using std::chrono::milliseconds;

std::string_view to_string(source_condition value) {
  switch (value) {
  case source_condition::fresh:
    return "new";
  case source_condition::healthy:
    return "healthy";
  case source_condition::failing:
    return "failing";
  case source_condition::paused:
    return "paused";
  case source_condition::quarantined:
    return "quarantined";
  }
  return "new";
}

std::string_view to_string(api_condition value) {
  switch (value) {
  case api_condition::empty:
    return "empty";
  case api_condition::current:
    return "current";
  case api_condition::conflicted:
    return "conflicted";
  case api_condition::paused:
    return "paused";
  case api_condition::orphaned:
    return "orphaned";
  }
  return "empty";
}

source_condition condition_of(const views& in, const source_state& source) {
  if (source.quarantined) return source_condition::quarantined;
  if (source.paused) return source_condition::paused;
  auto found = source_condition::fresh;
  for (const auto number : in.jobs_of(source.definition.id)) {
    const auto* job = in.job_by_number(number);
    if (job->problem) return source_condition::failing;
    if (job->last_ended) found = source_condition::healthy;
  }
  return found;
}

api_condition condition_of(const api_state& api) {
  if (api.orphaned) return api_condition::orphaned;
  if (api.paused) return api_condition::paused;
  if (!api.open.empty()) return api_condition::conflicted;
  return api.revisions.empty() ? api_condition::empty : api_condition::current;
}

std::string_view to_string(webhook_condition value) {
  switch (value) {
  case webhook_condition::ready:
    return "ready";
  case webhook_condition::failing:
    return "failing";
  case webhook_condition::disabled:
    return "disabled";
  }
  return "ready";
}

webhook_condition condition_of(const webhook_state& webhook) {
  if (!webhook.definition.enabled) return webhook_condition::disabled;
  return webhook.problem ? webhook_condition::failing : webhook_condition::ready;
}

std::string_view to_string(target_condition value) {
  switch (value) {
  case target_condition::waiting:
    return "waiting";
  case target_condition::written:
    return "written";
  case target_condition::failing:
    return "failing";
  case target_condition::disabled:
    return "disabled";
  }
  return "waiting";
}

std::string_view to_string(folder_condition value) {
  switch (value) {
  case folder_condition::waiting:
    return "waiting";
  case folder_condition::searched:
    return "searched";
  case folder_condition::failing:
    return "failing";
  }
  return "waiting";
}

folder_condition condition_of(const views& in, const folder_definition& folder) {
  const auto& searched = in.engine().searched;
  const auto found = searched.find(folder.id);
  if (found == searched.end()) return folder_condition::waiting;
  return found->second.fact.problem.empty() ? folder_condition::searched
                                            : folder_condition::failing;
}

const revision* wanted_revision(const api_state& api, const target_definition& target) {
  if (target.document == target_document::current) return api.head();
  return api.released ? api.revisions[api.released->revision - 1].get() : nullptr;
}

target_condition condition_of(const views& in, const target_state& target) {
  if (!target.definition.enabled) return target_condition::disabled;
  if (target.problem) return target_condition::failing;
  const auto* api = in.api(target.definition.api);
  const auto* wanted = api ? wanted_revision(*api, target.definition) : nullptr;
  const bool there =
      target.written && wanted != nullptr && target.written->revision == wanted->fact.number;
  return there ? target_condition::written : target_condition::waiting;
}

// -- figures ------------------------------------------------------------------

std::uint64_t queue_length(const views& in) {
  std::uint64_t due = 0;
  in.each_job([&](const job_state& job) {
    if (job.status != job_status::running && job.next_attempt && *job.next_attempt <= in.time())
      ++due;
  });
  return due;
}

std::uint64_t active_jobs(const views& in) {
  std::uint64_t running = 0;
  in.each_job([&](const job_state& job) { running += job.status == job_status::running; });
  return running;
}

std::uint64_t open_conflicts(const views& in) {
  std::uint64_t open = 0;
  in.each_api([&](const api_state& api) { open += api.open.size(); });
  return open;
}

drift_counts drifting(const views& in) {
  drift_counts out;
  in.each_api([&](const api_state& api) {
    for (const auto& [id, drift] : api.drifts) {
      const auto* source = in.source(id);
      if (source == nullptr) continue;
      ++(source->definition.role == source_role::observer ? out.observers : out.contributors);
    }
  });
  return out;
}

std::uint64_t dead_letters(const views& in) {
  std::uint64_t dead = 0;
  in.each_webhook([&](const webhook_state& webhook) { dead += webhook.dead.size(); });
  return dead;
}

microseconds uptime(const views& in) {
  return in.engine().started ? in.time() - *in.engine().started : microseconds{};
}

std::optional<api_age> oldest_api(const views& in) {
  std::optional<api_age> oldest;
  in.each_api([&](const api_state& api) {
    const auto confirmed = in.confirmed(api);
    if (!confirmed) return;
    const auto age = std::max(in.time() - *confirmed, microseconds{});
    const auto& id = api.definition.id;
    if (!oldest || age > oldest->age || (age == oldest->age && id < oldest->id)) oldest = {id, age};
  });
  return oldest;
}

// -- JSON ---------------------------------------------------------------------

namespace {

written_json seconds(microseconds length) {
  return thousandths(duration_cast<milliseconds>(length).count());
}

/// `{"total": 3, STATE: 1, …}` with every state named.
template <class Condition>
class tally {
public:
  void add(Condition of) { ++counts_[static_cast<std::size_t>(of)]; }
  [[nodiscard]] std::uint64_t of(Condition which) const {
    return counts_[static_cast<std::size_t>(which)];
  }

  [[nodiscard]] written_json json() const {
    json_object out;
    std::uint64_t total = 0;
    for (const auto count : counts_)
      total += count;
    out.member("total", total);
    for (const auto value : all_values(Condition{}))
      out.member(to_string(value), of(value));
    return out.finish();
  }

private:
  std::array<std::uint64_t, all_values(Condition{}).size()> counts_{};
};

written_json drift_json(const drift_counts& counts) {
  json_object out;
  out.member("observers", counts.observers).member("contributors", counts.contributors);
  return out.finish();
}

written_json failure_json(const std::optional<last_failure>& failure) {
  if (!failure) return {};
  json_object out;
  out.member("time", failure->time)
      .optional("source", failure->source)
      .optional("actor", failure->actor)
      .member("code", failure->code)
      .member("message", failure->message)
      .optional("where", failure->where);
  return out.finish();
}

written_json age_json(const std::optional<api_age>& oldest) {
  if (!oldest) return {};
  json_object out;
  out.member("id", oldest->id).member("age", seconds(oldest->age));
  return out.finish();
}

} // namespace

std::string status_json(const views& in) {
  tally<source_condition> sources;
  in.each_source([&](const source_state& source) { sources.add(condition_of(in, source)); });
  tally<job_status> jobs;
  in.each_job([&](const job_state& job) { jobs.add(job.status); });
  tally<api_condition> apis;
  in.each_api([&](const api_state& api) { apis.add(condition_of(api)); });
  tally<webhook_condition> webhooks;
  in.each_webhook([&](const webhook_state& webhook) { webhooks.add(condition_of(webhook)); });
  tally<folder_condition> folders;
  for (const auto& folder : in.engine().folders)
    folders.add(condition_of(in, folder));
  tally<target_condition> targets;
  in.each_target([&](const target_state& target) { targets.add(condition_of(in, target)); });
  json_object out;
  out.member("state", in.engine().mode)
      .member("sources", sources.json())
      .member("jobs", jobs.json())
      .member("apis", apis.json())
      .member("webhooks", webhooks.json())
      .member("targets", targets.json())
      .member("folders", folders.json())
      .member("openConflicts", open_conflicts(in))
      .member("quarantined", sources.of(source_condition::quarantined))
      .member("drifting", drift_json(drifting(in)))
      .member("deadLetters", dead_letters(in))
      .member("oldestApi", age_json(oldest_api(in)))
      .member("lastError", failure_json(in.last_error()))
      .member("version", in.engine().version)
      .member("sequence", in.at());
  return out.finish().text;
}

std::string metrics_json(const views& in) {
  const auto& counted = in.metrics();
  const auto total = counted.total();
  const auto average_us =
      total == 0 ? 0 : counted.duration.count() / static_cast<std::int64_t>(total);
  json_object out;
  out.member("totalSyncs", total)
      .member("successfulSyncs", counted.successful())
      .member("failedSyncs", total - counted.successful())
      .member("averageSyncTime", thousandths(average_us))
      .member("activeJobs", active_jobs(in))
      .member("queueLength", queue_length(in))
      .member("lastSyncTime", counted.last_sync)
      .member("uptime", seconds(uptime(in)))
      .member("changedSyncs", counted.changed)
      .member("unchangedSyncs", counted.unchanged)
      .member("quarantinedSyncs", counted.quarantined)
      .member("interruptedSyncs", counted.interrupted)
      .member("revisions", counted.revisions)
      .member("breakingRevisions", counted.breaking_revisions)
      .member("openConflicts", open_conflicts(in))
      .member("openedConflicts", counted.conflicts_opened)
      .member("resolvedConflicts", counted.conflicts_resolved)
      .member("closedConflicts", counted.conflicts_closed)
      .member("actorFailures", in.engine().actor_failures)
      .member("deliveries", counted.deliveries)
      .member("failedDeliveries", counted.failed_deliveries)
      .member("abandonedDeliveries", counted.abandoned_deliveries)
      .member("targetsWritten", counted.targets_written)
      .member("failedWrites", counted.failed_writes)
      .member("deadLetters", dead_letters(in))
      .member("modelRequests", counted.model_requests)
      .member("modelTokens", counted.model_tokens)
      .member("modelAnswers", counted.model_answers)
      .member("modelFailures", counted.model_failures)
      .member("modelRepeated", counted.model_repeated)
      .member("modelResolved", counted.model_resolved)
      .member("modelProposed", counted.model_proposed)
      .member("modelRefused", counted.model_refused)
      .member("driftsBegan", counted.drifts_began)
      .member("driftsEnded", counted.drifts_ended)
      .member("documentsPushed", counted.documents_pushed)
      .member("events", in.at())
      .member("sequence", in.at());
  return out.finish().text;
}

std::string config_json(const views& in) {
  const auto& engine = in.engine();
  json_object out;
  out.member("settings", engine.values)
      .member("file", in.config_file().empty() ? std::optional<std::string>{} : in.config_file())
      .member("fileHash", engine.config_hash)
      .member("sequence", in.at());
  return out.finish().text;
}

std::string replay_json(const views& in) {
  std::map<std::string, written_json> history;
  in.each_api([&](const api_state& api) {
    history.emplace(api.definition.id, written_json{history_json(api)});
  });
  json_object out;
  out.member("sequence", in.at())
      .member("status", written_json{status_json(in)})
      .member("metrics", written_json{metrics_json(in)})
      .member("history", history);
  return out.finish().text;
}

} // namespace apisync::events
