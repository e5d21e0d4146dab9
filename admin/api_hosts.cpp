#include "admin/answers.hpp"
#include "admin/api_routes.hpp"
#include "events/hosts.hpp"
#include "events/json_object.hpp"

#include <algorithm>

namespace apisync::admin {
namespace {

result<events::host_row> find(const events::views& in, std::string_view name) {
  auto found = events::find_host(in, name);
  if (!found)
    return fail(errc::not_found, "there is no source on a host '" + std::string{name} + "'");
  return std::move(*found);
}

result<response> list(const api_context& in, const request& asked) {
  auto const view = in.view(asked);
  if (!view) return tl::unexpected{view.error()};
  auto const page = parse_page(asked);
  if (!page) return tl::unexpected{page.error()};
  std::vector<list_item> items;
  for (auto const& host : events::hosts(**view)) {
    if (host.name <= page->after) continue;
    if (items.size() > page->limit) break;
    items.push_back({host.name, host_json(host)});
  }
  return list_answer(std::move(items), page->limit, (*view)->at());
}

/// What is recorded of a host, and, but for looks at the past, how busy it is at this moment.
result<response> show(const api_context& in, const request& asked) {
  auto const view = in.view(asked);
  if (!view) return tl::unexpected{view.error()};
  auto const host = find(**view, asked.param("host"));
  if (!host) return tl::unexpected{host.error()};
  if (asked.query("at")) return json_answer(with_sequence(host_json(*host), (*view)->at()));
  auto const load = in.service().load_of(host->name);
  if (!load) return tl::unexpected{load.error()};
  events::json_object busy;
  busy.member("running", load->running)
      .member("waiting", load->waiting)
      .member("requests", load->requests);
  auto json = host_json(*host);
  json.pop_back();
  json += ",\"load\":" + busy.finish().text + "}";
  return json_answer(with_sequence(json, (*view)->at()));
}

result<response> set_pause(const api_context& in, const request& asked, bool paused) {
  auto const known = find(*in.now(), asked.param("host"));
  if (!known) return tl::unexpected{known.error()};
  auto const view = carried_out(in, asked, actors::pause_host{known->name, paused, {}});
  if (!view) return tl::unexpected{view.error()};
  auto const host = find(**view, known->name);
  if (!host) return tl::unexpected{host.error()};
  return json_answer(with_sequence(host_json(*host), (*view)->at()));
}

result<response> pause(const api_context& in, const request& asked) {
  return set_pause(in, asked, true);
}

result<response> resume(const api_context& in, const request& asked) {
  return set_pause(in, asked, false);
}

} // namespace

void add_host_routes(route_list& routes, const api_context& in) {
  routes.push_back({.method = "GET",
                    .path = "/v1/hosts",
                    .operation_id = "listHosts",
                    .summary = "The hosts that sources are found on, and how they are",
                    .tag = "hosts",
                    .answer = {"Host", answer_shape::kind::list},
                    .past = true,
                    .handler = handled(in, list)});
  routes.push_back({.method = "GET",
                    .path = "/v1/hosts/{host}",
                    .operation_id = "getHost",
                    .summary = "One host, and how busy it is now",
                    .tag = "hosts",
                    .answer = {"Host"},
                    .past = true,
                    .handler = handled(in, show)});
  routes.push_back({.method = "POST",
                    .path = "/v1/hosts/{host}/pause",
                    .operation_id = "pauseHost",
                    .summary = "Start no more syncs of the sources on a host",
                    .tag = "hosts",
                    .needed = role::operate,
                    .answer = {"Host"},
                    .handler = handled(in, pause)});
  routes.push_back({.method = "POST",
                    .path = "/v1/hosts/{host}/resume",
                    .operation_id = "resumeHost",
                    .summary = "Sync the sources on a paused host again",
                    .tag = "hosts",
                    .needed = role::operate,
                    .answer = {"Host"},
                    .handler = handled(in, resume)});
}

} // namespace apisync::admin
