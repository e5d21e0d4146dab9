// Targets: where documents go, and what became of it.
#include "admin/api_routes.hpp"
#include "events/views_json.hpp"

namespace apisync::admin {
namespace {

result<response> list(const api_context& in, const request& asked) {
  auto const view = in.view(asked);
  if (!view) return tl::unexpected{view.error()};
  auto const page = parse_page(asked);
  if (!page) return tl::unexpected{page.error()};
  std::vector<list_item> items;
  for (auto const* target : (*view)->targets(page->after, page->limit + 1))
    items.push_back({target->definition.id, target_json(**view, *target)});
  return list_answer(std::move(items), page->limit, (*view)->at());
}

result<const events::target_state*> find(const events::views& now, std::string_view id) {
  auto const* target = now.target(id);
  if (target == nullptr)
    return fail(errc::not_found, "there is no target '" + std::string{id} + "'");
  return target;
}

result<response> show(const api_context& in, const request& asked) {
  auto const view = in.view(asked);
  if (!view) return tl::unexpected{view.error()};
  auto const target = find(**view, asked.param("id"));
  if (!target) return tl::unexpected{target.error()};
  return thing_answer(asked, target_json(**view, **target), (*view)->at());
}

result<response> write(const api_context& in, const request& asked) {
  std::string const id{asked.param("id")};
  auto const view = carried_out(in, asked, actors::write_target{id, {}});
  if (!view) return tl::unexpected{view.error()};
  auto const target = find(**view, id);
  if (!target) return tl::unexpected{target.error()};
  return json_answer(with_sequence(target_json(**view, **target), (*view)->at()), 202);
}

} // namespace

void add_target_routes(route_list& routes, const api_context& in) {
  routes.push_back({.method = "GET",
                    .path = "/v1/targets",
                    .operation_id = "listTargets",
                    .summary = "All targets and what they have",
                    .tag = "targets",
                    .answer = {"Target", answer_shape::kind::list},
                    .past = true,
                    .handler = handled(in, list)});
  routes.push_back({.method = "GET",
                    .path = "/v1/targets/{id}",
                    .operation_id = "getTarget",
                    .summary = "One target",
                    .tag = "targets",
                    .answer = {"Target"},
                    .past = true,
                    .tagged = true,
                    .handler = handled(in, show)});
  routes.push_back({.method = "POST",
                    .path = "/v1/targets/{id}/write",
                    .operation_id = "writeTarget",
                    .summary = "Write the document now, whatever was written before",
                    .tag = "targets",
                    .needed = role::operate,
                    .answer = {.schema = "Target", .status = 202},
                    .handler = handled(in, write)});
}

} // namespace apisync::admin
