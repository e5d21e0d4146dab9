#pragma once

#include "admin/api_context.hpp"
#include "admin/route.hpp"

#include <string>
#include <vector>

/// The routes of the HTTP API by subject, as docs/http-api.md has them. Their handlers keep a
/// reference to the context.
namespace apisync::admin {

using route_list = std::vector<route>;

void add_engine_routes(route_list& routes, const api_context& in);
void add_config_routes(route_list& routes, const api_context& in);
void add_source_routes(route_list& routes, const api_context& in);
void add_job_routes(route_list& routes, const api_context& in);
void add_host_routes(route_list& routes, const api_context& in);
void add_hook_routes(route_list& routes, const api_context& in);
void add_drift_routes(route_list& routes, const api_context& in);
void add_api_routes(route_list& routes, const api_context& in);
void add_spec_routes(route_list& routes, const api_context& in);
void add_overlay_routes(route_list& routes, const api_context& in);
void add_change_routes(route_list& routes, const api_context& in);
void add_conflict_routes(route_list& routes, const api_context& in);
void add_webhook_routes(route_list& routes, const api_context& in);
void add_contribution_routes(route_list& routes, const api_context& in);
void add_folder_routes(route_list& routes, const api_context& in);
void add_target_routes(route_list& routes, const api_context& in);
void add_event_routes(route_list& routes, const api_context& in);
void add_operation_routes(route_list& routes, const api_context& in);
void add_page_routes(route_list& routes, const api_context& in);

/// `/openapi.json`: describes the routes so far and itself, so it comes last.
void add_description_route(route_list& routes, const api_context& in);

} // namespace apisync::admin
