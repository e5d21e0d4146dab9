#include "admin/api_routes.hpp"
#include "admin/body.hpp"
#include "admin/edit_answer.hpp"
#include "admin/etag.hpp"
#include "admin/find_api.hpp"
#include "admin/served_document.hpp"
#include "events/history.hpp"
#include "events/json_object.hpp"

namespace apisync::admin {
namespace {

// -- reading ------------------------------------------------------------------

result<response> serve(const api_context& in, const request& asked, std::string_view format) {
  auto const view = in.view(asked);
  if (!view) return tl::unexpected{view.error()};
  auto const api = find_api(**view, asked.param("id"));
  if (!api) return tl::unexpected{api.error()};
  if ((*api)->revisions.empty())
    return fail(errc::not_found,
                "API '" + (*api)->definition.id + "' has no document yet: sync one of its sources");
  document_text const text{(*api)->text, (*api)->format};
  if (format.empty()) format = preferred_format(asked.headers.get("Accept"), text.format);
  auto answer = document_answer(asked, in.service().documents(), text, format);
  if (!answer) return answer;
  return with_sequence_field(std::move(*answer), (*view)->at());
}

result<response> spec(const api_context& in, const request& asked) {
  return serve(in, asked, {});
}

result<response> spec_json(const api_context& in, const request& asked) {
  return serve(in, asked, "json");
}

result<response> spec_yaml(const api_context& in, const request& asked) {
  return serve(in, asked, "yaml");
}

result<response> revisions(const api_context& in, const request& asked) {
  auto const view = in.view(asked);
  if (!view) return tl::unexpected{view.error()};
  auto const page = parse_page(asked);
  if (!page) return tl::unexpected{page.error()};
  auto const api = find_api(**view, asked.param("id"));
  if (!api) return tl::unexpected{api.error()};
  auto next = (*api)->revisions.size();
  if (!page->after.empty()) {
    auto const after = std::strtoull(page->after.c_str(), nullptr, 10);
    next = std::min<std::size_t>(next, after == 0 ? 0 : after - 1);
  }
  std::vector<list_item> items;
  for (; next > 0 && items.size() <= page->limit; --next)
    items.push_back(
        {std::to_string(next), revision_json((*api)->definition.id, *(*api)->revisions[next - 1],
                                             events::detail::brief)});
  return list_answer(std::move(items), page->limit, (*view)->at());
}

result<response> revision(const api_context& in, const request& asked) {
  auto const view = in.view(asked);
  if (!view) return tl::unexpected{view.error()};
  auto const found = find_revision(**view, asked);
  if (!found) return tl::unexpected{found.error()};
  return thing_answer(asked, revision_json(asked.param("id"), **found, events::detail::full),
                      (*view)->at());
}

result<response> revision_spec(const api_context& in, const request& asked) {
  auto const view = in.view(asked);
  if (!view) return tl::unexpected{view.error()};
  auto const found = find_revision(**view, asked);
  if (!found) return tl::unexpected{found.error()};
  document_text const text{(*found)->fact.text, (*found)->fact.format};
  auto const format = preferred_format(asked.headers.get("Accept"), text.format);
  auto answer = document_answer(asked, in.service().documents(), text, format);
  if (!answer) return answer;
  return with_sequence_field(std::move(*answer), (*view)->at());
}

// -- changing -----------------------------------------------------------------

/// The refusal of an edit of another text than the one served, whichever format was read.
std::optional<problem> check_edited(const request& asked, const events::api_state& api) {
  if (api.revisions.empty()) return check_preconditions(asked, {});
  std::optional<problem> refused;
  for (auto const* form : {"", "-json", "-yaml"}) {
    refused = check_preconditions(asked, make_etag(api.text.hex() + form));
    if (!refused) break;
  }
  return refused;
}

result<response> edit(const api_context& in, const request& asked) {
  auto const now = in.now();
  auto const api = find_api(*now, asked.param("id"));
  if (!api) return tl::unexpected{api.error()};
  if (auto const refused = check_edited(asked, **api))
    return to_response(*refused, asked.target.path);
  auto who = in.author_of(asked);
  if (!who) return tl::unexpected{who.error()};
  actors::edit_spec order;
  order.api = asked.param("id");
  order.text = std::make_shared<const std::string>(asked.body);
  order.message = asked.query("message").value_or("");
  if (asked.headers.has("If-Match")) order.if_match = (*api)->text.hex();
  order.asked = std::move(*who);
  auto const done = in.service().change(order);
  if (!done) return overtaken(asked, done.error());
  return edit_answer(in, order.api, *done);
}

result<response> rollback(const api_context& in, const request& asked) {
  auto const body = parse_body(asked);
  if (!body) return tl::unexpected{body.error()};
  actors::rollback_api order;
  auto const read = read_members((*body)->root(), [&](events::config_object& object) {
    constexpr auto most = std::uint64_t{1} << 53U;
    if (!object.member("to")) object.missing("to", "the number of the revision to go back to");
    order.to = object.integer("to", 1, most).value_or(0);
    order.reason = object.text("reason").value_or("");
  });
  if (!read) return tl::unexpected{read.error()};
  auto who = in.author_of(asked);
  if (!who) return tl::unexpected{who.error()};
  order.api = asked.param("id");
  order.asked = std::move(*who);
  auto const done = in.service().change(order);
  if (!done) return tl::unexpected{done.error()};
  return edit_answer(in, order.api, *done);
}

// -- routes -------------------------------------------------------------------

route document_route(const api_context& in, std::string_view path, std::string_view operation_id,
                     std::string_view summary, std::string_view media, api_handler handler) {
  return {.method = "GET",
          .path = path,
          .operation_id = operation_id,
          .summary = summary,
          .tag = "apis",
          .answer = {"Document", answer_shape::kind::text, media},
          .past = true,
          .tagged = true,
          .handler = handled(in, handler)};
}

void add_revision_routes(route_list& routes, const api_context& in) {
  routes.push_back({.method = "GET",
                    .path = "/v1/apis/{id}/revisions",
                    .operation_id = "listRevisions",
                    .summary = "The revisions of an API, newest first",
                    .tag = "apis",
                    .answer = {"Revision", answer_shape::kind::list},
                    .past = true,
                    .handler = handled(in, revisions)});
  routes.push_back({.method = "GET",
                    .path = "/v1/apis/{id}/revisions/{number}",
                    .operation_id = "getRevision",
                    .summary = "One revision with its changes",
                    .tag = "apis",
                    .answer = {"Revision"},
                    .past = true,
                    .tagged = true,
                    .handler = handled(in, revision)});
  routes.push_back(document_route(in, "/v1/apis/{id}/revisions/{number}/spec", "getRevisionSpec",
                                  "The document of a revision", "application/json", revision_spec));
  routes.push_back({.method = "POST",
                    .path = "/v1/apis/{id}/rollback",
                    .operation_id = "rollbackApi",
                    .summary = "Make an earlier revision's document the current one",
                    .tag = "apis",
                    .needed = role::operate,
                    .answer = {"Edit"},
                    .body = "Rollback",
                    .handler = handled(in, rollback)});
}

} // namespace

void add_spec_routes(route_list& routes, const api_context& in) {
  routes.push_back(document_route(in, "/v1/apis/{id}/spec", "getSpec",
                                  "The document, as it was written or as Accept asks",
                                  "application/json", spec));
  routes.push_back(document_route(in, "/v1/apis/{id}/spec.json", "getSpecJson",
                                  "The document as JSON", "application/json", spec_json));
  routes.push_back(document_route(in, "/v1/apis/{id}/spec.yaml", "getSpecYaml",
                                  "The document as YAML", "application/yaml", spec_yaml));
  routes.push_back({.method = "PUT",
                    .path = "/v1/apis/{id}/spec",
                    .operation_id = "editSpec",
                    .summary = "A person's edit: the whole document anew",
                    .tag = "apis",
                    .needed = role::operate,
                    .answer = {"Edit"},
                    .body = "Document",
                    .tagged = true,
                    .query = {{"message", "string", "Why, for the history."}},
                    .body_types = {"application/yaml", "application/x-yaml", "text/yaml",
                                   "application/openapi+json", "application/openapi+yaml"},
                    .handler = handled(in, edit)});
  add_revision_routes(routes, in);
}

} // namespace apisync::admin
