#include "admin/api_routes.hpp"
#include "admin/body.hpp"
#include "admin/conflict_view.hpp"
#include "admin/etag.hpp"
#include "admin/find_api.hpp"
#include "admin/served_document.hpp"
#include "events/history.hpp"
#include "events/json_object.hpp"
#include "events/rule_match.hpp"
#include "specs/print.hpp"
#include "specs/resolve.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <map>

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

/// Which conflicts are meant; empty: any.
struct conflict_choice {
  std::string api, source, pointer, kind;
  std::string state = "open";

  [[nodiscard]] bool fits(const events::conflict_state& conflict) const {
    auto const& detail = conflict.detail;
    return (state.empty() || conflict.state == state) &&
           (source.empty() || detail.source == source) && (kind.empty() || detail.kind == kind) &&
           (pointer.empty() || events::pointer_matches(pointer, detail.pointer) ||
            events::pointer_matches(pointer, detail.path));
  }
};

/// The first `limit` conflicts after `after` that are meant.
std::vector<events::listed_conflict> collect(const events::views& in, const conflict_choice& meant,
                                             std::string after, std::size_t limit) {
  events::conflict_filter const wanted{meant.api, meant.state != "open"};
  std::vector<events::listed_conflict> out;
  for (;;) {
    auto const page = conflicts(in, wanted, after, limit);
    for (auto const& entry : page)
      if (out.size() < limit && meant.fits(*entry.conflict)) out.push_back(entry);
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
  auto const text = [&](std::string_view name) {
    return std::string{asked.query(name).value_or("")};
  };
  conflict_choice const meant{text("api"), text("source"), text("pointer"), text("kind"), *state};
  std::vector<list_item> items;
  for (auto const& entry : collect(**view, meant, page->after, page->limit + 1))
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
  auto const stored = read_stored(documents, *text, "document");
  if (!stored) return tl::unexpected{stored.error()};
  auto const value = specs::find_identity(*stored->read.document, identity);
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

result<response> context(const api_context& in, const request& asked) {
  auto const view = in.view(asked);
  if (!view) return tl::unexpected{view.error()};
  auto const found = find(**view, asked.param("id"));
  if (!found) return tl::unexpected{found.error()};
  auto const api = find_api(**view, found->api);
  if (!api) return tl::unexpected{api.error()};
  auto const today = events::to_rfc3339(in.options().now()).substr(0, 10);
  auto const json = conflict_context_json(**api, *found->conflict, in.service().documents(), today);
  if (!json) return tl::unexpected{json.error()};
  return thing_answer(asked, *json, (*view)->at());
}

result<response> preview(const api_context& in, const request& asked) {
  auto const view = in.view(asked);
  if (!view) return tl::unexpected{view.error()};
  auto const found = find(**view, asked.param("id"));
  if (!found) return tl::unexpected{found.error()};
  auto const api = find_api(**view, found->api);
  if (!api) return tl::unexpected{api.error()};
  auto const value = asked.query("value");
  auto const made = preview_choice(**api, *found->conflict, in.service().documents(),
                                   std::string{asked.query("choice").value_or("incoming")},
                                   value ? std::optional{std::string{*value}} : std::nullopt);
  if (!made) return tl::unexpected{made.error()};
  events::json_object out;
  out.member("format", made->format).member("text", made->text);
  return thing_answer(asked, out.finish().text, (*view)->at());
}

// -- deciding -----------------------------------------------------------------

constexpr auto choices = "current, incoming, base, proposal, value or review";

/// What the body of a decision says, apart from whose it is.
struct decision_body {
  std::string choice, reason;
  std::optional<std::string> value;
  bool always = false;
  conflict_choice meant; ///< For many at once.
};

result<void> check_choice(const decision_body& body) {
  constexpr std::array known{"current", "incoming", "base", "proposal", "value", "review"};
  if (std::find(known.begin(), known.end(), body.choice) == known.end())
    return fail(errc::invalid_argument,
                std::string{"'choice' must be "} + choices + ", not '" + body.choice + "'",
                "/choice");
  if ((body.choice == "value") == body.value.has_value()) return {};
  return fail(errc::invalid_argument,
              body.value ? "'value' goes with the choice value only"
                         : "the choice value needs the 'value' that is to stand there",
              "/value");
}

/// @param many whether the body says which conflicts are meant
result<decision_body> read_decision(const request& asked, bool many) {
  auto const body = parse_body(asked);
  if (!body) return tl::unexpected{body.error()};
  decision_body out;
  auto const read = read_members((*body)->root(), [&](events::config_object& object) {
    if (!object.member("choice")) object.missing("choice", std::string{"one of "} + choices);
    out.choice = object.text("choice").value_or("");
    out.reason = object.text("reason").value_or("");
    if (auto const value = object.member("value")) out.value = specs::to_json(value);
    if (!many) {
      out.always = object.boolean("always").value_or(false);
      return;
    }
    out.meant.api = object.text("api").value_or("");
    out.meant.source = object.text("source").value_or("");
    out.meant.pointer = object.text("pointer").value_or("");
    out.meant.kind = object.text("kind").value_or("");
  });
  if (!read) return tl::unexpected{read.error()};
  if (auto const good = check_choice(out); !good) return tl::unexpected{good.error()};
  return out;
}

/// The tag that a reader of the conflict has got.
result<std::string> etag_of(const api_context& in, const events::listed_conflict& conflict) {
  auto const whole = with_values(in.service().documents(), *conflict.conflict);
  if (!whole) return tl::unexpected{whole.error()};
  return thing_etag(conflict_json(conflict.api, *whole));
}

result<response> resolve(const api_context& in, const request& asked) {
  auto body = read_decision(asked, false);
  if (!body) return tl::unexpected{body.error()};
  actors::resolve_conflicts order;
  order.choice = std::move(body->choice);
  order.value = std::move(body->value);
  order.reason = std::move(body->reason);
  order.always = body->always;
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

/// The names of the conflicts of an API that were decided last, in one step.
void add_decided_last(const events::views& in, const std::string& api,
                      std::vector<std::string>& names) {
  std::optional<events::timestamp> last;
  auto const ended = conflicts(in, {api, true}, {}, std::numeric_limits<std::size_t>::max());
  for (auto const& entry : ended)
    if (entry.conflict->ended && (!last || *last < *entry.conflict->ended))
      last = entry.conflict->ended;
  for (auto const& entry : ended)
    if (last && entry.conflict->ended == last) names.push_back(conflict_name(api, *entry.conflict));
}

/// Decides all open conflicts that are meant, those of one API in one step.
result<response> resolve_many(const api_context& in, const request& asked) {
  constexpr std::size_t at_once = 1000;
  auto const body = read_decision(asked, true);
  if (!body) return tl::unexpected{body.error()};
  std::map<std::string, std::vector<std::string>> ids;
  for (auto const& entry : collect(*in.now(), body->meant, {}, at_once))
    ids[entry.api].push_back(entry.conflict->detail.id);
  if (asked.headers.has("Idempotency-Key")) {
    if (body->meant.api.empty())
      return fail(errc::invalid_argument, "an Idempotency-Key covers one API: name it with 'api'",
                  "/api");
    ids.try_emplace(body->meant.api); // the service knows whether it was done
  }
  std::vector<std::string> names;
  auto view = in.now();
  for (auto& [api, of_api] : ids) {
    auto who = in.author_of(asked);
    if (!who) return tl::unexpected{who.error()};
    actors::resolve_conflicts order;
    order.api = api;
    order.ids = of_api;
    order.choice = body->choice;
    order.value = body->value;
    order.reason = body->reason;
    order.asked = std::move(*who);
    auto const done = in.service().change(order);
    if (!done) return tl::unexpected{done.error()};
    auto after = in.after(*done);
    if (!after) return tl::unexpected{after.error()};
    view = std::move(*after);
    if (!of_api.empty() || done->repeated) add_decided_last(*view, api, names);
  }
  events::json_object out;
  out.member("resolved", names);
  return thing_answer(asked, out.finish().text, view->at());
}

result<response> undo(const api_context& in, const request& asked) {
  auto const body = parse_body(asked);
  if (!body) return tl::unexpected{body.error()};
  actors::undo_resolutions order;
  auto const read = read_members((*body)->root(), [&](events::config_object& object) {
    order.reason = object.text("reason").value_or("");
  });
  if (!read) return tl::unexpected{read.error()};
  auto const found = find(*in.now(), asked.param("id"));
  if (!found) return tl::unexpected{found.error()};
  order.api = found->api;
  order.ids = {found->conflict->detail.id};
  auto const view = carried_out(in, asked, std::move(order));
  if (!view) return tl::unexpected{view.error()};
  return conflict_answer(in, asked, **view);
}

// -- rules --------------------------------------------------------------------

result<response> rules_answer(const request& asked, const events::views& view) {
  auto const api = find_api(view, asked.param("id"));
  if (!api) return tl::unexpected{api.error()};
  events::json_object out;
  out.member("declared", (*api)->definition.rules).member("learned", (*api)->learned);
  return thing_answer(asked, out.finish().text, view.at());
}

result<response> rules(const api_context& in, const request& asked) {
  auto const view = in.view(asked);
  if (!view) return tl::unexpected{view.error()};
  return rules_answer(asked, **view);
}

result<response> forget(const api_context& in, const request& asked) {
  actors::forget_rule order;
  std::string const index{asked.param("index")};
  if (index.empty() || index.size() > 6 ||
      index.find_first_not_of("0123456789") != std::string::npos)
    return fail(errc::invalid_argument, "a learned rule is named by its number, from 0", "index");
  order.api = asked.param("id");
  order.index = std::stoul(index);
  auto const view = carried_out(in, asked, std::move(order));
  if (!view) return tl::unexpected{view.error()};
  return rules_answer(asked, **view);
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
                              {"source", "string", "Only those with this source."},
                              {"pointer", "string",
                               "Only those at places that match this pattern, such as /paths/**."},
                              {"kind", "string", "Only those of this kind, such as edit/edit."},
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
  routes.push_back({.method = "GET",
                    .path = "/v1/conflicts/{id}/context",
                    .operation_id = "getConflictContext",
                    .summary = "What lies around a conflict, who made either side, and what each "
                               "choice would change",
                    .tag = "conflicts",
                    .answer = {"ConflictContext"},
                    .past = true,
                    .handler = handled_in_turn(in, context)});
  routes.push_back(
      {.method = "GET",
       .path = "/v1/conflicts/{id}/preview",
       .operation_id = "previewConflict",
       .summary = "The document that a choice would make",
       .tag = "conflicts",
       .answer = {"ConflictPreview"},
       .past = true,
       .query = {{"choice", "string", "current, incoming (the default), base or value."},
                 {"value", "string", "For the choice value: JSON."}},
       .handler = handled_in_turn(in, preview)});
  routes.push_back({.method = "POST",
                    .path = "/v1/conflicts/resolve",
                    .operation_id = "resolveConflicts",
                    .summary = "Decide all open conflicts that a filter means",
                    .tag = "conflicts",
                    .needed = role::operate,
                    .answer = {"ResolvedConflicts"},
                    .body = "ManyResolutions",
                    .handler = handled(in, resolve_many)});
  routes.push_back({.method = "POST",
                    .path = "/v1/conflicts/{id}/undo",
                    .operation_id = "undoConflict",
                    .summary = "Take a decision back: the conflict is open again",
                    .tag = "conflicts",
                    .needed = role::operate,
                    .answer = {"Conflict"},
                    .body = "Undo",
                    .handler = handled(in, undo)});
  routes.push_back({.method = "GET",
                    .path = "/v1/apis/{id}/rules",
                    .operation_id = "listRules",
                    .summary = "The rules that decide an API's conflicts, in order",
                    .tag = "conflicts",
                    .answer = {"Rules"},
                    .past = true,
                    .handler = handled(in, rules)});
  routes.push_back({.method = "DELETE",
                    .path = "/v1/apis/{id}/rules/{index}",
                    .operation_id = "forgetRule",
                    .summary = "Drop a rule that was made of a decision",
                    .tag = "conflicts",
                    .needed = role::operate,
                    .answer = {"Rules"},
                    .handler = handled(in, forget)});
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
