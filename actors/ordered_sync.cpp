#include "actors/ordered_sync.hpp"

#include "events/overload.hpp"

namespace apisync::actors {

namespace {

using events::sync_outcome;

/// The stream of a job, where the record is an order for a sync.
result<std::string> stream_of(const storage::event_log& log, events::sequence request) {
  storage::read_filter one;
  one.after = request - 1;
  one.up_to = request;
  std::string stream;
  const auto read = log.read(one, [&](const events::record_view& record) {
    if (record.type == events::sync_requested::type) stream = record.stream;
    return false;
  });
  if (!read) return tl::unexpected{read.error()};
  if (stream.empty())
    return fail(errc::corrupt, "record " + std::to_string(request) + " is no order for a sync");
  return stream;
}

void end(sync_ended& out, sync_outcome outcome, const events::sync_end& fact) {
  out.outcome = outcome;
  out.duration = fact.duration;
  out.next_attempt = fact.next_attempt;
}

/// Takes over what the event says of the sync; `begun` is whether that has started.
void take_over(sync_ended& out, const events::job_event& event, bool& begun) {
  std::visit(overload{
                 [&](const events::sync_started& fact) {
                   begun = true;
                   out.started = fact.started;
                 },
                 [&](const events::sync_changed& fact) {
                   end(out, sync_outcome::changed, fact.end);
                   out.revision = fact.revision;
                   out.conflicts = fact.conflicts;
                 },
                 [&](const events::sync_unchanged& fact) {
                   end(out, sync_outcome::unchanged, fact.end);
                   out.reason = fact.reason;
                 },
                 [&](const events::sync_failed& fact) {
                   end(out, sync_outcome::failed, fact.end);
                   out.reason = fact.reason;
                   out.where = fact.where;
                 },
                 [&](const events::sync_quarantined& fact) {
                   end(out, sync_outcome::quarantined, fact.end);
                   out.reason = fact.reason;
                   out.where = fact.where;
                 },
                 [&](const events::sync_interrupted& fact) {
                   end(out, sync_outcome::interrupted, fact.end);
                   out.reason = fact.reason;
                 },
                 [](const auto&) {},
             },
             event);
}

} // namespace

result<sync_ended> find_ordered_sync(const storage::event_log& log, events::sequence request) {
  const auto stream = stream_of(log, request);
  if (!stream) return tl::unexpected{stream.error()};
  sync_ended out;
  out.job = events::split_stream(*stream).id;
  out.sequence = request;
  storage::read_filter later;
  later.after = request;
  later.stream = *stream;
  bool begun = false;
  result<void> decoded;
  const auto read = log.read(later, [&](const events::record_view& record) {
    const auto event = events::decode(record);
    if (!event) {
      decoded = tl::unexpected{event.error()};
      return false;
    }
    const auto& fact = std::get<events::job_event>(*event);
    if (begun || std::holds_alternative<events::sync_started>(fact)) take_over(out, fact, begun);
    if (out.outcome == sync_outcome::none) return true;
    out.sequence = record.sequence;
    return false;
  });
  if (!read) return tl::unexpected{read.error()};
  if (!decoded) return tl::unexpected{decoded.error()};
  return out;
}

} // namespace apisync::actors
