#include "events/metrics.hpp"

#include "events/overload.hpp"

#include <algorithm>

namespace apisync::events {

namespace {

void count_end(metrics& values, std::uint64_t metrics::*outcome, timestamp ended,
               std::chrono::microseconds duration) {
  ++(values.*outcome);
  values.duration += duration;
  if (!values.last_sync || *values.last_sync < ended) values.last_sync = ended;
}

void count_answer(metrics& values, const model_answered& fact) {
  values.model_requests += fact.requests;
  if (!fact.repeated) values.model_tokens += fact.prompt_tokens + fact.answer_tokens;
  ++(fact.status == "failed" ? values.model_failures : values.model_answers);
  if (fact.repeated) ++values.model_repeated;
  for (const auto& verdict : fact.verdicts) {
    if (verdict.outcome == "resolved") ++values.model_resolved;
    if (verdict.outcome == "proposed") ++values.model_proposed;
    const auto failed = std::find_if(verdict.checks.begin(), verdict.checks.end(),
                                     [](const model_check& one) { return !one.passed; });
    if (failed == verdict.checks.end()) continue;
    ++values.model_refused;
    ++values.model_refused_by[failed->check];
  }
}

} // namespace

void count(metrics& values, const unchanged_row& row) {
  count_end(values, &metrics::unchanged, row.ended, row.duration);
}

void count(metrics& values, const job_event& event) {
  const auto ended = [&](std::uint64_t metrics::*outcome, const sync_end& end) {
    count_end(values, outcome, end.ended, end.duration);
  };
  std::visit(overload{
                 [&](const sync_unchanged& fact) { ended(&metrics::unchanged, fact.end); },
                 [&](const sync_changed& fact) { ended(&metrics::changed, fact.end); },
                 [&](const sync_failed& fact) { ended(&metrics::failed, fact.end); },
                 [&](const sync_quarantined& fact) { ended(&metrics::quarantined, fact.end); },
                 [&](const sync_interrupted&) { ++values.interrupted; },
                 [](const auto&) {},
             },
             event);
}

void count(metrics& values, const source_event& event) {
  if (std::holds_alternative<source_quarantined>(event)) ++values.quarantines;
  if (std::holds_alternative<document_pushed>(event)) ++values.documents_pushed;
}

void count(metrics& values, const webhook_event& event) {
  if (std::holds_alternative<delivery_made>(event)) ++values.deliveries;
  if (std::holds_alternative<delivery_failed>(event)) ++values.failed_deliveries;
  if (std::holds_alternative<delivery_abandoned>(event)) {
    ++values.failed_deliveries;
    ++values.abandoned_deliveries;
  }
}

void count(metrics& values, const target_event& event) {
  if (const auto* fact = std::get_if<target_written>(&event))
    values.targets_written += !fact->found;
  if (std::holds_alternative<target_failed>(event)) ++values.failed_writes;
}

void count(metrics& values, const api_event& event) {
  std::visit(overload{
                 [&](const revision_added& fact) {
                   ++values.revisions;
                   if (fact.verdict == "breaking") ++values.breaking_revisions;
                 },
                 [&](const text_followed&) { ++values.texts_followed; },
                 [&](const conflict_opened&) { ++values.conflicts_opened; },
                 [&](const conflict_resolved&) { ++values.conflicts_resolved; },
                 [&](const conflict_closed&) { ++values.conflicts_closed; },
                 [&](const model_answered& fact) { count_answer(values, fact); },
                 [&](const drift_began&) { ++values.drifts_began; },
                 [&](const drift_ended&) { ++values.drifts_ended; },
                 [](const auto&) {},
             },
             event);
}

} // namespace apisync::events
