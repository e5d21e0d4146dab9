#include "admin/edit_answer.hpp"

#include "admin/find_api.hpp"
#include "events/json_object.hpp"

namespace apisync::admin {
namespace {

/// The newest revision that a change at this place of the log left.
const events::revision* revision_at(const events::api_state& api, events::sequence at) {
  for (auto one = api.revisions.rbegin(); one != api.revisions.rend(); ++one)
    if ((*one)->sequence <= at) return one->get();
  return api.head();
}

/// The correlation of one record.
result<std::string> correlation_at(const storage::event_log& log, events::sequence number) {
  storage::read_filter one;
  one.after = number - 1;
  one.up_to = number;
  std::string correlation;
  auto const read = log.read(one, [&](const events::record_view& record) {
    correlation = record.correlation;
    return false;
  });
  if (!read) return tl::unexpected{read.error()};
  return correlation;
}

/// Whether the append that ends at this place of the log made the revision: its records have one
/// correlation, which nobody else has.
result<bool> made(const storage::event_log& log, const events::revision& revision,
                  events::sequence end) {
  if (end == 0 || revision.sequence > end) return false;
  auto const first = correlation_at(log, revision.sequence);
  if (!first) return tl::unexpected{first.error()};
  auto const last = correlation_at(log, end);
  if (!last) return tl::unexpected{last.error()};
  return *first == *last;
}

} // namespace

result<response> edit_answer(const api_context& in, const std::string& id,
                             const actors::answer& done) {
  auto const view = in.after(done);
  if (!view) return tl::unexpected{view.error()};
  auto const api = find_api(**view, id);
  if (!api) return tl::unexpected{api.error()};
  auto const* revision = done.sequence == 0 ? (*api)->head() : revision_at(**api, done.sequence);
  if (revision == nullptr) return fail(errc::internal, "an edit left no revision", "api/" + id);
  auto const changed = made(in.service().log(), *revision, done.sequence);
  if (!changed) return tl::unexpected{changed.error()};
  events::json_object out;
  out.member("api", id)
      .member("revision", revision->fact.number)
      .member("changed", *changed)
      .member("verdict", revision->fact.verdict)
      .member("openConflicts", (*api)->open.size())
      .member("contentHash", revision->fact.content)
      .member("sequence", (*view)->at());
  return json_answer(out.finish().text);
}

} // namespace apisync::admin
