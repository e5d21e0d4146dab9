#include "admin/answers.hpp"
#include "admin/api_routes.hpp"
#include "admin/body.hpp"
#include "events/config_entries.hpp"
#include "events/json_object.hpp"
#include "events/status.hpp"

namespace apisync::admin {
namespace {

using values_map = std::map<std::string, events::raw_json>;

/// A route that shows one thing made from the views.
fallible_handler shows(const api_context& in, std::string (*print)(const events::views&)) {
  return [&in, print](const request& asked) -> result<response> {
    auto const view = in.view(asked);
    if (!view) return tl::unexpected{view.error()};
    return json_answer(print(**view));
  };
}

response engine_answer(const events::views& now) {
  events::json_object out;
  out.member("state", now.engine().mode).member("sequence", now.at());
  return json_answer(out.finish().text);
}

fallible_handler commands(const api_context& in, events::engine_verb verb) {
  return [&in, verb](const request& asked) -> result<response> {
    auto who = in.author_of(asked);
    if (!who) return tl::unexpected{who.error()};
    auto const done = in.service().change(actors::engine_command{verb, std::move(*who)});
    if (!done) return tl::unexpected{done.error()};
    return engine_answer(*in.now());
  };
}

/// Every setting as it is by default.
values_map default_values() {
  auto const text = events::to_json(events::settings{});
  simdjson::dom::parser parser;
  values_map values;
  simdjson::dom::object members;
  if (parser.parse(text).get(members) != simdjson::SUCCESS) return values;
  for (auto const member : members)
    values[std::string{member.key}] = {simdjson::minify(member.value)};
  return values;
}

/// What `GET` answers is taken too: then its `settings` count and the rest is left aside.
specs::node settings_in(specs::node body) {
  auto const inner = body.find("settings");
  return inner.is_object() ? inner : body;
}

result<values_map> read_values(const request& asked, const events::settings& present,
                               bool replace_all) {
  auto const body = parse_body(asked);
  if (!body) return tl::unexpected{body.error()};
  auto values = events::parse_settings(settings_in((*body)->root()), body_name,
                                       replace_all ? events::settings{} : present);
  if (values && replace_all) values->merge(default_values());
  return values;
}

fallible_handler configures(const api_context& in, bool replace_all) {
  return [&in, replace_all](const request& asked) -> result<response> {
    auto values = read_values(asked, in.now()->engine().values, replace_all);
    if (!values) return tl::unexpected{values.error()};
    auto who = in.author_of(asked);
    if (!who) return tl::unexpected{who.error()};
    auto const done =
        in.service().change(actors::change_settings{std::move(*values), std::move(*who)});
    if (!done) return tl::unexpected{done.error()};
    return json_answer(config_json(*in.now()));
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

void add_config_routes(route_list& routes, const api_context& in) {
  routes.push_back({.method = "GET",
                    .path = "/v1/config",
                    .operation_id = "getConfig",
                    .summary = "The settings in force",
                    .tag = "engine",
                    .answer = {"Config"},
                    .past = true,
                    .handler = answering(shows(in, events::config_json))});
  routes.push_back({.method = "PUT",
                    .path = "/v1/config",
                    .operation_id = "replaceConfig",
                    .summary = "Replace all settings; absent ones become the default",
                    .tag = "engine",
                    .needed = role::admin,
                    .answer = {"Config"},
                    .body = "SettingsChange",
                    .handler = answering(configures(in, true))});
  routes.push_back({.method = "PATCH",
                    .path = "/v1/config",
                    .operation_id = "changeConfig",
                    .summary = "Change some settings",
                    .tag = "engine",
                    .needed = role::admin,
                    .answer = {"Config"},
                    .body = "SettingsChange",
                    .body_types = {"application/merge-patch+json"},
                    .handler = answering(configures(in, false))});
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
  add_config_routes(routes, in);
}

} // namespace apisync::admin
