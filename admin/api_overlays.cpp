// Overlays of an API: what lies on its document, and what others would make of it.
#include "actors/overlaid_text.hpp"
#include "admin/api_routes.hpp"
#include "admin/body.hpp"
#include "admin/find_api.hpp"
#include "admin/served_document.hpp"
#include "events/config_entries.hpp"
#include "events/json_object.hpp"
#include "events/judging.hpp"
#include "specs/compat_report.hpp"

namespace apisync::admin {
namespace {

using overlay_list = std::vector<events::overlay_definition>;

result<actors::read_text> read(const api_context& in, const digest& text) {
  return actors::load_text(in.service().documents(), text, "document", actors::stored_bytes_max);
}

events::written_json overlays_json(const overlay_list& overlays) {
  std::string list = "[";
  for (auto const& one : overlays) {
    auto const read = events::read_overlay(one);
    events::json_object out;
    out.member("title", one.title)
        .member("actions", read ? read->actions.size() : 0)
        .member("document", one.document);
    if (list.size() > 1) list += ',';
    list += out.finish().text;
  }
  return {list + "]"};
}

result<response> show(const api_context& in, const request& asked) {
  auto const view = in.view(asked);
  if (!view) return tl::unexpected{view.error()};
  auto const api = find_api(**view, asked.param("id"));
  if (!api) return tl::unexpected{api.error()};
  auto const& overlays = (*api)->definition.overlays;
  std::vector<std::string> warnings;
  if ((*api)->head() != nullptr && !overlays.empty()) {
    auto const merged = read(in, (*api)->merged);
    if (!merged) return tl::unexpected{merged.error()};
    auto laid = actors::lay_overlays(overlays, merged->document);
    if (!laid) return tl::unexpected{laid.error()};
    warnings = std::move(laid->warnings);
  }
  events::json_object out;
  out.member("api", (*api)->definition.id)
      .member("overlays", overlays_json(overlays))
      .member("warnings", warnings);
  return thing_answer(asked, out.finish().text, (*view)->at());
}

result<overlay_list> read_overlays(const request& asked) {
  auto const body = parse_body(asked);
  if (!body) return tl::unexpected{body.error()};
  overlay_list out;
  auto const read = read_members((*body)->root(), [&](events::config_object& object) {
    if (!object.member("overlays")) object.missing("overlays", "those to try");
    out = events::read_overlays(object, {});
  });
  if (!read) return tl::unexpected{read.error()};
  return out;
}

/// What the overlays of the body, in the place of those there are, would make of what is served.
result<response> preview(const api_context& in, const request& asked) {
  auto const now = in.now();
  auto const api = find_api(*now, asked.param("id"));
  if (!api) return tl::unexpected{api.error()};
  auto const overlays = read_overlays(asked);
  if (!overlays) return tl::unexpected{overlays.error()};
  if ((*api)->head() == nullptr)
    return fail(errc::not_found,
                "API '" + (*api)->definition.id + "' has no document yet: sync one of its sources");
  auto const merged = read(in, (*api)->merged);
  if (!merged) return tl::unexpected{merged.error()};
  auto const served = read(in, (*api)->text);
  if (!served) return tl::unexpected{served.error()};
  auto const laid = actors::overlay_text(*overlays, *merged);
  if (!laid) return tl::unexpected{laid.error()};
  constexpr std::size_t date_length = 10;
  auto const how = events::judging((*api)->definition,
                                   events::to_rfc3339(in.options().now()).substr(0, date_length));
  if (!how) return tl::unexpected{how.error()};
  events::json_object out;
  out.member("api", (*api)->definition.id)
      .member("warnings", laid->warnings)
      .member("format", laid->served.format)
      .member("text", *laid->served.bytes)
      .member("difference", events::written_json{specs::to_json(
                                judge(*served->document, *laid->served.document, *how))})
      .member("sequence", now->at());
  return json_answer(out.finish().text);
}

} // namespace

void add_overlay_routes(route_list& routes, const api_context& in) {
  routes.push_back({.method = "GET",
                    .path = "/v1/apis/{id}/overlays",
                    .operation_id = "getOverlays",
                    .summary = "The overlays on an API's document, and what in them finds nothing",
                    .tag = "apis",
                    .answer = {"Overlays"},
                    .past = true,
                    .handler = handled_in_turn(in, show)});
  routes.push_back({.method = "POST",
                    .path = "/v1/apis/{id}/overlays/preview",
                    .operation_id = "previewOverlays",
                    .summary = "What other overlays would make of an API's document",
                    .tag = "apis",
                    .needed = role::read,
                    .answer = {"OverlayPreview"},
                    .body = "OverlayTrial",
                    .safe = true,
                    .handler = handled_in_turn(in, preview)});
}

} // namespace apisync::admin
