#include "admin/api_routes.hpp"
#include "admin/find_api.hpp"
#include "admin/html.hpp"
#include "events/history.hpp"
#include "events/status.hpp"

namespace apisync::admin {
namespace {

using cell = html_page::cell;
using row = std::vector<cell>;

constexpr std::size_t rows_most = 200; ///< Of one table; the HTTP API has the rest.

std::string mood_of(std::string_view word) {
  for (auto const* good : {"running", "healthy", "current", "compatible", "unchanged", "first"})
    if (word == good) return "good";
  for (auto const* bad : {"failing", "quarantined", "conflicted", "breaking", "error", "stopped"})
    if (word == bad) return "bad";
  for (auto const* warn : {"paused", "warning", "stopping", "open"})
    if (word == warn) return "warn";
  return {};
}

cell mood(std::string_view word) {
  return {std::string{word}, {}, mood_of(word)};
}

cell number(std::uint64_t count, std::string_view mood_if_any = {}) {
  return {std::to_string(count), {}, count == 0 ? std::string{} : std::string{mood_if_any}};
}

/// To the second, which is what people read.
cell time(const std::optional<events::timestamp>& value) {
  if (!value) return {"never", {}, {}};
  constexpr std::size_t date_length = 10, time_length = 8;
  auto const text = events::to_rfc3339(*value);
  return {text.substr(0, date_length) + ' ' + text.substr(date_length + 1, time_length), {}, {}};
}

cell api_link(const std::string& id) {
  return {id, "/apis/" + percent_encode(id), {}};
}

cell conflict_link(const std::string& name, const std::string& text) {
  return {text, "/conflicts/" + percent_encode(name), {}};
}

// -- tables -------------------------------------------------------------------

void add_apis(html_page& page, const events::views& now) {
  std::vector<row> rows;
  for (auto const* api : now.apis({}, rows_most)) {
    auto const* head = api->head();
    rows.push_back({api_link(api->definition.id),
                    {head != nullptr ? head->fact.title : "", {}, {}},
                    mood(to_string(condition_of(*api))),
                    {head != nullptr ? std::to_string(head->fact.number) : "none", {}, {}},
                    mood(head != nullptr ? head->fact.verdict : ""),
                    number(api->open.size(), "bad"),
                    time(api->updated)});
  }
  page.heading("APIs").table(
      {"API", "Title", "State", "Revision", "Verdict", "Open conflicts", "Updated"}, rows,
      "No APIs yet.");
}

void add_sources(html_page& page, const events::views& now, std::string_view api) {
  std::vector<row> rows;
  for (auto const* source : now.sources({}, rows_most, [&](const events::source_state& one) {
         return api.empty() || one.definition.api == api;
       })) {
    auto const& of = source->definition;
    rows.push_back({{of.id, {}, {}},
                    api_link(of.api),
                    {std::string{to_string(of.kind)}, {}, {}},
                    {std::string{to_string(of.role)}, {}, {}},
                    mood(to_string(condition_of(now, *source))),
                    time(source->changed),
                    {source->quarantined ? source->quarantined->reason : "", {}, {}}});
  }
  page.heading("Sources").table(
      {"Source", "API", "Kind", "Role", "State", "Last change", "Kept out because"}, rows,
      "No sources.");
}

void add_conflicts(html_page& page, const events::views& now, std::string_view api) {
  std::vector<row> rows;
  for (auto const& entry : conflicts(now, {std::string{api}, false}, {}, rows_most)) {
    auto const& detail = entry.conflict->detail;
    rows.push_back({conflict_link(conflict_name(entry.api, *entry.conflict), detail.pointer),
                    api_link(entry.api),
                    {detail.source, {}, {}},
                    {detail.kind, {}, {}},
                    time(entry.conflict->opened)});
  }
  page.heading("Open conflicts").table({"Place", "API", "Source", "Kind", "Since"}, rows, "None.");
}

row change_row(const std::string& api, const events::revision& revision,
               const events::change& change) {
  return {api_link(api),
          number(revision.fact.number),
          time(revision.time),
          mood(to_string(change.level)),
          {change.message, {}, {}},
          {change.rule, {}, {}}};
}

void add_changes(html_page& page, const events::views& now) {
  constexpr std::size_t shown = 50;
  std::vector<row> rows;
  now.visit_changes([&](const events::changed_revision& of) {
    for (auto const& change : of.revision->fact.changes)
      if (rows.size() < shown) rows.push_back(change_row(of.api, *of.revision, change));
    return rows.size() < shown;
  });
  page.heading("Recent changes")
      .table({"API", "Revision", "When", "Level", "Change", "Rule"}, rows, "None.");
}

void add_history(html_page& page, const events::api_state& api) {
  std::vector<row> rows;
  for (auto at = api.revisions.rbegin(); at != api.revisions.rend() && rows.size() < rows_most;
       ++at) {
    auto const& fact = (*at)->fact;
    auto const& id = api.definition.id;
    rows.push_back(
        {{std::to_string(fact.number),
          "/v1/apis/" + percent_encode(id) + "/revisions/" + std::to_string(fact.number) + "/spec",
          {}},
         time((*at)->time),
         mood(fact.verdict),
         number(fact.counts.error, "bad"),
         number(fact.counts.warning, "warn"),
         number(fact.counts.info),
         {fact.cause.kind + (fact.cause.source.empty() ? "" : " of ") + fact.cause.source, {}, {}},
         {(*at)->by, {}, {}},
         {fact.cause.message, {}, {}}});
  }
  page.heading("History").table(
      {"Revision", "When", "Verdict", "Errors", "Warnings", "Infos", "Cause", "By", "Message"},
      rows, "No revisions yet.");
}

// -- pages --------------------------------------------------------------------

result<response> overview(const api_context& in, const request&) {
  auto const now = in.now();
  std::uint64_t apis = 0;
  std::uint64_t failing = 0;
  now->each_api([&](const auto&) { ++apis; });
  now->each_source([&](const auto& source) {
    auto const state = condition_of(*now, source);
    failing += state == events::source_condition::failing ||
               state == events::source_condition::quarantined;
  });
  html_page page{"apisync"};
  page.facts({{"Engine", mood(to_string(now->engine().mode))},
              {"APIs", number(apis)},
              {"Open conflicts", number(open_conflicts(*now), "bad")},
              {"Sources in trouble", number(failing, "bad")},
              {"Syncs", number(now->metrics().total())},
              {"Sequence", number(now->at())}});
  add_apis(page, *now);
  add_conflicts(page, *now, {});
  add_changes(page, *now);
  add_sources(page, *now, {});
  return page.finish();
}

result<response> api_page(const api_context& in, const request& asked) {
  auto const now = in.now();
  auto const api = find_api(*now, asked.param("id"));
  if (!api) return tl::unexpected{api.error()};
  auto const& of = (*api)->definition;
  auto const* head = (*api)->head();
  html_page page{"API " + of.id};
  page.facts({{"State", mood(to_string(condition_of(**api)))},
              {"Revision", {head != nullptr ? std::to_string(head->fact.number) : "none", {}, {}}},
              {"Version", {head != nullptr ? head->fact.api_version : "", {}, {}}},
              {"Owner", {of.owner.empty() ? "nobody" : of.owner, {}, {}}},
              {"Document", {"as it is now", "/v1/apis/" + percent_encode(of.id) + "/spec", {}}},
              {"All APIs", {"back", "/", {}}}});
  add_conflicts(page, *now, of.id);
  if (head != nullptr) {
    std::vector<row> rows;
    for (auto const& change : head->fact.changes)
      rows.push_back(change_row(of.id, *head, change));
    page.heading("Changes of the newest revision")
        .table({"API", "Revision", "When", "Level", "Change", "Rule"}, rows, "None.");
  }
  add_history(page, **api);
  add_sources(page, *now, of.id);
  return page.finish();
}

cell value_cell(const std::optional<events::raw_json>& value,
                const std::vector<std::string>& oversized, std::string_view side) {
  for (auto const& name : oversized)
    if (name == side) return {"too long to show here", {}, {}};
  return {value ? value->text : "not there", {}, {}};
}

result<response> conflict_page(const api_context& in, const request& asked) {
  auto const now = in.now();
  auto const found = find_conflict(*now, asked.param("id"));
  if (!found)
    return fail(errc::not_found, "there is no conflict '" + std::string{asked.param("id")} + "'");
  auto const& conflict = *found->conflict;
  auto const& detail = conflict.detail;
  html_page page{"Conflict at " + detail.pointer};
  page.facts({{"State", mood(conflict.state)},
              {"API", api_link(found->api)},
              {"Source", {detail.source, {}, {}}},
              {"Kind", {detail.kind, {}, {}}},
              {"Since", time(conflict.opened)}});
  page.heading("The three values")
      .table({"Side", "Value"},
             {{{"base", {}, {}}, value_cell(detail.base, detail.oversized, "base")},
              {{"current", {}, {}}, value_cell(detail.current, detail.oversized, "current")},
              {{"incoming", {}, {}}, value_cell(detail.incoming, detail.oversized, "incoming")}},
             "");
  if (conflict.ended)
    page.heading("Decision")
        .paragraph(conflict.choice + " " + conflict.rule + " " + conflict.reason + " (" +
                   conflict.by + ")");
  else
    page.paragraph("To decide: apisync conflict resolve " + conflict_name(found->api, conflict) +
                   " --take current|incoming|base");
  return page.finish();
}

route page_route(const api_context& in, std::string_view path, std::string_view operation_id,
                 std::string_view summary, api_handler handler) {
  return {.method = "GET",
          .path = path,
          .operation_id = operation_id,
          .summary = summary,
          .tag = "operations",
          .answer = {"", answer_shape::kind::text, "text/html"},
          .handler = handled(in, handler)};
}

} // namespace

void add_page_routes(route_list& routes, const api_context& in) {
  routes.push_back(page_route(in, "/", "getPage", "A page for people, without scripts", overview));
  routes.push_back(page_route(in, "/apis/{id}", "getApiPage", "A page about one API", api_page));
  routes.push_back(page_route(in, "/conflicts/{id}", "getConflictPage", "A page about a conflict",
                              conflict_page));
}

} // namespace apisync::admin
