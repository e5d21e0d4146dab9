#include "admin/api_routes.hpp"
#include "admin/find_api.hpp"
#include "admin/html.hpp"
#include "events/history.hpp"
#include "events/status.hpp"
#include "specs/parse.hpp"
#include "specs/print.hpp"

#include <algorithm>

namespace apisync::admin {
namespace {

using cell = html_page::cell;
using row = std::vector<cell>;

constexpr std::size_t rows_most = 200; ///< Of one table; the HTTP API has the rest.

std::string mood_of(std::string_view word) {
  for (auto const* good :
       {"running", "healthy", "ready", "current", "compatible", "unchanged", "first", "written"})
    if (word == good) return "good";
  for (auto const* bad : {"failing", "quarantined", "conflicted", "breaking", "error", "stopped"})
    if (word == bad) return "bad";
  for (auto const* warn : {"paused", "warning", "stopping", "open", "disabled"})
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
  return {
      text.substr(0, date_length) + ' ' + text.substr(date_length + 1, time_length), {}, "time"};
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

/// What keeps a source from being well: its document is kept out, or its last sync failed.
std::string trouble_of(const events::views& now, const events::source_state& source) {
  auto const told = [](const std::string& what, const std::string& where) {
    return where.empty() ? what : where + ": " + what;
  };
  if (source.quarantined) return told(source.quarantined->reason, source.quarantined->where);
  for (auto const number : now.jobs_of(source.definition.id))
    if (auto const* job = now.job_by_number(number); job != nullptr && job->problem)
      return told(job->problem->reason, job->problem->where);
  return {};
}

/// How many things a source has otherwise than its API's document.
cell drift_cell(const events::views& now, const events::source_definition& source) {
  auto const* api = now.api(source.api);
  if (api == nullptr) return {};
  auto const drift = api->drifts.find(source.id);
  if (drift == api->drifts.end()) return {};
  auto const& counts = drift->second.report.counts;
  return {std::to_string(counts.error + counts.warning + counts.info),
          "/v1/apis/" + percent_encode(source.api) + "/drift", counts.error > 0 ? "bad" : "warn",
          "since " + time(drift->second.since).text};
}

void add_sources(html_page& page, const events::views& now, std::string_view api) {
  std::vector<row> rows;
  for (auto const* source : now.sources({}, rows_most, [&](const events::source_state& one) {
         return api.empty() || one.definition.api == api;
       })) {
    auto const& of = source->definition;
    auto state = mood(to_string(condition_of(now, *source)));
    state.detail = trouble_of(now, *source);
    rows.push_back({{of.id, {}, {}, of.url.empty() ? of.path : of.url},
                    api_link(of.api),
                    {std::string{to_string(of.kind)}, {}, {}},
                    {std::string{to_string(of.role)}, {}, {}},
                    std::move(state),
                    drift_cell(now, of),
                    time(source->changed)});
  }
  page.heading("Sources").table(
      {"Source", "API", "Kind", "Role", "State", "Differences", "Last change"}, rows,
      "No sources.");
}

/// Left out where nothing is written.
void add_targets(html_page& page, const events::views& now, std::string_view api) {
  std::vector<row> rows;
  for (auto const* target : now.targets({}, rows_most)) {
    if (!api.empty() && target->definition.api != api) continue;
    rows.push_back({{target->definition.id, {}, {}},
                    api_link(target->definition.api),
                    mood(to_string(condition_of(now, *target))),
                    {place_of(target->definition), {}, {}},
                    time(target->last_success),
                    {target->problem ? target->problem->reason : "", {}, {}}});
  }
  if (rows.empty()) return;
  page.heading("Targets").table(
      {"Target", "API", "State", "Place", "Last success", "Fails because"}, rows, "");
}

/// Left out where nothing is looked for.
void add_folders(html_page& page, const events::views& now) {
  std::vector<row> rows;
  for (auto const& folder : now.engine().folders) {
    if (rows.size() == rows_most) break;
    auto const found = now.engine().searched.find(folder.id);
    bool const searched = found != now.engine().searched.end();
    rows.push_back({{folder.id, {}, {}},
                    mood(to_string(condition_of(now, folder))),
                    {folder.files, {}, {}},
                    number(searched ? found->second.fact.documents : 0),
                    number(searched ? found->second.fact.unread_in_all : 0, "warn"),
                    {searched ? found->second.fact.problem : "", {}, {}}});
  }
  if (rows.empty()) return;
  page.heading("Folders").table(
      {"Folder", "State", "Files", "Documents", "Not taken", "Fails because"}, rows, "");
}

/// Left out where nobody is told of anything.
void add_webhooks(html_page& page, const events::views& now) {
  std::vector<row> rows;
  for (auto const* webhook : now.webhooks({}, rows_most))
    rows.push_back({{webhook->definition.id, {}, {}},
                    mood(to_string(condition_of(*webhook))),
                    number(webhook->delivered),
                    number(webhook->dead.size(), "bad"),
                    time(webhook->last_success),
                    {webhook->problem ? webhook->problem->reason : "", {}, {}}});
  if (rows.empty()) return;
  page.heading("Webhooks")
      .table({"Webhook", "State", "Delivered", "Dead letters", "Last success", "Fails because"},
             rows, "");
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

cell change_cell(const events::change& change) {
  return {change.message, {}, {}, change.rule};
}

/// The operations that a change reaches, and its place.
cell reach_cell(const events::change& change) {
  constexpr std::size_t shown = 3;
  std::string text;
  for (std::size_t i = 0; i < std::min(shown, change.operations.size()); ++i)
    text += (i > 0 ? ", " : "") + change.operations[i];
  if (change.operations.size() > shown)
    text += " and " + std::to_string(change.operations.size() - shown) + " more";
  if (text.empty()) return {change.pointer, {}, {}};
  return {std::move(text), {}, {}, change.pointer};
}

void add_changes(html_page& page, const events::views& now) {
  constexpr std::size_t shown = 25;
  std::vector<row> rows;
  now.visit_changes([&](const events::changed_revision& of) {
    for (auto const& change : of.revision->fact.changes)
      if (rows.size() < shown)
        rows.push_back({api_link(of.api), number(of.revision->fact.number), time(of.revision->time),
                        mood(to_string(change.level)), change_cell(change), reach_cell(change)});
    return rows.size() < shown;
  });
  page.heading("Recent changes")
      .table({"API", "Revision", "When", "Level", "Change", "Where"}, rows, "None.");
}

/// The changes of one revision, whose API and time the page says elsewhere.
void add_revision_changes(html_page& page, const events::revision& revision) {
  std::vector<row> rows;
  for (auto const& change : revision.fact.changes)
    rows.push_back({mood(to_string(change.level)), change_cell(change), reach_cell(change)});
  page.heading("Changes of revision " + std::to_string(revision.fact.number))
      .table({"Level", "Change", "Where"}, rows, "None.");
}

/// What sources have otherwise than the document; left out where they have it so.
void add_drifts(html_page& page, const events::api_state& api) {
  std::vector<row> rows;
  for (auto const& [source, drift] : api.drifts)
    for (auto const& change : drift.report.changes)
      rows.push_back({{source, {}, {}},
                      mood(to_string(change.level)),
                      change_cell(change),
                      reach_cell(change)});
  if (rows.empty()) return;
  page.heading("Not as the API says").table({"Source", "Level", "Difference", "Where"}, rows, "");
}

void add_footer(html_page& page, const events::views& now) {
  page.footer(
      {{"apisync " + now.engine().version, {}, {}},
       {"as of " + time(now.time()).text + " UTC, event " + std::to_string(now.at()), {}, {}},
       {"the HTTP API", "/openapi.json", {}},
       {"metrics", "/metrics", {}}});
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
         {fact.cause.kind + (fact.cause.source.empty() ? "" : " of ") + fact.cause.source,
          {},
          {},
          fact.cause.message},
         {fact.cause.author.empty() ? (*at)->by : fact.cause.author, {}, {}}});
  }
  page.heading("History").table(
      {"Revision", "When", "Verdict", "Errors", "Warnings", "Infos", "Cause", "By"}, rows,
      "No revisions yet.");
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
  auto const drifted = drifting(*now);
  html_page page{"apisync"};
  page.facts({{"Engine", mood(to_string(now->engine().mode))},
              {"APIs", number(apis)},
              {"Open conflicts", number(open_conflicts(*now), "bad")},
              {"Sources in trouble", number(failing, "bad")},
              {"Sources that differ", number(drifted.observers + drifted.contributors, "warn")},
              {"Syncs", number(now->metrics().total())}});
  add_apis(page, *now);
  add_conflicts(page, *now, {});
  add_sources(page, *now, {});
  add_folders(page, *now);
  add_webhooks(page, *now);
  add_targets(page, *now, {});
  add_changes(page, *now);
  add_footer(page, *now);
  return with_sequence_field(page.finish(), now->at());
}

result<response> api_page(const api_context& in, const request& asked) {
  auto const now = in.now();
  auto const api = find_api(*now, asked.param("id"));
  if (!api) return tl::unexpected{api.error()};
  auto const& of = (*api)->definition;
  auto const* head = (*api)->head();
  html_page page{"API " + of.id};
  page.crumb("← all APIs", "/");
  page.facts({{"State", mood(to_string(condition_of(**api)))},
              {"Revision", {head != nullptr ? std::to_string(head->fact.number) : "none", {}, {}}},
              {"Version", {head != nullptr ? head->fact.api_version : "", {}, {}}},
              {"Owner", {of.owner.empty() ? "nobody" : of.owner, {}, {}, of.contact}},
              {"Document",
               {head != nullptr ? "as it is now" : "none yet",
                head != nullptr ? "/v1/apis/" + percent_encode(of.id) + "/spec" : "",
                {}}}});
  add_conflicts(page, *now, of.id);
  if (head != nullptr) add_revision_changes(page, *head);
  add_history(page, **api);
  add_sources(page, *now, of.id);
  add_drifts(page, **api);
  add_targets(page, *now, of.id);
  add_footer(page, *now);
  return with_sequence_field(page.finish(), now->at());
}

/// Indented; as it stands where it cannot be read.
std::string pretty(const std::string& json) {
  auto const parsed = specs::parse(json);
  return parsed ? specs::to_json(parsed->document->root(), 2) : json;
}

cell value_cell(const std::optional<events::raw_json>& value,
                const std::vector<std::string>& oversized, std::string_view side) {
  for (auto const& name : oversized)
    if (name == side) return {"too long to show here", {}, {}};
  if (!value) return {"not there", {}, {}};
  return {pretty(value->text), {}, {}, {}, true};
}

void add_decision(html_page& page, const events::conflict_state& conflict) {
  auto text = conflict.state == "closed" ? "Closed" : "Taken: " + conflict.choice;
  if (!conflict.by.empty()) text += ", by " + conflict.by;
  if (!conflict.rule.empty()) text += " (rule " + conflict.rule + ")";
  if (!conflict.reason.empty()) text += ": " + conflict.reason;
  page.heading("Decision").paragraph(text);
}

result<response> conflict_page(const api_context& in, const request& asked) {
  auto const now = in.now();
  auto const found = find_conflict(*now, asked.param("id"));
  if (!found)
    return fail(errc::not_found, "there is no conflict '" + std::string{asked.param("id")} + "'");
  auto const& conflict = *found->conflict;
  auto const& detail = conflict.detail;
  html_page page{"Conflict at " + detail.pointer};
  page.crumb("← all APIs", "/").crumb("API " + found->api, "/apis/" + percent_encode(found->api));
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
    add_decision(page, conflict);
  else
    page.heading("To decide")
        .code("apisync conflict resolve " + conflict_name(found->api, conflict) +
              " --take incoming")
        .paragraph("Or --take current, --take base, or --value JSON for something else.");
  add_footer(page, *now);
  return with_sequence_field(page.finish(), now->at());
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
