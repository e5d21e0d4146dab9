#include "events/views_json.hpp"

#include "events/config_entries.hpp"
#include "events/json_object.hpp"
#include "events/status.hpp"

#include <algorithm>

namespace apisync::events {

namespace {

using std::chrono::duration_cast;
using std::chrono::milliseconds;

written_json problem_json(const last_problem& problem) {
  json_object out;
  out.member("time", problem.time)
      .member("message", problem.reason)
      .optional("where", problem.where);
  return out.finish();
}

written_json quarantine_json(const quarantine& of) {
  json_object out;
  out.member("since", of.since)
      .member("reason", of.reason)
      .optional("where", of.where)
      .member("contentHash", of.bytes_hash);
  return out.finish();
}

std::optional<sync_outcome> outcome_of(const job_state& job) {
  if (job.last_outcome == sync_outcome::none) return std::nullopt;
  return job.last_outcome;
}

/// What the jobs of a source say together.
struct source_syncs {
  const job_state* last = nullptr; ///< Whose end is the newest.
  const last_problem* problem = nullptr;
  std::optional<timestamp> last_success, next;
  std::uint32_t failures = 0;
};

template <class T>
bool newer(const std::optional<T>& a, const std::optional<T>& b) {
  return a && (!b || *a > *b);
}

written_json pushed_json(const pushed_document& of) {
  json_object out;
  out.member("time", of.time)
      .member("by", of.by)
      .member("contentHash", of.fact.text)
      .optional("commit", of.fact.commit)
      .optional("message", of.fact.message)
      .optional("delivery", of.fact.delivery);
  return out.finish();
}

/// That a source differs from its API, and since when; the report has the differences.
written_json source_drift_json(const views& in, const source_definition& of) {
  const auto* api = in.api(of.api);
  if (api == nullptr) return {};
  const auto found = api->drifts.find(of.id);
  if (found == api->drifts.end()) return {};
  json_object out;
  out.member("since", found->second.since)
      .member("changed", found->second.changed)
      .member("counts", found->second.report.counts);
  return out.finish();
}

source_syncs syncs_of(const views& in, std::string_view source) {
  source_syncs out;
  for (const auto number : in.jobs_of(source)) {
    const auto& job = *in.job_by_number(number);
    if (job.last_ended && (!out.last || newer(job.last_ended, out.last->last_ended)))
      out.last = &job;
    if (job.problem && (!out.problem || job.problem->time > out.problem->time))
      out.problem = &*job.problem;
    if (newer(job.last_success, out.last_success)) out.last_success = job.last_success;
    if (job.next_attempt && (!out.next || *job.next_attempt < *out.next))
      out.next = job.next_attempt;
    out.failures = std::max(out.failures, job.failures);
  }
  return out;
}

void write_definition(json_object& out, const source_definition& of) {
  out.member("id", of.id)
      .member("api", of.api)
      .member("kind", of.kind)
      .member("role", of.role)
      .optional("path", of.path)
      .optional("url", of.url)
      .optional("ref", of.ref);
  if (of.kind == source_kind::git) out.member("history", of.history);
  out.optional("headers", of.headers)
      .optional("allowAddresses", of.allow_addresses)
      .optional("interval", of.interval);
  if (of.kind == source_kind::file) out.member("watch", of.watch);
  out.member("priority", of.priority)
      .optional("maxRetries", of.max_retries)
      .optional("after", of.after)
      .optional("adaptive", of.adaptive)
      .optional("minInterval", of.min_interval)
      .optional("maxInterval", of.max_interval);
  if (of.select) out.member("select", written_json{selection_json(*of.select)});
  out.optional("duplicates", of.duplicates).optional("references", of.references);
  if (of.hook) out.member("hook", written_json{hook_json(*of.hook)});
  out.optional("connection", of.connection);
}

} // namespace

std::string source_json(const views& in, const source_state& of) {
  const auto& id = of.definition.id;
  const auto syncs = syncs_of(in, id);
  json_object out;
  write_definition(out, of.definition);
  out.member("declared", of.definition.declared)
      .optional("folder", of.definition.folder)
      .member("state", condition_of(in, of))
      .member("paused", of.paused)
      .member("job", in.job(id) ? std::optional{id} : std::nullopt)
      .member("lastSync", syncs.last ? syncs.last->last_ended : std::nullopt)
      .member("lastOutcome", syncs.last ? outcome_of(*syncs.last) : std::nullopt)
      .member("lastChange", of.changed)
      .member("lastSuccess", syncs.last_success)
      .member("nextSync", syncs.next)
      .member("lastError", syncs.problem ? problem_json(*syncs.problem) : written_json{})
      .member("failures", syncs.failures)
      .member("quarantine", of.quarantined ? quarantine_json(*of.quarantined) : written_json{})
      .member("drift", source_drift_json(in, of.definition));
  if (of.pushed) out.member("pushed", pushed_json(*of.pushed));
  return out.finish().text;
}

std::string job_json(const job_state& of) {
  json_object out;
  out.member("id", of.definition.id)
      .member("sourceId", of.definition.source)
      .member("priority", of.definition.priority)
      .member("retryCount", of.retry_count)
      .member("maxRetries", of.definition.max_retries)
      .member("lastAttempt", of.last_attempt)
      .member("nextAttempt", of.next_attempt)
      .member("status", of.status)
      .member("schedule", of.definition.schedule)
      .member("interval", of.definition.interval)
      .member("cron", of.definition.cron)
      .member("declared", of.definition.declared)
      .member("lastOutcome", outcome_of(of))
      .member("lastDuration", thousandths(of.last_duration.count()))
      .member("lastError", of.problem ? problem_json(*of.problem) : written_json{});
  return out.finish().text;
}

namespace {

std::vector<std::string> titles_of(const std::vector<overlay_definition>& overlays) {
  std::vector<std::string> titles;
  for (const auto& one : overlays)
    titles.push_back(one.title);
  return titles;
}

/// What users have, and what the newest revision means for them.
written_json released_json(const api_state& of) {
  if (!of.released) return {};
  const auto& release = *of.released;
  json_object out;
  out.member("revision", release.revision)
      .member("time", release.time)
      .member("by", release.by)
      .optional("reason", release.reason)
      .member("behind", of.revisions.size() - release.revision)
      .member("verdict", release.compared.verdict)
      .member("counts", release.compared.counts);
  return out.finish();
}

std::vector<std::string> names_of(const std::map<std::string, drift_state>& drifts) {
  std::vector<std::string> out;
  for (const auto& [source, drift] : drifts)
    out.push_back(source);
  return out;
}

/// How one source stands to the canonical document.
written_json compared_json(const api_state& api, const source_state& source) {
  const auto& id = source.definition.id;
  const auto found = api.drifts.find(id);
  const auto moved = api.moved.find(id);
  const bool seen = api.bases.contains(id) && moved != api.moved.end();
  const bool differs = found != api.drifts.end();
  static const drift_state none;
  const auto& drift = differs ? found->second : none;
  json_object out;
  out.member("source", id)
      .member("role", source.definition.role)
      .member("state", !seen     ? "unseen"
                       : differs ? "drifts"
                                 : "agrees")
      .member("changed", seen ? std::optional{moved->second} : std::nullopt)
      .member("quarantined", source.quarantined.has_value());
  if (differs)
    out.member("since", drift.since)
        .member("lastChange", drift.changed)
        .member("revision", drift.report.revision)
        .member("counts", drift.report.counts)
        .member("changes", drift.report.changes);
  return out.finish();
}

} // namespace

std::string drift_json(const views& in, const api_state& of) {
  std::vector<written_json> sources;
  for (const auto& id : in.sources_of(of.definition.id)) {
    const auto* source = in.source(id);
    if (source != nullptr && source->definition.role != source_role::authority)
      sources.push_back(compared_json(of, *source));
  }
  json_object out;
  out.member("id", of.definition.id)
      .member("revision", of.head() ? std::optional{of.head()->fact.number} : std::nullopt)
      .member("sources", sources);
  return out.finish().text;
}

std::string api_json(const views& in, const api_state& of) {
  const auto& definition = of.definition;
  const auto* head = of.head();
  const auto of_head = [&]<class T>(const T& value) {
    return head ? std::optional<T>{value} : std::nullopt;
  };
  static const revision_added none;
  const auto& fact = head ? head->fact : none;
  json_object out;
  out.member("id", definition.id)
      .member("title", definition.title.empty() ? fact.title : definition.title)
      .member("owner", definition.owner)
      .member("contact", definition.contact)
      .member("lifecycle", definition.lifecycle)
      .member("group", definition.group)
      .member("labels", definition.labels)
      .member("rules", definition.rules)
      .optional("guard", definition.guard)
      .member("overlays", titles_of(definition.overlays))
      .member("ownCompatibility", definition.compatibility.has_value())
      .member("declared", definition.declared)
      .member("state", condition_of(of))
      .member("revision", of_head(fact.number))
      .member("contentHash", of_head(fact.content))
      .member("canonicalHash", of_head(fact.canonical))
      .member("openapi", of_head(fact.openapi))
      .member("version", of_head(fact.api_version))
      .member("operations", fact.operations)
      .member("openConflicts", of.open.size())
      .member("updated", of.updated)
      .member("verdict", of_head(fact.verdict))
      .member("released", released_json(of))
      .member("confirmed", in.confirmed(of))
      .member("paused", of.paused)
      .member("orphanedSince", of.orphaned)
      .member("drifting", names_of(of.drifts))
      .member("sources", in.sources_of(definition.id));
  return out.finish().text;
}

namespace {

/// The delivery that is being tried again.
written_json trying_json(const webhook_state& of) {
  if (of.trying == 0) return {};
  json_object out;
  out.member("event", of.trying).member("attempts", of.attempts);
  return out.finish();
}

} // namespace

std::string webhook_json(const webhook_state& of) {
  const auto& definition = of.definition;
  std::vector<std::string> events = definition.events;
  if (events.empty()) events.assign(default_topics().begin(), default_topics().end());
  json_object out;
  out.member("id", definition.id)
      .member("url", definition.url)
      .member("secret", definition.secrets)
      .member("events", events)
      .member("level", definition.level)
      .member("apis", definition.apis)
      .member("owners", definition.owners)
      .optional("allowAddresses", definition.allow_addresses)
      .member("timeout", definition.timeout)
      .member("maxRetries", definition.max_retries)
      .member("enabled", definition.enabled)
      .member("state", condition_of(of))
      .member("position", of.position)
      .member("trying", trying_json(of))
      .member("nextAttempt", of.next_attempt)
      .member("failures", of.failures)
      .member("lastSuccess", of.last_success)
      .member("lastError", of.problem ? problem_json(*of.problem) : written_json{})
      .member("delivered", of.delivered)
      .member("failedAttempts", of.failed)
      .member("abandoned", of.abandoned)
      .member("deadLetters", of.dead.size())
      .member("redeliveries", of.again.size());
  return out.finish().text;
}

std::string target_json(const views& in, const target_state& of) {
  const auto& definition = of.definition;
  json_object written;
  if (of.written)
    written.member("revision", of.written->revision)
        .member("bytes", of.written->bytes.hex())
        .member("size", of.written->size)
        .member("verbatim", of.written->verbatim)
        .optional("commit", of.written->commit);
  json_object out;
  out.member("id", definition.id)
      .member("api", definition.api)
      .member("kind", definition.kind)
      .member("place", place_of(definition))
      .member("document", definition.document)
      .member("format", definition.format)
      .member("enabled", definition.enabled)
      .member("state", condition_of(in, of))
      .member("written", of.written ? written.finish() : written_json{})
      .member("nextAttempt", of.next_attempt)
      .member("failures", of.failures)
      .member("lastSuccess", of.last_success)
      .member("lastError", of.problem ? problem_json(*of.problem) : written_json{})
      .member("writes", of.writes)
      .member("failedAttempts", of.failed);
  return out.finish().text;
}

std::string folder_json(const views& in, const folder_definition& of) {
  const auto& searched = in.engine().searched;
  const auto found = searched.find(of.id);
  std::uint64_t sources = 0;
  in.each_source([&](const source_state& source) {
    if (source.definition.folder == of.id) ++sources;
  });
  json_object out;
  out.member("id", of.id)
      .member("files", of.files)
      .member("api", of.api)
      .member("searchInterval", of.search_interval)
      .member("state", condition_of(in, of))
      .member("sources", sources);
  const auto* outcome = found == searched.end() ? nullptr : &found->second;
  out.member("documents", outcome ? std::optional{outcome->fact.documents} : std::nullopt)
      .member("unread", outcome ? outcome->fact.unread : std::vector<std::string>{})
      .member("unreadInAll", outcome ? outcome->fact.unread_in_all : 0)
      .member("problem", outcome && !outcome->fact.problem.empty()
                             ? std::optional{outcome->fact.problem}
                             : std::nullopt)
      .member("since", outcome ? std::optional{outcome->time} : std::nullopt);
  return out.finish().text;
}

std::string dead_letter_json(const webhook_state& of, const dead_letter& letter) {
  const bool again = std::find(of.again.begin(), of.again.end(), letter.event) != of.again.end();
  json_object out;
  out.member("event", letter.event)
      .member("type", letter.type)
      .optional("api", letter.api)
      .member("time", letter.time)
      .member("attempts", letter.attempts)
      .member("reason", letter.reason)
      .optional("where", letter.where)
      .member("ordered", again);
  return out.finish().text;
}

} // namespace apisync::events
