#include "admin/api_routes.hpp"
#include "admin/body.hpp"
#include "admin/etag.hpp"
#include "events/history.hpp"
#include "specs/parse.hpp"
#include "specs/print.hpp"
#include "specs/resolve.hpp"

#include <algorithm>

namespace apisync::admin {
namespace {

// -- reading ------------------------------------------------------------------

/// Which states are asked for; empty: all.
result<std::string> wanted_state(const request& asked) {
  std::string const text{asked.query("state").value_or("open")};
  if (text == "all") return std::string{};
  if (text == "open" || text == "resolved" || text == "closed") return text;
  return fail(errc::invalid_argument, "state must be open, resolved, closed or all", "state");
}

/// The first `limit` conflicts after `after` in that state.
std::vector<events::listed_conflict> collect(const events::views& in,
                                             const events::conflict_filter& wanted,
                                             const std::string& state, std::string after,
                                             std::size_t limit) {
  std::vector<events::listed_conflict> out;
  for (;;) {
    auto const page = conflicts(in, wanted, after, limit);
    for (auto const& entry : page)
      if (out.size() < limit && (state.empty() || entry.conflict->state == state))
        out.push_back(entry);
    if (page.size() < limit || out.size() == limit) return out;
    after = conflict_name(page.back().api, *page.back().conflict);
  }
}

result<response> list(const api_context& in, const request& asked) {
  auto const view = in.view(asked);
  if (!view) return tl::unexpected{view.error()};
  auto const page = parse_page(asked);
  if (!page) return tl::unexpected{page.error()};
  auto const state = wanted_state(asked);
  if (!state) return tl::unexpected{state.error()};
  events::conflict_filter const wanted{std::string{asked.query("api").value_or("")},
                                       *state != "open"};
  std::vector<list_item> items;
  for (auto const& entry : collect(**view, wanted, *state, page->after, page->limit + 1))
    items.push_back(
        {conflict_name(entry.api, *entry.conflict), conflict_json(entry.api, *entry.conflict)});
  return list_answer(std::move(items), page->limit, (*view)->at());
}

result<events::listed_conflict> find(const events::views& in, std::string_view name) {
  auto found = find_conflict(in, name);
  if (!found)
    return fail(errc::not_found, "there is no conflict '" + std::string{name} +
                                     "'; /v1/conflicts?state=all lists them");
  return std::move(*found);
}

/// The value at the conflict's place in one of the documents that disagree.
result<std::optional<events::raw_json>> load_value(const storage::document_store& documents,
                                                   const std::optional<digest>& text,
                                                   const std::string& identity) {
  if (!text) return std::nullopt;
  auto const bytes = documents.load(*text);
  if (!bytes) return tl::unexpected{bytes.error()};
  specs::parse_options how;
  how.max_bytes = std::max(how.max_bytes, bytes->size()); // within the limits of its time
  how.repeated = specs::repeated_names::keep_last;
  auto const parsed = specs::parse(*bytes, how);
  if (!parsed) return tl::unexpected{parsed.error()};
  auto const value = specs::find_identity(*parsed->document, identity);
  if (!value) return std::nullopt;
  return events::raw_json{specs::to_json(value)};
}

/// The conflict with the values that were too long for its event, read from the documents.
result<events::conflict_state> with_values(const storage::document_store& documents,
                                           events::conflict_state conflict) {
  auto& detail = conflict.detail;
  for (auto const& name : std::exchange(detail.oversized, {})) {
    auto& value = name == "base"      ? detail.base
                  : name == "current" ? detail.current
                                      : detail.incoming;
    auto const& text = name == "base"      ? detail.base_document
                       : name == "current" ? detail.current_document
                                           : detail.incoming_document;
    auto loaded = load_value(documents, text, detail.path);
    if (!loaded) return tl::unexpected{loaded.error()};
    value = std::move(*loaded);
  }
  return conflict;
}

result<response> conflict_answer(const api_context& in, const request& asked,
                                 const events::views& view) {
  auto const found = find(view, asked.param("id"));
  if (!found) return tl::unexpected{found.error()};
  auto const whole = with_values(in.service().documents(), *found->conflict);
  if (!whole) return tl::unexpected{whole.error()};
  return thing_answer(asked, conflict_json(found->api, *whole), view.at());
}

result<response> show(const api_context& in, const request& asked) {
  auto const view = in.view(asked);
  if (!view) return tl::unexpected{view.error()};
  return conflict_answer(in, asked, **view);
}

// -- deciding -----------------------------------------------------------------

result<void> read_choice(const request& asked, actors::resolve_conflicts& order) {
  auto const body = parse_body(asked);
  if (!body) return tl::unexpected{body.error()};
  auto const value = (*body)->root().find("value");
  auto const read = read_members((*body)->root(), [&](events::config_object& object) {
    if (!object.member("choice"))
      object.missing("choice", "one of current, incoming, base, proposal and value");
    order.choice = object.text("choice").value_or("");
    order.reason = object.text("reason").value_or("");
    object.member("value");
  });
  if (!read) return tl::unexpected{read.error()};
  for (auto const* known : {"current", "incoming", "base", "proposal", "value"}) {
    if (order.choice != known) continue;
    bool const needs_value = order.choice == "value";
    if (needs_value == bool{value}) {
      if (needs_value) order.value = specs::to_json(value);
      return {};
    }
    return fail(errc::invalid_argument,
                needs_value ? "the choice value needs the 'value' that is to stand there"
                            : "'value' goes with the choice value only",
                "/value");
  }
  return fail(errc::invalid_argument,
              "'choice' must be current, incoming, base, proposal or value, not '" + order.choice +
                  "'",
              "/choice");
}

/// The tag that a reader of the conflict has got.
result<std::string> etag_of(const api_context& in, const events::listed_conflict& conflict) {
  auto const whole = with_values(in.service().documents(), *conflict.conflict);
  if (!whole) return tl::unexpected{whole.error()};
  return thing_etag(conflict_json(conflict.api, *whole));
}

result<response> resolve(const api_context& in, const request& asked) {
  actors::resolve_conflicts order;
  if (auto const read = read_choice(asked, order); !read) return tl::unexpected{read.error()};
  auto const found = find(*in.now(), asked.param("id"));
  if (!found) return tl::unexpected{found.error()};
  if (asked.headers.has("If-Match")) {
    auto const etag = etag_of(in, *found);
    if (!etag) return tl::unexpected{etag.error()};
    if (auto const refused = check_preconditions(asked, *etag))
      return to_response(*refused, asked.target.path);
    order.was = found->conflict->detail;
  }
  auto who = in.author_of(asked);
  if (!who) return tl::unexpected{who.error()};
  auto const& conflict = *found->conflict;
  if (conflict.state != "open" && !who->command) // under a key, the service knows whether it did it
    return fail(errc::conflict, "the conflict is " + conflict.state + " already" +
                                    (conflict.by.empty() ? "" : ", by " + conflict.by));
  order.api = found->api;
  order.ids = {conflict.detail.id};
  order.asked = std::move(*who);
  auto const done = in.service().change(order);
  if (!done) return overtaken(asked, done.error());
  auto const view = in.after(*done);
  if (!view) return tl::unexpected{view.error()};
  return conflict_answer(in, asked, **view);
}

} // namespace

void add_conflict_routes(route_list& routes, const api_context& in) {
  routes.push_back({.method = "GET",
                    .path = "/v1/conflicts",
                    .operation_id = "listConflicts",
                    .summary = "Where sources and people disagree",
                    .tag = "conflicts",
                    .answer = {"Conflict", answer_shape::kind::list},
                    .past = true,
                    .query = {{"api", "string", "Only those of this API."},
                              {"state", "string", "open (the default), resolved, closed or all."}},
                    .handler = handled(in, list)});
  routes.push_back({.method = "GET",
                    .path = "/v1/conflicts/{id}",
                    .operation_id = "getConflict",
                    .summary = "One conflict with its values",
                    .tag = "conflicts",
                    .answer = {"Conflict"},
                    .past = true,
                    .tagged = true,
                    .handler = handled(in, show)});
  routes.push_back({.method = "POST",
                    .path = "/v1/conflicts/{id}/resolve",
                    .operation_id = "resolveConflict",
                    .summary = "Decide what stands at the place of a conflict",
                    .tag = "conflicts",
                    .needed = role::operate,
                    .answer = {"Conflict"},
                    .body = "Resolution",
                    .tagged = true,
                    .handler = handled(in, resolve)});
}

} // namespace apisync::admin
