#include "admin/sync_view.hpp"

#include "events/json_object.hpp"

namespace apisync::admin {
namespace {

/// What keeps the source's document out, though the sync itself found nothing new: it is there
/// still.
void add_quarantine(events::json_object& out, const events::views& now, const std::string& id) {
  auto const* source = now.source(id);
  if (source == nullptr || !source->quarantined) return;
  events::json_object kept_out;
  kept_out.member("since", source->quarantined->since)
      .member("reason", source->quarantined->reason)
      .optional("where", source->quarantined->where);
  out.member("quarantine", kept_out.finish());
}

} // namespace

std::string sync_json(const actors::sync_ended& ended, const events::views& now) {
  using enum events::sync_outcome;
  events::json_object out;
  out.member("source", ended.source).member("job", ended.job).member("outcome", ended.outcome);
  bool const bad = ended.outcome == failed || ended.outcome == quarantined;
  if (!bad) out.optional("reason", ended.reason);
  out.member("started", ended.started)
      .member("duration", events::thousandths(ended.duration.count()));
  out.optional("revision", ended.revision);
  if (ended.conflicts != 0) out.member("conflicts", ended.conflicts);
  if (bad) {
    events::json_object problem;
    problem.member("message", ended.reason).optional("where", ended.where);
    out.member("error", problem.finish());
  }
  if (ended.outcome == unchanged) add_quarantine(out, now, ended.source);
  return out.finish().text;
}

} // namespace apisync::admin
