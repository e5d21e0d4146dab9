#include "admin/explain.hpp"

#include "events/duration.hpp"
#include "events/json_object.hpp"
#include "events/status.hpp"

namespace apisync::admin {
namespace {

struct fact {
  std::string name, value;

  static void fields(auto& self, auto& visit) {
    visit.required("name", self.name);
    visit.required("value", self.value);
  }
};

struct wait {
  std::string name, words;

  static void fields(auto& self, auto& visit) {
    visit.required("name", self.name);
    visit.required("words", self.words);
  }
};

/// What there is to say, collected sentence by sentence.
struct story {
  std::string summary;
  std::vector<fact> facts;
  std::vector<wait> waits;
  std::vector<std::string> advice;

  void know(std::string name, std::string value) {
    if (!value.empty()) facts.push_back({std::move(name), std::move(value)});
  }
  void know(std::string name, const std::optional<events::timestamp>& time) {
    if (time) know(std::move(name), events::to_rfc3339(*time));
  }
};

std::string unchanged_words(const std::string& reason) {
  if (reason == "noise") return "found another text that means the same";
  if (reason == "accounted") return "found only what had been taken in before";
  return "found nothing new";
}

std::string outcome_words(const events::job_state& job) {
  using enum events::sync_outcome;
  switch (job.last_outcome) {
  case none:
    return "has not ended";
  case changed:
    return "brought a change";
  case unchanged:
    return unchanged_words(job.last_reason);
  case quarantined:
    return "found a document that is kept out";
  case failed:
    return "failed";
  case interrupted:
    return "was interrupted (" + job.last_reason + ")";
  }
  return "ended";
}

/// What keeps a job that is due from running, in words; empty where nothing does.
std::string hindrance_words(const actors::waits* present) {
  std::string words;
  if (present == nullptr) return words;
  for (auto const& reason : present->reasons)
    if (reason.name != "time" && reason.name != "trigger" && reason.name != "running")
      words += (words.empty() ? " and waits: " : "; ") + reason.words;
  return words;
}

std::string next_words(const events::views& in, const events::job_state& job,
                       const actors::waits* present) {
  if (job.status == events::job_status::running) return "a sync is running";
  if (!job.next_attempt)
    return job.definition.schedule == events::schedule_kind::change
               ? "the next sync is at the next change of the file, or on request"
               : "no next sync is planned";
  if (*job.next_attempt <= in.time())
    return "the next sync is due since " + events::to_rfc3339(*job.next_attempt) +
           hindrance_words(present);
  return "the next sync is due at " + events::to_rfc3339(*job.next_attempt);
}

void tell_host(const events::views& in, const std::string& name, story& told) {
  told.know("host", name);
  auto const* host = in.host(name);
  if (host == nullptr) return;
  if (host->paused) {
    told.summary += "the host " + name + " is paused, so nothing there is asked; ";
    told.advice.push_back("resume the host: apisync host resume " + name);
  }
  if (host->outage) {
    told.summary +=
        "the host " + name + " is out of order since " + events::to_rfc3339(host->outage->since) +
        " (" + std::to_string(host->outage->failures) +
        " failures in a row, the last: " + host->outage->reason + "), so nobody asks it before " +
        events::to_rfc3339(host->outage->until) + ", and then one sync tries it; ";
    told.know("hostTriedAt", host->outage->until);
  }
}

/// What keeps every sync from starting, whatever the source's own state.
void tell_hindrances(const events::views& in, const events::source_state& source, story& told) {
  auto const mode = in.engine().mode;
  if (mode == events::engine_mode::paused) {
    told.summary += "the engine is paused, so no sync starts; ";
    told.advice.emplace_back("resume the engine: apisync engine resume, or POST /v1/engine/resume");
  } else if (mode != events::engine_mode::running) {
    told.summary += "the engine is stopped, so no sync starts; ";
    told.advice.emplace_back("start the engine: apisync engine start, or POST /v1/engine/start");
  }
  if (source.paused) {
    told.summary += "the source is paused, so no sync of it starts; ";
    told.advice.push_back("resume it: apisync source resume " + source.definition.id +
                          ", or PATCH /v1/sources/" + source.definition.id +
                          " with {\"paused\": false}");
  }
  auto const& api = source.definition.api;
  if (auto const* of = in.api(api); of != nullptr && of->paused) {
    told.summary += "its API " + api + " is paused, so no sync of it starts; ";
    told.advice.push_back("resume the API: apisync api resume " + api + ", or POST /v1/apis/" +
                          api + "/resume");
  }
  tell_host(in, events::host_of(source.definition), told);
}

void tell_quarantine(const events::views& in, const events::source_state& source, story& told) {
  auto const& kept_out = *source.quarantined;
  told.summary += "what it serves since " + events::to_rfc3339(kept_out.since) +
                  " is kept out: " + kept_out.reason + "; ";
  auto const* api = in.api(source.definition.api);
  if (api != nullptr && api->head() != nullptr) told.summary += "the last good revision stays; ";
  told.know("quarantinedAt", kept_out.where);
  auto const& id = source.definition.id;
  told.advice.push_back(
      "mend the document at the source, or take it as it is: apisync source accept " + id +
      ", or POST /v1/sources/" + id + "/accept");
}

void tell_failure(const events::job_state& job, story& told) {
  auto const& problem = *job.problem;
  told.summary += "its last sync failed: " + problem.reason + "; ";
  told.know("failedAt", problem.where);
  told.know("failuresInARow", std::to_string(job.failures));
  if (job.status == events::job_status::failed) {
    told.summary += job.failure == events::failure_kind::auth
                        ? "it was refused, and knocking again and again would lock it out, so it "
                          "is probed rarely; "
                    : job.failure == events::failure_kind::transient
                        ? "its retries are used up, and it is probed more and more rarely; "
                        : "a retry would not help, and it is probed more and more rarely; ";
    told.advice.push_back("once the cause is gone, do not wait: apisync source sync " +
                          job.definition.source + ", or POST /v1/sources/" + job.definition.source +
                          "/sync");
  } else {
    told.summary += "retry " + std::to_string(job.retry_count + 1) + " of " +
                    std::to_string(job.definition.max_retries) + " comes next; ";
  }
}

/// How often it is synced and who may go before it.
void tell_rhythm(const events::views& in, const events::source_state& source,
                 const events::job_state& job, story& told) {
  auto const& values = in.engine().values;
  auto const& of = job.definition;
  if (of.schedule == events::schedule_kind::interval) {
    auto const interval = present_interval(job, values, in.time());
    told.know("interval", events::print_duration(interval) +
                              (of.adaptive.value_or(values.adaptive)
                                   ? " (adaptive: a twentieth of the time between changes)"
                                   : ""));
    auto const allowance = interval * values.ageing_percent / 100;
    auto const behind = of.priority == events::priority::high     ? interval * 0
                        : of.priority == events::priority::medium ? allowance / 4
                                                                  : allowance;
    told.know("priority", std::string{to_string(of.priority)} +
                              " (once due, overtaken by what is " + "due within " +
                              events::print_duration(behind) + " at most)");
  } else {
    told.know("priority", std::string{to_string(of.priority)});
  }
  std::string after;
  for (auto const& id : source.definition.after)
    after += (after.empty() ? "" : ", ") + id;
  told.know("after", after);
  if (auto const* api = in.api(source.definition.api); api != nullptr && api->orphaned)
    told.summary += "the document is gone from everywhere since " +
                    events::to_rfc3339(*api->orphaned) + ", and its API is orphaned; ";
}

void tell_syncs(const events::views& in, const events::source_state& source,
                const events::job_state& job, const actors::waits* present, story& told) {
  tell_rhythm(in, source, job, told);
  if (job.problem && !source.quarantined) {
    tell_failure(job, told);
  } else if (!job.last_ended) {
    told.summary += "no sync has ended yet; ";
  } else if (!source.quarantined) {
    told.summary += "the last sync, at " + events::to_rfc3339(*job.last_ended) + ", " +
                    outcome_words(job) + "; ";
  }
  told.summary += next_words(in, job, present);
  told.know("job", job.definition.id);
  told.know("schedule", std::string{to_string(job.definition.schedule)});
  told.know("lastAttempt", job.last_attempt);
  told.know("lastEnd", job.last_ended);
  told.know("lastOutcome", outcome_words(job));
  told.know("lastSuccess", job.last_success);
  told.know("nextSync", job.next_attempt);
}

void tell_place(const events::source_state& source, story& told) {
  auto const& of = source.definition;
  told.know("kind", std::string{to_string(of.kind)});
  told.know("role", std::string{to_string(of.role)});
  told.know("place", of.url.empty() ? of.path : of.url);
  told.know("lastChange", source.changed);
  told.know("commit", source.seen.commit);
  told.know("etag", source.seen.etag);
  told.know("contentHash", source.seen.bytes_hash);
  if (of.hook) told.know("hook", std::string{to_string(of.hook->format)});
  if (source.pushed) {
    told.know("pushed", source.pushed->time);
    told.know("pushedBy", source.pushed->by);
  }
  if (of.role == events::source_role::observer)
    told.advice.emplace_back("an observer is compared and never merged; with another role, its "
                             "changes from then on are");
  if (of.kind == events::source_kind::push)
    told.advice.push_back("it is never fetched: whoever has the document brings it with "
                          "apisync source push " +
                          of.id + " FILE, or POST /v1/hooks/" + of.id);
  if (of.kind == events::source_kind::manual)
    told.advice.push_back("it is never fetched: people edit the document with PUT /v1/apis/" +
                          of.api + "/spec");
}

/// That it differs from what its API says, and where to read how.
void tell_drift(const events::views& in, const events::source_state& source, story& told) {
  auto const* api = in.api(source.definition.api);
  if (api == nullptr) return;
  auto const found = api->drifts.find(source.definition.id);
  if (found == api->drifts.end()) return;
  auto const& counts = found->second.report.counts;
  told.know("driftSince", found->second.since);
  told.know("differences", std::to_string(counts.error) + " error, " +
                               std::to_string(counts.warning) + " warning, " +
                               std::to_string(counts.info) + " info");
  told.advice.push_back("what it has is not what API " + source.definition.api +
                        " says; see how: apisync api drift " + source.definition.api +
                        ", or GET /v1/apis/" + source.definition.api + "/drift");
}

} // namespace

const events::job_state* job_of(const events::views& in, const std::string& source) {
  if (auto const* own = in.job(source)) return own;
  for (auto const number : in.jobs_of(source))
    if (auto const* job = in.job_by_number(number)) return job;
  return nullptr;
}

std::string explain_json(const events::views& in, const events::source_state& source,
                         const actors::waits* present) {
  story told;
  tell_hindrances(in, source, told);
  if (source.quarantined) tell_quarantine(in, source, told);
  tell_place(source, told);
  tell_drift(in, source, told);
  if (auto const* job = job_of(in, source.definition.id)) {
    tell_syncs(in, source, *job, present, told);
  } else {
    told.summary += "it has no job, so nothing syncs it";
    told.advice.emplace_back("add a job: POST /v1/jobs");
  }
  if (present != nullptr)
    for (auto const& reason : present->reasons)
      told.waits.push_back({reason.name, reason.words});
  events::json_object out;
  out.member("id", source.definition.id)
      .member("state", condition_of(in, source))
      .member("summary", told.summary)
      .member("facts", told.facts)
      .member("waits", told.waits)
      .member("advice", told.advice);
  return out.finish().text;
}

} // namespace apisync::admin
