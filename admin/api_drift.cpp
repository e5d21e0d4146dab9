#include "admin/answers.hpp"
#include "admin/api_routes.hpp"
#include "admin/find_api.hpp"
#include "events/views_json.hpp"

namespace apisync::admin {
namespace {

result<response> show(const api_context& in, const request& asked) {
  auto const view = in.view(asked);
  if (!view) return tl::unexpected{view.error()};
  auto const api = find_api(**view, asked.param("id"));
  if (!api) return tl::unexpected{api.error()};
  return json_answer(with_sequence(drift_json(**view, **api), (*view)->at()));
}

} // namespace

void add_drift_routes(route_list& routes, const api_context& in) {
  routes.push_back({.method = "GET",
                    .path = "/v1/apis/{id}/drift",
                    .operation_id = "getDrift",
                    .summary = "How an API's observers and contributors differ from its document",
                    .tag = "apis",
                    .answer = {"Drift"},
                    .past = true,
                    .handler = handled(in, show)});
}

} // namespace apisync::admin
