#include "admin/answers.hpp"
#include "admin/api_routes.hpp"
#include "admin/body.hpp"
#include "admin/etag.hpp"
#include "events/config_plan.hpp"
#include "events/status.hpp"

namespace apisync::admin {
namespace {

using values_map = std::map<std::string, events::raw_json>;

/// What tells one state of the settings from another: all of the answer but the sequence.
std::string config_etag(const events::views& in) {
  return thing_etag(events::to_json(in.engine().values) + in.config_file() +
                    in.engine().config_hash.value_or(digest{}).hex());
}

response config_answer(const events::views& in) {
  auto answer = json_answer(config_json(in));
  answer.headers.set("ETag", config_etag(in));
  return answer;
}

result<response> show_config(const api_context& in, const request& asked) {
  auto const view = in.view(asked);
  if (!view) return tl::unexpected{view.error()};
  if (auto same = not_modified(asked, config_etag(**view)))
    return with_sequence_field(std::move(*same), (*view)->at());
  return config_answer(**view);
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
    auto const now = in.now();
    if (auto const refused = check_preconditions(asked, config_etag(*now)))
      return to_response(*refused, asked.target.path);
    auto values = read_values(asked, now->engine().values, replace_all);
    if (!values) return tl::unexpected{values.error()};
    auto who = in.author_of(asked);
    if (!who) return tl::unexpected{who.error()};
    actors::change_settings order{std::move(*values), std::move(*who)};
    if (asked.headers.has("If-Match")) order.was = now->engine().values;
    auto const done = in.service().change(order);
    if (!done) return overtaken(asked, done.error());
    return config_answer(*in.now());
  };
}

/// What a file would change here, for `config plan`. Problems with the file itself are told as for
/// any other body, at their lines.
result<response> plan_config(const api_context& in, const request& asked) {
  std::string const name{asked.query("name").value_or(body_name)};
  auto const next = events::read_config(asked.body, name);
  if (!next) return tl::unexpected{events::combined(next.error())};
  auto const now = in.now();
  return json_answer(
      with_sequence(events::plan_json(now->declared(), *next, in.options().file.get()), now->at()));
}

} // namespace

void add_config_routes(route_list& routes, const api_context& in) {
  routes.push_back({.method = "GET",
                    .path = "/v1/config",
                    .operation_id = "getConfig",
                    .summary = "The settings in force",
                    .tag = "engine",
                    .answer = {"Config"},
                    .past = true,
                    .tagged = true,
                    .handler = handled(in, show_config)});
  routes.push_back({.method = "PUT",
                    .path = "/v1/config",
                    .operation_id = "replaceConfig",
                    .summary = "Replace all settings; absent ones become the default",
                    .tag = "engine",
                    .needed = role::admin,
                    .answer = {"Config"},
                    .body = "SettingsChange",
                    .tagged = true,
                    .handler = answering(configures(in, true))});
  routes.push_back({.method = "PATCH",
                    .path = "/v1/config",
                    .operation_id = "changeConfig",
                    .summary = "Change some settings",
                    .tag = "engine",
                    .needed = role::admin,
                    .answer = {"Config"},
                    .body = "SettingsChange",
                    .tagged = true,
                    .body_types = {"application/merge-patch+json"},
                    .handler = answering(configures(in, false))});
  routes.push_back({.method = "POST",
                    .path = "/v1/config/plan",
                    .operation_id = "planConfig",
                    .summary = "What applying a configuration file would change; changes nothing",
                    .tag = "engine",
                    .answer = {"ConfigPlan"},
                    .body = "ConfigFile",
                    .query = {{"name", "string", "What messages call the file."}},
                    .body_types = {"application/yaml", "application/x-yaml", "text/yaml"},
                    .safe = true,
                    .handler = handled(in, plan_config)});
}

} // namespace apisync::admin
