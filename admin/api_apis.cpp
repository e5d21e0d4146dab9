#include "admin/api_routes.hpp"
#include "admin/body.hpp"
#include "admin/etag.hpp"
#include "admin/find_api.hpp"
#include "events/config_entries.hpp"
#include "events/views_json.hpp"

namespace apisync::admin {
namespace {

/// `?label=team` asks for a label, `?label=team=payments` for one with that value.
bool has_label(const events::api_definition& api, std::string_view wanted) {
  auto const equals = wanted.find('=');
  auto const found = api.labels.find(std::string{wanted.substr(0, equals)});
  if (found == api.labels.end()) return false;
  return equals == std::string_view::npos || found->second == wanted.substr(equals + 1);
}

/// `If-Match` speaks of what is declared.
std::string etag_of(const events::api_state& api, std::string_view json) {
  return declared_etag(to_declaration_json(api.definition), json);
}

response shown(const request& asked, const events::views& in, const events::api_state& api,
               int status = 200) {
  auto json = api_json(in, api);
  auto const etag = etag_of(api, json);
  return tagged_answer(asked, std::move(json), etag, in.at(), status);
}

result<response> list(const api_context& in, const request& asked) {
  auto const view = in.view(asked);
  if (!view) return tl::unexpected{view.error()};
  auto const page = parse_page(asked);
  if (!page) return tl::unexpected{page.error()};
  auto const owner = asked.query("owner");
  auto const group = asked.query("group");
  auto const label = asked.query("label");
  auto const keep = [&](const events::api_state& one) {
    auto const& of = one.definition;
    return (!owner || of.owner == *owner) && (!group || of.group == *group) &&
           (!label || has_label(of, *label));
  };
  std::vector<list_item> items;
  for (auto const* api : (*view)->apis(page->after, page->limit + 1, keep))
    items.push_back({api->definition.id, api_json(**view, *api)});
  return list_answer(std::move(items), page->limit, (*view)->at());
}

result<response> show(const api_context& in, const request& asked) {
  auto const view = in.view(asked);
  if (!view) return tl::unexpected{view.error()};
  auto const api = find_api(**view, asked.param("id"));
  if (!api) return tl::unexpected{api.error()};
  return shown(asked, **view, **api);
}

/// The API as it is after a change.
result<response> api_answer(const api_context& in, const request& asked, const actors::answer& done,
                            std::string_view id, int status = 200) {
  auto const view = in.after(done);
  if (!view) return tl::unexpected{view.error()};
  auto const api = find_api(**view, id);
  if (!api) return tl::unexpected{api.error()};
  return shown(asked, **view, **api, status);
}

result<response> add(const api_context& in, const request& asked) {
  auto const body = parse_body(asked);
  if (!body) return tl::unexpected{body.error()};
  auto definition = events::parse_api((*body)->root(), body_name);
  if (!definition) return tl::unexpected{definition.error()};
  auto who = in.author_of(asked);
  if (!who) return tl::unexpected{who.error()};
  auto const id = definition->id;
  auto const done = in.service().change(actors::add_api{std::move(*definition), std::move(*who)});
  if (!done) return tl::unexpected{done.error()};
  auto answer = api_answer(in, asked, *done, id, 201);
  if (answer) answer->headers.set("Location", "/v1/apis/" + id);
  return answer;
}

/// One try: `conflict` where the API was changed between the reading and the writing.
result<response> try_change(const api_context& in, const request& asked) {
  auto const now = in.now();
  auto const api = find_api(*now, asked.param("id"));
  if (!api) return tl::unexpected{api.error()};
  if (auto const refused = check_declaration(asked, etag_of(**api, {})))
    return to_response(*refused, asked.target.path);
  auto const merged = merge_body(to_declaration_json((*api)->definition), asked);
  if (!merged) return tl::unexpected{merged.error()};
  auto definition = events::parse_api((*merged)->root(), body_name);
  if (!definition) return tl::unexpected{definition.error()};
  definition->declared = (*api)->definition.declared;
  auto who = in.author_of(asked);
  if (!who) return tl::unexpected{who.error()};
  auto const done = in.service().change(actors::change_api{
      std::move(*definition), events::declared_by::api, std::move(*who), (*api)->definition});
  if (!done) return tl::unexpected{done.error()};
  return api_answer(in, asked, *done, asked.param("id"));
}

result<response> change(const api_context& in, const request& asked) {
  return until_not_overtaken(in, [&] { return try_change(in, asked); });
}

result<response> remove(const api_context& in, const request& asked) {
  auto who = in.author_of(asked);
  if (!who) return tl::unexpected{who.error()};
  std::string const id{asked.param("id")};
  auto const done =
      in.service().change(actors::remove_api{id, events::declared_by::api, std::move(*who)});
  if (!done) return tl::unexpected{done.error()};
  return removed_answer(id, in.now()->at());
}

result<response> promote(const api_context& in, const request& asked) {
  auto const body = parse_body(asked);
  if (!body) return tl::unexpected{body.error()};
  actors::promote_api order;
  auto const read = read_members((*body)->root(), [&](events::config_object& object) {
    constexpr auto most = std::uint64_t{1} << 53U;
    order.revision = object.integer("revision", 1, most).value_or(0);
    order.reason = object.text("reason").value_or("");
  });
  if (!read) return tl::unexpected{read.error()};
  auto who = in.author_of(asked);
  if (!who) return tl::unexpected{who.error()};
  order.api = asked.param("id");
  order.asked = std::move(*who);
  auto const done = in.service().change(order);
  if (!done) return tl::unexpected{done.error()};
  return api_answer(in, asked, *done, asked.param("id"));
}

result<response> set_pause(const api_context& in, const request& asked, bool paused) {
  auto who = in.author_of(asked);
  if (!who) return tl::unexpected{who.error()};
  std::string const id{asked.param("id")};
  auto const done = in.service().change(actors::pause_api{id, paused, std::move(*who)});
  if (!done) return tl::unexpected{done.error()};
  return api_answer(in, asked, *done, id);
}

result<response> pause(const api_context& in, const request& asked) {
  return set_pause(in, asked, true);
}

result<response> resume(const api_context& in, const request& asked) {
  return set_pause(in, asked, false);
}

void add_reading(route_list& routes, const api_context& in) {
  routes.push_back(
      {.method = "GET",
       .path = "/v1/apis",
       .operation_id = "listApis",
       .summary = "All APIs and how they are",
       .tag = "apis",
       .answer = {"Api", answer_shape::kind::list},
       .past = true,
       .query = {{"owner", "string", "Only those of this owner."},
                 {"group", "string", "Only those of this group."},
                 {"label", "string", "Only those with this label, NAME or NAME=VALUE."}},
       .handler = handled(in, list)});
  routes.push_back({.method = "GET",
                    .path = "/v1/apis/{id}",
                    .operation_id = "getApi",
                    .summary = "One API",
                    .tag = "apis",
                    .answer = {"Api"},
                    .past = true,
                    .tagged = true,
                    .handler = handled(in, show)});
}

} // namespace

void add_api_routes(route_list& routes, const api_context& in) {
  add_reading(routes, in);
  routes.push_back({.method = "POST",
                    .path = "/v1/apis",
                    .operation_id = "addApi",
                    .summary = "Add an API",
                    .tag = "apis",
                    .needed = role::admin,
                    .answer = {.schema = "Api", .status = 201},
                    .body = "ApiDefinition",
                    .handler = handled(in, add)});
  routes.push_back({.method = "PATCH",
                    .path = "/v1/apis/{id}",
                    .operation_id = "changeApi",
                    .summary = "Change what is declared of an API",
                    .tag = "apis",
                    .needed = role::admin,
                    .answer = {"Api"},
                    .body = "ApiChange",
                    .tagged = true,
                    .body_types = {"application/merge-patch+json"},
                    .handler = handled(in, change)});
  routes.push_back({.method = "DELETE",
                    .path = "/v1/apis/{id}",
                    .operation_id = "removeApi",
                    .summary = "Remove an API without sources; its history stays in the log",
                    .tag = "apis",
                    .needed = role::admin,
                    .answer = {"Removed"},
                    .handler = handled(in, remove)});
  routes.push_back(
      {.method = "POST",
       .path = "/v1/apis/{id}/promote",
       .operation_id = "promoteApi",
       .summary = "Make a revision the released one, which later ones are compared with",
       .tag = "apis",
       .needed = role::operate,
       .answer = {"Api"},
       .body = "Promotion",
       .handler = handled(in, promote)});
  routes.push_back({.method = "POST",
                    .path = "/v1/apis/{id}/pause",
                    .operation_id = "pauseApi",
                    .summary = "Start no more syncs of an API's sources",
                    .tag = "apis",
                    .needed = role::operate,
                    .answer = {"Api"},
                    .handler = handled(in, pause)});
  routes.push_back({.method = "POST",
                    .path = "/v1/apis/{id}/resume",
                    .operation_id = "resumeApi",
                    .summary = "Sync the sources of a paused API again",
                    .tag = "apis",
                    .needed = role::operate,
                    .answer = {"Api"},
                    .handler = handled(in, resume)});
}

} // namespace apisync::admin
