// What removed sources left in an API's document.
#include "admin/api_routes.hpp"
#include "admin/body.hpp"
#include "admin/edit_answer.hpp"
#include "admin/find_api.hpp"
#include "events/json_object.hpp"

namespace apisync::admin {
namespace {

result<response> contributions(const api_context& in, const request& asked) {
  auto const view = in.view(asked);
  if (!view) return tl::unexpected{view.error()};
  auto const api = find_api(**view, asked.param("id"));
  if (!api) return tl::unexpected{api.error()};
  auto const page = parse_page(asked);
  if (!page) return tl::unexpected{page.error()};
  std::vector<list_item> items;
  for (auto at = (*api)->bases.upper_bound(page->after);
       at != (*api)->bases.end() && items.size() <= page->limit; ++at) {
    auto const& [source, base] = *at;
    auto const* there = (*view)->source(source);
    if (base.observed || (there != nullptr && there->definition.api == (*api)->definition.id))
      continue;
    auto const moved = (*api)->moved.find(source);
    events::json_object out;
    out.member("source", source)
        .member("operations", base.operations)
        .member("taken", moved == (*api)->moved.end() ? std::optional<events::timestamp>{}
                                                      : std::optional{moved->second})
        .optional("commit", base.commit);
    items.push_back({source, out.finish().text});
  }
  return list_answer(std::move(items), page->limit, (*view)->at());
}

result<response> drop(const api_context& in, const request& asked, bool preview) {
  auto const body = parse_body(asked);
  if (!body) return tl::unexpected{body.error()};
  actors::drop_contributions order;
  auto const read = read_members((*body)->root(), [&](events::config_object& object) {
    order.source = object.text("source").value_or("");
    if (!object.member("source")) object.missing("source", "the id of the removed source");
    order.reason = object.text("reason").value_or("");
  });
  if (!read) return tl::unexpected{read.error()};
  order.api = asked.param("id");
  order.preview = preview;
  if (!preview) {
    auto who = in.author_of(asked);
    if (!who) return tl::unexpected{who.error()};
    order.asked = std::move(*who);
  }
  auto const done = in.service().change(order);
  if (!done) return tl::unexpected{done.error()};
  if (!preview) return edit_answer(in, order.api, *done);
  return json_answer(with_sequence(done->json, in.now()->at()));
}

result<response> drop_now(const api_context& in, const request& asked) {
  return drop(in, asked, false);
}

result<response> preview_drop(const api_context& in, const request& asked) {
  return drop(in, asked, true);
}

} // namespace

void add_contribution_routes(route_list& routes, const api_context& in) {
  routes.push_back({.method = "GET",
                    .path = "/v1/apis/{id}/contributions",
                    .operation_id = "listContributions",
                    .summary = "Removed sources whose documents are part of the API still",
                    .tag = "apis",
                    .answer = {"Contribution", answer_shape::kind::list},
                    .past = true,
                    .handler = handled(in, contributions)});
  routes.push_back({.method = "POST",
                    .path = "/v1/apis/{id}/contributions/preview",
                    .operation_id = "previewDrop",
                    .summary = "The places that dropping what a removed source left would take out",
                    .tag = "apis",
                    .needed = role::read,
                    .answer = {"DropPreview"},
                    .body = "Drop",
                    .safe = true,
                    .handler = handled(in, preview_drop)});
  routes.push_back({.method = "POST",
                    .path = "/v1/apis/{id}/contributions/drop",
                    .operation_id = "dropContributions",
                    .summary = "Take out of the document what a removed source left",
                    .tag = "apis",
                    .needed = role::operate,
                    .answer = {"Edit"},
                    .body = "Drop",
                    .handler = handled(in, drop_now)});
}

} // namespace apisync::admin
