#include "admin/answers.hpp"
#include "admin/api_routes.hpp"
#include "admin/body.hpp"
#include "admin/etag.hpp"
#include "admin/explain.hpp"
#include "admin/sync_view.hpp"
#include "events/config_entries.hpp"
#include "events/json_object.hpp"
#include "events/status.hpp"
#include "events/views_json.hpp"

namespace apisync::admin {
namespace {

tl::unexpected<error> no_source(std::string_view id) {
  return fail(errc::not_found, "there is no source '" + std::string{id} + "'");
}

result<const events::source_state*> find(const events::views& in, const request& asked) {
  auto const* found = in.source(asked.param("id"));
  if (found == nullptr) return no_source(asked.param("id"));
  return found;
}

/// `If-Match` speaks of what is declared and of the pause.
std::string etag_of(const events::source_state& source, std::string_view json) {
  return declared_etag(to_declaration_json(source.definition) + (source.paused ? "paused" : ""),
                       json);
}

response shown(const request& asked, const events::views& in, const events::source_state& source,
               int status = 200) {
  auto json = source_json(in, source);
  auto const etag = etag_of(source, json);
  return tagged_answer(asked, std::move(json), etag, in.at(), status);
}

/// The source as it is after a change.
result<response> source_answer(const api_context& in, const request& asked,
                               const actors::answer& done, std::string_view id, int status = 200) {
  auto const view = in.after(done);
  if (!view) return tl::unexpected{view.error()};
  auto const* source = (*view)->source(id);
  if (source == nullptr) return no_source(id);
  return shown(asked, **view, *source, status);
}

// -- reading ------------------------------------------------------------------

result<std::optional<events::source_condition>> wanted_state(const request& asked) {
  auto const text = asked.query("state");
  if (!text) return std::nullopt;
  for (auto const value : all_values(events::source_condition{}))
    if (to_string(value) == *text) return value;
  return fail(errc::invalid_argument, "state must be new, healthy, failing, quarantined or paused",
              "state");
}

result<response> list(const api_context& in, const request& asked) {
  auto const view = in.view(asked);
  if (!view) return tl::unexpected{view.error()};
  auto const page = parse_page(asked);
  if (!page) return tl::unexpected{page.error()};
  auto const state = wanted_state(asked);
  if (!state) return tl::unexpected{state.error()};
  auto const api = asked.query("api");
  auto const& views = **view;
  std::vector<list_item> items;
  for (auto const* source :
       views.sources(page->after, page->limit + 1, [&](const events::source_state& one) {
         return (!api || one.definition.api == *api) &&
                (!*state || condition_of(views, one) == **state);
       }))
    items.push_back({source->definition.id, source_json(views, *source)});
  return list_answer(std::move(items), page->limit, views.at());
}

result<response> show(const api_context& in, const request& asked) {
  auto const view = in.view(asked);
  if (!view) return tl::unexpected{view.error()};
  auto const source = find(**view, asked);
  if (!source) return tl::unexpected{source.error()};
  return shown(asked, **view, **source);
}

result<response> explain(const api_context& in, const request& asked) {
  auto const view = in.view(asked);
  if (!view) return tl::unexpected{view.error()};
  auto const source = find(**view, asked);
  if (!source) return tl::unexpected{source.error()};
  if (asked.query("at"))
    return json_answer(with_sequence(explain_json(**view, **source), (*view)->at()));
  auto const present = in.service().waits_of((*source)->definition.id);
  if (!present) return tl::unexpected{present.error()};
  return json_answer(with_sequence(explain_json(**view, **source, &*present), (*view)->at()));
}

// -- changing -----------------------------------------------------------------

result<response> add(const api_context& in, const request& asked) {
  auto const body = parse_body(asked);
  if (!body) return tl::unexpected{body.error()};
  auto definition = events::parse_source((*body)->root(), body_name);
  if (!definition) return tl::unexpected{definition.error()};
  auto who = in.author_of(asked);
  if (!who) return tl::unexpected{who.error()};
  auto const id = definition->id;
  auto const done =
      in.service().change(actors::add_source{std::move(*definition), std::move(*who)});
  if (!done) return tl::unexpected{done.error()};
  auto answer = source_answer(in, asked, *done, id, 201);
  if (answer) answer->headers.set("Location", "/v1/sources/" + id);
  return answer;
}

/// The declaration with `kind`, `path`, `url`, `ref` and `history` beside each other, as answers
/// have them, so that a change of one is a change of one member. Where the body names the place by
/// its kind (`file: …`), that takes the place of all five.
std::string flat_declaration(const events::source_definition& of, bool with_place) {
  events::json_object out;
  out.member("id", of.id).member("api", of.api).member("role", of.role);
  if (with_place) {
    out.member("kind", of.kind).optional("path", of.path).optional("url", of.url);
    out.optional("ref", of.ref);
    if (of.kind == events::source_kind::git) out.member("history", of.history);
    if (of.kind == events::source_kind::file) out.member("watch", of.watch);
    out.optional("headers", of.headers).optional("allowAddresses", of.allow_addresses);
    if (of.connection) out.member("connection", events::raw_json{connection_json(*of.connection)});
  }
  out.optional("interval", of.interval)
      .member("priority", of.priority)
      .optional("maxRetries", of.max_retries)
      .optional("after", of.after)
      .optional("adaptive", of.adaptive)
      .optional("minInterval", of.min_interval)
      .optional("maxInterval", of.max_interval);
  if (of.select) out.member("select", events::raw_json{selection_json(*of.select)});
  out.optional("duplicates", of.duplicates).optional("references", of.references);
  if (of.hook) out.member("hook", events::raw_json{hook_json(*of.hook)});
  return out.finish().text;
}

bool names_place(specs::node body) {
  for (auto const* key : {"file", "http", "git", "manual", "push"})
    if (body.find(key)) return true;
  return false;
}

/// Without one member; `paused` is a state, not a part of the declaration.
specs::document_ptr without(const specs::document_ptr& in, std::string_view name) {
  specs::document_builder out;
  out.begin_object();
  for (auto const member : in->root()) {
    if (member.key() == name) continue;
    out.key(member.key());
    out.copy(member);
  }
  out.end_object();
  return out.finish();
}

/// Pauses or resumes, where the body says so.
result<void> change_pause(const api_context& in, const request& asked, specs::node body) {
  auto const paused = body.find("paused");
  if (!paused) return {};
  if (!paused.is(specs::kind::boolean))
    return fail(errc::invalid_argument, "'paused' must be true or false", "/paused");
  auto who = in.author_of(asked);
  if (!who) return tl::unexpected{who.error()};
  auto const done = in.service().change(
      actors::pause_source{std::string{asked.param("id")}, paused.boolean(), std::move(*who)});
  if (!done) return tl::unexpected{done.error()};
  return {};
}

result<void> change_definition(const api_context& in, const request& asked,
                               const events::source_state& source, specs::node body) {
  bool const only_pause = body.size() == (body.find("paused") ? 1U : 0U);
  if (only_pause) return {};
  if (asked.role < role::admin)
    return fail(errc::forbidden, "changing more of a source than 'paused' needs the role admin");
  auto const merged = merge_body(flat_declaration(source.definition, !names_place(body)), asked);
  if (!merged) return tl::unexpected{merged.error()};
  auto definition = events::parse_source(without(*merged, "paused")->root(), body_name);
  if (!definition) return tl::unexpected{definition.error()};
  definition->declared = source.definition.declared;
  auto who = in.author_of(asked);
  if (!who) return tl::unexpected{who.error()};
  auto const done = in.service().change(actors::change_source{
      std::move(*definition), events::declared_by::api, std::move(*who), source.definition});
  if (!done) return tl::unexpected{done.error()};
  return {};
}

/// One try: `conflict` where the source was changed between the reading and the writing.
result<response> try_change(const api_context& in, const request& asked, specs::node body) {
  auto const now = in.now();
  auto const source = find(*now, asked);
  if (!source) return tl::unexpected{source.error()};
  if (auto const refused = check_declaration(asked, etag_of(**source, {})))
    return to_response(*refused, asked.target.path);
  if (auto done = change_definition(in, asked, **source, body); !done)
    return tl::unexpected{done.error()};
  if (auto done = change_pause(in, asked, body); !done) return tl::unexpected{done.error()};
  return source_answer(in, asked, {}, asked.param("id"));
}

result<response> change(const api_context& in, const request& asked) {
  auto const body = parse_body(asked);
  if (!body) return tl::unexpected{body.error()};
  if (!(*body)->root().is_object())
    return fail(errc::invalid_argument, "the body must be an object with the fields to change",
                body_name);
  return until_not_overtaken(in, [&] { return try_change(in, asked, (*body)->root()); });
}

result<response> remove(const api_context& in, const request& asked) {
  auto who = in.author_of(asked);
  if (!who) return tl::unexpected{who.error()};
  std::string const id{asked.param("id")};
  auto const done =
      in.service().change(actors::remove_source{id, events::declared_by::api, std::move(*who)});
  if (!done) return tl::unexpected{done.error()};
  return removed_answer(id, in.now()->at());
}

result<response> accept(const api_context& in, const request& asked) {
  auto who = in.author_of(asked);
  if (!who) return tl::unexpected{who.error()};
  std::string const id{asked.param("id")};
  auto const done = in.service().change(actors::accept_quarantine{id, std::move(*who)});
  if (!done) return tl::unexpected{done.error()};
  return source_answer(in, asked, *done, id);
}

// -- syncing ------------------------------------------------------------------

result<response> sync(const api_context& in, const request& asked) {
  auto const before = in.now();
  auto const source = find(*before, asked);
  if (!source) return tl::unexpected{source.error()};
  bool const wait = asked.query("wait") == "true";
  std::string const id{asked.param("id")};
  if (wait && (*source)->paused)
    return fail(errc::conflict, "source '" + id + "' is paused; resume it, then sync");
  auto who = in.author_of(asked);
  if (!who) return tl::unexpected{who.error()};
  auto done = in.service().sync({id, wait, std::move(*who)});
  if (!done) return tl::unexpected{done.error()};
  done->source = id;
  auto const now = in.now();
  auto const at = now->at();
  if (wait) return json_answer(with_sequence(sync_json(*done, *now), at));
  events::json_object out;
  out.member("source", id).member("job", done->job).member("accepted", true).member("sequence", at);
  return json_answer(out.finish().text, 202);
}

void add_verbs(route_list& routes, const api_context& in) {
  routes.push_back({.method = "POST",
                    .path = "/v1/sources/{id}/sync",
                    .operation_id = "syncSource",
                    .summary = "Sync a source now; with wait, 200 and how it ended",
                    .tag = "sources",
                    .needed = role::operate,
                    .answer = {.schema = "SyncOrder", .status = 202},
                    .query = {{"wait", "boolean", "Answer when the sync has ended."}},
                    .handler = handled(in, sync)});
  routes.push_back({.method = "GET",
                    .path = "/v1/sources/{id}/explain",
                    .operation_id = "explainSource",
                    .summary = "Why a source did or did not sync, when it will, what it waits for",
                    .tag = "sources",
                    .answer = {"Explanation"},
                    .past = true,
                    .handler = handled(in, explain)});
  routes.push_back({.method = "POST",
                    .path = "/v1/sources/{id}/accept",
                    .operation_id = "acceptQuarantine",
                    .summary = "Take a quarantined document after all",
                    .tag = "sources",
                    .needed = role::operate,
                    .answer = {"Source"},
                    .handler = handled(in, accept)});
}

} // namespace

void add_source_routes(route_list& routes, const api_context& in) {
  routes.push_back({.method = "GET",
                    .path = "/v1/sources",
                    .operation_id = "listSources",
                    .summary = "All sources and how they are",
                    .tag = "sources",
                    .answer = {"Source", answer_shape::kind::list},
                    .past = true,
                    .query = {{"api", "string", "Only those of this API."},
                              {"state", "string", "Only those in this state."}},
                    .handler = handled(in, list)});
  routes.push_back({.method = "POST",
                    .path = "/v1/sources",
                    .operation_id = "addSource",
                    .summary = "Add a source, its job, and its API if there is none",
                    .tag = "sources",
                    .needed = role::admin,
                    .answer = {.schema = "Source", .status = 201},
                    .body = "SourceDefinition",
                    .handler = handled(in, add)});
  routes.push_back({.method = "GET",
                    .path = "/v1/sources/{id}",
                    .operation_id = "getSource",
                    .summary = "One source",
                    .tag = "sources",
                    .answer = {"Source"},
                    .past = true,
                    .tagged = true,
                    .handler = handled(in, show)});
  routes.push_back({.method = "PATCH",
                    .path = "/v1/sources/{id}",
                    .operation_id = "changeSource",
                    .summary = "Change a source; with only paused, role operate is enough",
                    .tag = "sources",
                    .needed = role::operate,
                    .answer = {"Source"},
                    .body = "SourceChange",
                    .tagged = true,
                    .body_types = {"application/merge-patch+json"},
                    .handler = handled(in, change)});
  routes.push_back({.method = "DELETE",
                    .path = "/v1/sources/{id}",
                    .operation_id = "removeSource",
                    .summary = "Remove a source with its jobs; what it brought stays",
                    .tag = "sources",
                    .needed = role::admin,
                    .answer = {"Removed"},
                    .handler = handled(in, remove)});
  add_verbs(routes, in);
}

} // namespace apisync::admin
