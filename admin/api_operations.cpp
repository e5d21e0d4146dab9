#include "admin/api_routes.hpp"
#include "admin/etag.hpp"
#include "admin/openapi.hpp"
#include "admin/process_figures.hpp"
#include "admin/prometheus.hpp"
#include "events/hosts.hpp"
#include "events/json_object.hpp"
#include "events/status.hpp"

#include <array>
#include <map>

namespace apisync::admin {
namespace {

using label = prometheus_writer::label;

void write_value(prometheus_writer& out, std::string_view name, std::string_view type,
                 std::string_view help, double value) {
  out.metric(name, type, help);
  out.sample(value);
}

void write_labelled(prometheus_writer& out, std::string_view name, std::string_view value,
                    double count) {
  std::array<label, 1> const labels{label{name, value}};
  out.sample(count, labels);
}

double to_double(std::uint64_t count) {
  return static_cast<double>(count);
}

void write_syncs(prometheus_writer& out, const events::metrics& counted) {
  out.metric("apisync_syncs_total", "counter", "Syncs that ended, by outcome.");
  write_labelled(out, "outcome", "changed", to_double(counted.changed));
  write_labelled(out, "outcome", "unchanged", to_double(counted.unchanged));
  write_labelled(out, "outcome", "quarantined", to_double(counted.quarantined));
  write_labelled(out, "outcome", "failed", to_double(counted.failed));
  write_labelled(out, "outcome", "interrupted", to_double(counted.interrupted));
  write_value(out, "apisync_sync_duration_seconds_total", "counter",
              "Time spent in syncs, interrupted ones left out.",
              std::chrono::duration<double>(counted.duration).count());
  if (counted.last_sync)
    write_value(out, "apisync_last_sync_timestamp_seconds", "gauge", "When the last sync ended.",
                std::chrono::duration<double>(counted.last_sync->time_since_epoch()).count());
}

void write_model(prometheus_writer& out, const events::metrics& counted) {
  write_value(out, "apisync_model_requests_total", "counter", "Requests sent to the model.",
              to_double(counted.model_requests));
  write_value(out, "apisync_model_tokens_total", "counter", "Tokens sent to it and received.",
              to_double(counted.model_tokens));
  out.metric("apisync_model_questions_total", "counter",
             "Questions for the model, by how they ended.");
  write_labelled(out, "outcome", "answered", to_double(counted.model_answers));
  write_labelled(out, "outcome", "failed", to_double(counted.model_failures));
  out.metric("apisync_model_conflicts_total", "counter",
             "Conflicts that the model answered, by what came of it.");
  write_labelled(out, "outcome", "resolved", to_double(counted.model_resolved));
  write_labelled(out, "outcome", "proposed", to_double(counted.model_proposed));
  if (counted.model_refused_by.empty()) return;
  out.metric("apisync_model_refused_total", "counter",
             "Answers for a conflict that did not pass a check, by the first that failed.");
  for (const auto& [check, count] : counted.model_refused_by)
    write_labelled(out, "check", check, to_double(count));
}

void write_counters(prometheus_writer& out, const events::views& now) {
  auto const& counted = now.metrics();
  write_value(out, "apisync_revisions_total", "counter", "Revisions made.",
              to_double(counted.revisions));
  write_value(out, "apisync_breaking_revisions_total", "counter", "Revisions that break users.",
              to_double(counted.breaking_revisions));
  write_value(out, "apisync_conflicts_opened_total", "counter", "Conflicts opened.",
              to_double(counted.conflicts_opened));
  write_value(out, "apisync_conflicts_resolved_total", "counter", "Conflicts decided.",
              to_double(counted.conflicts_resolved));
  write_value(out, "apisync_conflicts_closed_total", "counter", "Conflicts that vanished.",
              to_double(counted.conflicts_closed));
  write_value(out, "apisync_quarantines_total", "counter", "Documents that were kept out.",
              to_double(counted.quarantines));
  write_value(out, "apisync_actor_failures_total", "counter", "Actors that died.",
              to_double(now.engine().actor_failures));
  out.metric("apisync_deliveries_total", "counter", "Attempts to tell webhooks, by outcome.");
  write_labelled(out, "outcome", "made", to_double(counted.deliveries));
  write_labelled(out, "outcome", "failed", to_double(counted.failed_deliveries));
  write_value(out, "apisync_targets_written_total", "counter",
              "Documents that were brought to targets.", to_double(counted.targets_written));
  write_value(out, "apisync_target_failures_total", "counter",
              "Attempts to bring a document to a target that failed.",
              to_double(counted.failed_writes));
  write_value(out, "apisync_abandoned_deliveries_total", "counter",
              "Deliveries that became dead letters.", to_double(counted.abandoned_deliveries));
  write_value(out, "apisync_drifts_total", "counter",
              "Times that a source began to differ from its API.", to_double(counted.drifts_began));
  write_value(out, "apisync_documents_pushed_total", "counter", "Documents brought to sources.",
              to_double(counted.documents_pushed));
  write_model(out, counted);
  write_value(out, "apisync_events_total", "counter", "Records in the log.", to_double(now.at()));
}

/// One sample per state, zeros included, so that alerts have something to look at.
template <class State, class CountAll>
void write_states(prometheus_writer& out, std::string_view name, std::string_view help,
                  CountAll count_all) {
  std::array<std::uint64_t, all_values(State{}).size()> counts{};
  count_all([&](State state) { ++counts[static_cast<std::size_t>(state)]; });
  out.metric(name, "gauge", help);
  for (auto const state : all_values(State{}))
    write_labelled(out, "state", to_string(state),
                   to_double(counts[static_cast<std::size_t>(state)]));
}

void write_gauges(prometheus_writer& out, const events::views& now) {
  write_states<events::engine_mode>(out, "apisync_engine", "1 for the state that the engine is in.",
                                    [&](auto count) { count(now.engine().mode); });
  write_states<events::source_condition>(
      out, "apisync_sources", "Sources by state.", [&](auto count) {
        now.each_source([&](const auto& source) { count(condition_of(now, source)); });
      });
  write_states<events::job_status>(out, "apisync_jobs", "Jobs by status.", [&](auto count) {
    now.each_job([&](const auto& job) { count(job.status); });
  });
  write_states<events::api_condition>(out, "apisync_apis", "APIs by state.", [&](auto count) {
    now.each_api([&](const auto& api) { count(condition_of(api)); });
  });
  write_states<events::target_condition>(
      out, "apisync_targets", "Targets by state.", [&](auto count) {
        now.each_target([&](const auto& target) { count(condition_of(now, target)); });
      });
  write_states<events::folder_condition>(out, "apisync_folders", "Folders by state.",
                                         [&](auto count) {
                                           for (const auto& folder : now.engine().folders)
                                             count(condition_of(now, folder));
                                         });
  write_states<events::webhook_condition>(
      out, "apisync_webhooks", "Webhooks by state.", [&](auto count) {
        now.each_webhook([&](const auto& webhook) { count(condition_of(webhook)); });
      });
  std::map<std::string_view, std::uint64_t> hosts{{"ready", 0}, {"paused", 0}, {"broken", 0}};
  for (auto const& host : events::hosts(now))
    ++hosts[state_of(host)];
  out.metric("apisync_hosts", "gauge", "Hosts that sources are found on, by state.");
  for (auto const& [state, count] : hosts)
    write_labelled(out, "state", state, to_double(count));
  auto const drifts = drifting(now);
  out.metric("apisync_drifting_sources", "gauge", "Sources that differ from their APIs, by role.");
  write_labelled(out, "role", "observer", to_double(drifts.observers));
  write_labelled(out, "role", "contributor", to_double(drifts.contributors));
  write_value(out, "apisync_dead_letters", "gauge", "Dead letters that can be sent again.",
              to_double(dead_letters(now)));
  write_value(out, "apisync_open_conflicts", "gauge", "Conflicts that wait for a decision.",
              to_double(open_conflicts(now)));
  write_value(out, "apisync_queue_length", "gauge", "Jobs that are due and not running.",
              to_double(queue_length(now)));
  if (auto const oldest = oldest_api(now))
    write_value(out, "apisync_oldest_api_age_seconds", "gauge",
                "For how long some API has not been confirmed.",
                std::chrono::duration<double>(oldest->age).count());
}

void write_process(prometheus_writer& out) {
  auto const process = read_process_figures();
  if (!process) return;
  write_value(out, "process_cpu_seconds_total", "counter", "Processor time, user and system.",
              process->cpu_seconds);
  write_value(out, "process_start_time_seconds", "gauge", "When the process started.",
              process->start_time_seconds);
  write_value(out, "process_resident_memory_bytes", "gauge", "Memory in use.",
              to_double(process->resident_bytes));
  write_value(out, "process_virtual_memory_bytes", "gauge", "Address space in use.",
              to_double(process->virtual_bytes));
  write_value(out, "process_open_fds", "gauge", "Open file descriptors.",
              to_double(process->open_files));
  write_value(out, "process_threads", "gauge", "Threads.", to_double(process->threads));
}

result<response> prometheus(const api_context& in, const request&) {
  auto const now = in.now();
  prometheus_writer out;
  out.metric("apisync_build_info", "gauge", "The program's version.");
  write_labelled(out, "version", in.options().version, 1);
  write_syncs(out, now->metrics());
  write_counters(out, *now);
  write_gauges(out, *now);
  out.metric("apisync_hooks_total", "counter",
             "Deliveries to sources since the process started, by outcome.");
  write_labelled(out, "outcome", "accepted", to_double(in.hooks().accepted));
  write_labelled(out, "outcome", "repeated", to_double(in.hooks().repeated));
  write_labelled(out, "outcome", "refused", to_double(in.hooks().refused));
  write_process(out);
  response answer;
  answer.content_type = prometheus_writer::media_type;
  answer.body = out.text();
  return with_sequence_field(std::move(answer), now->at());
}

result<response> health(const api_context& in, const request&) {
  return with_sequence_field(json_answer(R"({"status":"ok"})"), in.now()->at());
}

result<response> readiness(const api_context& in, const request&) {
  if (in.options().unready)
    if (auto const reason = in.options().unready())
      return fail(errc::unavailable, "not ready: " + reason->message, reason->where);
  return json_answer(with_sequence(R"({"status":"ready"})", in.now()->at()));
}

} // namespace

void add_operation_routes(route_list& routes, const api_context& in) {
  routes.push_back({.method = "GET",
                    .path = "/healthz",
                    .operation_id = "getHealth",
                    .summary = "The process serves",
                    .tag = "operations",
                    .needed = role::none,
                    .answer = {"Health", answer_shape::kind::text},
                    .handler = handled(in, health)});
  routes.push_back({.method = "GET",
                    .path = "/readyz",
                    .operation_id = "getReadiness",
                    .summary = "The log is folded and writable",
                    .tag = "operations",
                    .needed = role::none,
                    .answer = {"Health"},
                    .handler = handled(in, readiness)});
  routes.push_back({.method = "GET",
                    .path = "/metrics",
                    .operation_id = "getPrometheusMetrics",
                    .summary = "Metrics as Prometheus text",
                    .tag = "operations",
                    .answer = {"", answer_shape::kind::text, prometheus_writer::media_type},
                    .handler = handled(in, prometheus)});
}

void add_description_route(route_list& routes, const api_context& in) {
  routes.push_back({.method = "GET",
                    .path = "/openapi.json",
                    .operation_id = "getDescription",
                    .summary = "The description of this API",
                    .tag = "operations",
                    .needed = role::none,
                    .answer = {"Document", answer_shape::kind::text},
                    .tagged = true,
                    .handler = {}});
  auto const text = openapi_document(routes, schemas(), in.options().version);
  auto const etag = thing_etag(text);
  routes.back().handler = [&in, text, etag](const request& asked) {
    auto const at = in.now()->at();
    if (auto same = not_modified(asked, etag)) return with_sequence_field(std::move(*same), at);
    auto answer = json_answer(text);
    answer.headers.set("ETag", etag);
    return with_sequence_field(std::move(answer), at);
  };
}

} // namespace apisync::admin
