#include "admin/api_routes.hpp"
#include "admin/find_api.hpp"
#include "admin/served_document.hpp"
#include "events/duration.hpp"
#include "events/history.hpp"
#include "events/json_object.hpp"
#include "events/judging.hpp"
#include "specs/compat_report.hpp"

#include <algorithm>
#include <limits>

namespace apisync::admin {
namespace {

// -- lists of changes ---------------------------------------------------------

result<std::optional<events::change_level>> wanted_level(const request& asked) {
  auto const text = asked.query("level");
  if (!text) return std::nullopt;
  for (auto const value : all_values(events::change_level{}))
    if (to_string(value) == *text) return value;
  return fail(errc::invalid_argument, "level must be error, warning or info", "level");
}

/// A time, or how long ago: `7d`.
result<std::optional<events::timestamp>> wanted_since(const api_context& in, const request& asked) {
  auto const text = asked.query("since");
  if (!text) return std::nullopt;
  if (auto const time = events::parse_rfc3339(*text)) return *time;
  if (auto const length = events::parse_duration(*text)) return in.options().now() - *length;
  return fail(errc::invalid_argument,
              "since must be a time such as 2026-11-23T08:00:00Z or a length such as 7d", "since");
}

result<response> list(const api_context& in, const request& asked, std::string api) {
  auto const view = in.view(asked);
  if (!view) return tl::unexpected{view.error()};
  auto const page = parse_page(asked);
  if (!page) return tl::unexpected{page.error()};
  auto const level = wanted_level(asked);
  if (!level) return tl::unexpected{level.error()};
  auto const since = wanted_since(in, asked);
  if (!since) return tl::unexpected{since.error()};
  if (!api.empty())
    if (auto const known = find_api(**view, api); !known) return tl::unexpected{known.error()};
  events::change_filter const wanted{*level, *since, std::string{asked.query("owner").value_or("")},
                                     std::move(api)};
  std::vector<list_item> items;
  for (auto& change : events::changes(**view, wanted, page->after, page->limit + 1))
    items.push_back({std::move(change.key), std::move(change.json)});
  return list_answer(std::move(items), page->limit, (*view)->at());
}

result<response> changes(const api_context& in, const request& asked) {
  return list(in, asked, std::string{asked.query("api").value_or("")});
}

result<response> changelog(const api_context& in, const request& asked) {
  return list(in, asked, std::string{asked.param("id")});
}

// -- differences --------------------------------------------------------------

/// One side of a comparison.
struct side {
  std::string api;
  std::optional<std::uint64_t> revision;
  std::string source;
  digest text;

