#include "admin/api_routes.hpp"
#include "admin/body.hpp"
#include "events/views_json.hpp"

#include <charconv>

namespace apisync::admin {
namespace {

tl::unexpected<error> no_webhook(std::string_view id) {
  return fail(errc::not_found, "there is no webhook '" + std::string{id} + "'");
}

result<response> list(const api_context& in, const request& asked) {
  auto const view = in.view(asked);
  if (!view) return tl::unexpected{view.error()};
  auto const page = parse_page(asked);
  if (!page) return tl::unexpected{page.error()};
  std::vector<list_item> items;
  for (auto const* webhook : (*view)->webhooks(page->after, page->limit + 1))
    items.push_back({webhook->definition.id, webhook_json(*webhook)});
  return list_answer(std::move(items), page->limit, (*view)->at());
}

result<response> show(const api_context& in, const request& asked) {
  auto const view = in.view(asked);
  if (!view) return tl::unexpected{view.error()};
  auto const* webhook = (*view)->webhook(asked.param("id"));
  if (webhook == nullptr) return no_webhook(asked.param("id"));
  return thing_answer(asked, webhook_json(*webhook), (*view)->at());
}

/// Oldest first; the key of each is its event's sequence.
result<response> dead_letters(const api_context& in, const request& asked) {
  auto const view = in.view(asked);
  if (!view) return tl::unexpected{view.error()};
  auto const page = parse_page(asked);
  if (!page) return tl::unexpected{page.error()};
  auto const* webhook = (*view)->webhook(asked.param("id"));
  if (webhook == nullptr) return no_webhook(asked.param("id"));
  events::sequence after = 0;
  std::from_chars(page->after.data(), page->after.data() + page->after.size(), after);
  std::vector<list_item> items;
  for (auto at = webhook->dead.upper_bound(after);
       at != webhook->dead.end() && items.size() <= page->limit; ++at)
    items.push_back({std::to_string(at->first), dead_letter_json(*webhook, *at->second)});
  return list_answer(std::move(items), page->limit, (*view)->at());
}

/// The sequences that the body lists; none for all dead letters.
result<std::vector<events::sequence>> wanted_events(const request& asked) {
  std::vector<events::sequence> out;
  auto const body = parse_body(asked);
  if (!body) return tl::unexpected{body.error()};
  auto const read = read_members((*body)->root(), [&](events::config_object& object) {
    auto const list = object.member("events");
    if (list && !list.is_array())
      return object.report(list, "'events' must be a list of sequences");
    for (auto const item : list) {
      auto const text = item.is(specs::kind::number) ? item.text() : std::string_view{};
      auto& event = out.emplace_back();
      auto const [end, code] = std::from_chars(text.data(), text.data() + text.size(), event);
      if (text.empty() || code != std::errc{} || end != text.data() + text.size())
        object.report(item, "'events' must be a list of sequences, whole numbers from 1");
    }
    if (list && out.empty())
      object.report(list, "'events' is empty; leave it out to send all dead letters again");
  });
  if (!read) return tl::unexpected{read.error()};
  return out;
}

result<response> resend(const api_context& in, const request& asked) {
  auto wanted = wanted_events(asked);
  if (!wanted) return tl::unexpected{wanted.error()};
  std::string const id{asked.param("id")};
  auto const view = carried_out(in, asked, actors::resend_deliveries{id, std::move(*wanted), {}});
  if (!view) return tl::unexpected{view.error()};
  auto const* webhook = (*view)->webhook(id);
  if (webhook == nullptr) return no_webhook(id);
  return json_answer(with_sequence(webhook_json(*webhook), (*view)->at()), 202);
}

} // namespace

void add_webhook_routes(route_list& routes, const api_context& in) {
  routes.push_back({.method = "GET",
                    .path = "/v1/webhooks",
                    .operation_id = "listWebhooks",
                    .summary = "All webhooks and how their deliveries stand",
                    .tag = "webhooks",
                    .answer = {"Webhook", answer_shape::kind::list},
                    .past = true,
                    .handler = handled(in, list)});
  routes.push_back({.method = "GET",
                    .path = "/v1/webhooks/{id}",
                    .operation_id = "getWebhook",
                    .summary = "One webhook",
                    .tag = "webhooks",
                    .answer = {"Webhook"},
                    .past = true,
                    .tagged = true,
                    .handler = handled(in, show)});
  routes.push_back({.method = "GET",
                    .path = "/v1/webhooks/{id}/dead-letters",
                    .operation_id = "listDeadLetters",
                    .summary = "The events that a receiver did not take, oldest first",
                    .tag = "webhooks",
                    .answer = {"DeadLetter", answer_shape::kind::list},
                    .past = true,
                    .handler = handled(in, dead_letters)});
  routes.push_back({.method = "POST",
                    .path = "/v1/webhooks/{id}/resend",
                    .operation_id = "resendDeliveries",
                    .summary = "Send events again: the listed ones, or all dead letters",
                    .tag = "webhooks",
                    .needed = role::operate,
                    .answer = {.schema = "Webhook", .status = 202},
                    .body = "Resend",
                    .handler = handled(in, resend)});
}

} // namespace apisync::admin
