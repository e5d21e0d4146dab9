#include "actors/wait_words.hpp"

#include "events/duration.hpp"

namespace apisync::actors {

using kind = wait_fact::kind;

std::string_view name_of(kind what) {
  switch (what) {
  case kind::running:
    return "running";
  case kind::time:
    return "time";
  case kind::trigger:
    return "trigger";
  case kind::source_paused:
    return "sourcePaused";
  case kind::api_paused:
    return "apiPaused";
  case kind::host_paused:
    return "hostPaused";
  case kind::source_busy:
    return "sourceBusy";
  case kind::dependency:
    return "dependency";
  case kind::circuit:
    return "circuit";
  case kind::probe:
    return "probe";
  case kind::host_busy:
    return "hostBusy";
  case kind::budget:
    return "budget";
  case kind::credential:
    return "credential";
  case kind::all_busy:
    return "allBusy";
  case kind::turn:
    return "turn";
  }
  return "turn";
}

std::string words_of(const wait_fact& fact, const schedule_limits& limits) {
  const auto until = fact.until ? events::to_rfc3339(*fact.until) : std::string{};
  const auto host = "the host " + fact.name;
  switch (fact.what) {
  case kind::running:
    return "a sync is running";
  case kind::time:
    return "the next sync is due at " + until;
  case kind::trigger:
    return "the next sync is at the next change of the file, or on request";
  case kind::source_paused:
    return "the source is paused";
  case kind::api_paused:
    return "its API " + fact.name + " is paused";
  case kind::host_paused:
    return host + " is paused";
  case kind::source_busy:
    return "another job is syncing the same source";
  case kind::dependency:
    return "it comes after " + fact.name + ", which is due or being synced; it waits until " +
           until + " at most";
  case kind::circuit:
    return host + " is out of order: nobody asks it before " + until +
           ", and then one sync tries it alone";
  case kind::probe:
    return host + " was out of order, and another sync is trying it alone";
  case kind::host_busy:
    return host + " is being asked by " + std::to_string(limits.per_host) +
           " syncs, as many as it may be at once (hostConcurrency)";
  case kind::budget:
    return host + " has had its " + std::to_string(limits.host_requests) + " requests within " +
           events::print_duration(limits.host_window) + " (hostRequests); the next is at " + until;
  case kind::credential:
    return "the credential " + fact.name + " is used by " + std::to_string(limits.per_credential) +
           " syncs, as many as may at once (credentialConcurrency)";
  case kind::all_busy:
    return std::to_string(limits.running) +
           " syncs are running, as many as may at once (concurrency)";
  case kind::turn:
    return "it is due, and its turn comes next";
  }
  return {};
}

} // namespace apisync::actors
