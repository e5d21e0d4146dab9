#include "admin/answers.hpp"
#include "admin/api_routes.hpp"
#include "events/status.hpp"

namespace apisync::admin {
namespace {

/// A route that shows one thing made from the views.
fallible_handler shows(const api_context& in, std::string (*print)(const events::views&)) {
  return [&in, print](const request& asked) -> result<response> {
    auto const view = in.view(asked);
    if (!view) return tl::unexpected{view.error()};
    return json_answer(print(**view));
  };
}

fallible_handler commands(const api_context& in, events::engine_verb verb) {
  return [&in, verb](const request& asked) -> result<response> {
    auto who = in.author_of(asked);
    if (!who) return tl::unexpected{who.error()};
    auto const done = in.service().change(actors::engine_command{verb, std::move(*who)});
    if (!done) return tl::unexpected{done.error()};
    return json_answer(with_sequence(done->json, in.now()->at()));
  };
}

route command_route(const api_context& in, std::string_view path, std::string_view operation_id,
                    std::string_view summary, role needed, events::engine_verb verb) {
  return {.method = "POST",
          .path = path,
          .operation_id = operation_id,
          .summary = summary,
          .tag = "engine",
          .needed = needed,
          .answer = {"Engine"},
          .handler = answering(commands(in, verb))};
}

} // namespace

void add_engine_routes(route_list& routes, const api_context& in) {
  using enum events::engine_verb;
  routes.push_back({.method = "GET",
                    .path = "/v1/status",
                    .operation_id = "getStatus",
                    .summary = "The service at a glance",
                    .tag = "engine",
                    .answer = {"Status"},
                    .past = true,
                    .handler = answering(shows(in, events::status_json))});
  routes.push_back({.method = "GET",
                    .path = "/v1/metrics",
                    .operation_id = "getMetrics",
                    .summary = "Counts and times of syncs",
                    .tag = "engine",
                    .answer = {"Metrics"},
                    .past = true,
                    .handler = answering(shows(in, events::metrics_json))});
  routes.push_back(command_route(in, "/v1/engine/start", "startEngine",
                                 "Start syncing after a stop", role::admin, start));
  routes.push_back(command_route(in, "/v1/engine/stop", "stopEngine",
                                 "Cancel running syncs and start none", role::admin, stop));
  routes.push_back(command_route(in, "/v1/engine/pause", "pauseEngine",
                                 "Let running syncs end and start none", role::operate, pause));
  routes.push_back(command_route(in, "/v1/engine/resume", "resumeEngine",
                                 "Start syncs again after a pause", role::operate, resume));
}

} // namespace apisync::admin
