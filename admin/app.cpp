#include "admin/app.hpp"

#include "admin/api_context.hpp"
#include "admin/api_routes.hpp"

namespace apisync::admin {
namespace {

route_list all_routes(const api_context& in) {
  route_list routes;
  add_engine_routes(routes, in);
  add_config_routes(routes, in);
  add_source_routes(routes, in);
  add_job_routes(routes, in);
  add_host_routes(routes, in);
  add_hook_routes(routes, in);
  add_api_routes(routes, in);
  add_drift_routes(routes, in);
  add_spec_routes(routes, in);
  add_overlay_routes(routes, in);
  add_change_routes(routes, in);
  add_conflict_routes(routes, in);
  add_webhook_routes(routes, in);
  add_folder_routes(routes, in);
  add_target_routes(routes, in);
  add_contribution_routes(routes, in);
  add_event_routes(routes, in);
  add_operation_routes(routes, in);
  add_page_routes(routes, in);
  add_description_route(routes, in);
  return routes;
}

} // namespace

app::app(actors::service& service, access_policy policy, app_options options)
    : context_{std::make_unique<api_context>(service, std::move(options))},
      router_{std::make_unique<router>(all_routes(*context_), std::move(policy))} {}

app::~app() = default;

} // namespace apisync::admin