  [[nodiscard]] events::written_json json() const {
    events::json_object out;
    out.member("api", api).optional("revision", revision).optional("source", source);
    return out.finish();
  }
};

side side_of(const events::api_state& api, const events::revision& revision) {
  return {api.definition.id, revision.fact.number, {}, revision.fact.text};
}

/// The document that an API serves now.
result<side> served(const events::api_state& api) {
  auto const* head = api.head();
  if (head == nullptr)
    return fail(errc::not_found, "API '" + api.definition.id + "' has no document yet");
  return side{api.definition.id, head->fact.number, {}, api.text};
}

struct sides {
  side from, to;
};

/// `?with=`: another API's document; `?source=`: what was last taken from a source.
result<sides> other_document(const events::views& now, const events::api_state& api,
                             const request& asked) {
  auto from = served(api);
  if (!from) return tl::unexpected{from.error()};
  if (auto const with = asked.query("with")) {
    auto const other = find_api(now, *with);
    if (!other) return tl::unexpected{other.error()};
    auto to = served(**other);
    if (!to) return tl::unexpected{to.error()};
    return sides{std::move(*from), std::move(*to)};
  }
  std::string const source{*asked.query("source")};
  auto const base = api.bases.find(source);
  if (base == api.bases.end())
    return fail(errc::not_found,
                "nothing was taken from a source '" + source + "' into API '" + api.definition.id +
                    "' yet",
                "source");
  return sides{std::move(*from), side{api.definition.id, std::nullopt, source, base->second.text}};
}

/// The number of a revision, or `released`.
result<std::optional<std::uint64_t>> wanted_revision(const events::api_state& api,
                                                     const request& asked, std::string_view name) {
  constexpr auto most = std::numeric_limits<std::uint64_t>::max();
  if (asked.query(name) != "released") return parse_number(asked, name, 1, most);
  if (!api.released)
    return fail(errc::not_found,
                "no revision of API '" + api.definition.id + "' was promoted to released yet",
                std::string{name});
  return api.released->revision;
}

/// `?from=&to=`: the newest revision and the one before it, where they are not named.
result<sides> two_revisions(const events::api_state& api, const request& asked) {
  auto const to = wanted_revision(api, asked, "to");
  if (!to) return tl::unexpected{to.error()};
  auto const from = wanted_revision(api, asked, "from");
  if (!from) return tl::unexpected{from.error()};
  auto const newer = to->value_or(api.revisions.size());
  auto const after = find_revision(api, newer);
  if (!after) return tl::unexpected{after.error()};
  if (!*from && newer == 1)
    return fail(errc::not_found,
                "API '" + api.definition.id + "' has no revision before its first to compare with",
                "from");
  auto const before = find_revision(api, from->value_or(newer - 1));
  if (!before) return tl::unexpected{before.error()};
  return sides{side_of(api, **before), side_of(api, **after)};
}

result<specs::document_ptr> load(const api_context& in, const side& of) {
  auto stored =
      read_stored(in.service().documents(), of.text, of.source.empty() ? of.api : of.source);
  if (!stored) return tl::unexpected{stored.error()};
  return std::move(stored->read.document);
}

events::written_json counts_json(const specs::compat_report& report) {
  events::json_object out;
  for (auto const level : {specs::severity::error, specs::severity::warning, specs::severity::info})
    out.member(specs::to_string(level), report.count(level));
  return out.finish();
}

/// The report with what was compared before it and the sequence after it.
std::string difference_json(const sides& compared, const specs::compat_report& report,
                            events::sequence at) {
  events::json_object head;
  head.member("api", compared.from.api)
      .member("from", compared.from.json())
      .member("to", compared.to.json())
      .member("counts", counts_json(report));
  auto text = head.finish().text;
  text.back() = ',';
  text += std::string_view{specs::to_json(report)}.substr(1);
  return with_sequence(std::move(text), at);
}

result<response> difference(const api_context& in, const request& asked) {
  auto const view = in.view(asked);
  if (!view) return tl::unexpected{view.error()};
  auto const& now = **view;
  auto const api = find_api(now, asked.param("id"));
  if (!api) return tl::unexpected{api.error()};
  bool const revisions = asked.query("from") || asked.query("to");
  int const kinds =
      (revisions ? 1 : 0) + (asked.query("with") ? 1 : 0) + (asked.query("source") ? 1 : 0);
  if (kinds > 1)
    return fail(errc::invalid_argument, "compare by one of from and to, with, or source");
  auto const compared = asked.query("with") || asked.query("source")
                            ? other_document(now, **api, asked)
                            : two_revisions(**api, asked);
  if (!compared) return tl::unexpected{compared.error()};
  auto const before = load(in, compared->from);
  if (!before) return tl::unexpected{before.error()};
  auto const after = load(in, compared->to);
  if (!after) return tl::unexpected{after.error()};
  constexpr std::size_t date_length = 10;
  auto const how = events::judging((*api)->definition,
                                   events::to_rfc3339(in.options().now()).substr(0, date_length));
  if (!how) return tl::unexpected{how.error()};
  return json_answer(difference_json(*compared, judge(**before, **after, *how), now.at()));
}

} // namespace

void add_change_routes(route_list& routes, const api_context& in) {
  routes.push_back(
      {.method = "GET",
       .path = "/v1/apis/{id}/diff",
       .operation_id = "diffApi",
       .summary = "What two revisions, two APIs, or an API and a source differ in, judged",
       .tag = "apis",
       .answer = {"Difference"},
       .past = true,
       .query = {{"from", "string",
                  "The older revision, or released; else the one before the newer."},
                 {"to", "string", "The newer revision, or released; else the newest."},
                 {"with", "string", "Compare with the document of this API."},
                 {"source", "string", "Compare with what was last taken from this source."}},
       .handler = handled_in_turn(in, difference)});
  routes.push_back({.method = "GET",
                    .path = "/v1/apis/{id}/changelog",
                    .operation_id = "getChangelog",
                    .summary = "What changed in an API, newest first",
                    .tag = "apis",
                    .answer = {"Change", answer_shape::kind::list},
                    .past = true,
                    .query = {{"level", "string", "At least error, warning or info."},
                              {"since", "string", "A time, or how long ago: 7d."}},
                    .handler = handled(in, changelog)});
  routes.push_back({.method = "GET",
                    .path = "/v1/changes",
                    .operation_id = "listChanges",
                    .summary = "What changed in all APIs, newest first",
                    .tag = "apis",
                    .answer = {"Change", answer_shape::kind::list},
                    .past = true,
                    .query = {{"level", "string", "At least error, warning or info."},
                              {"since", "string", "A time, or how long ago: 7d."},
                              {"owner", "string", "Only APIs of this owner."},
                              {"api", "string", "Only this API."}},
                    .handler = handled(in, changes)});
}

} // namespace apisync::admin
