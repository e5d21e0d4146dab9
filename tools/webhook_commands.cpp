#include "tools/service_command.hpp"
#include "tools/service_commands.hpp"

#include <ostream>

namespace apisync::tools {
namespace {

void add_resend(CLI::App& parent, invocation& call) {
  service_command const resend{parent, call, "resend",
                               "Send events again: those named, or all dead letters"};
  auto const id = std::make_shared<std::string>();
  auto const events = std::make_shared<std::vector<std::uint64_t>>();
  resend.takes("WEBHOOK", id, "The id of the webhook", true)
      .takes("EVENTS", events, "Sequences of events that were told, given up or passed over");
  resend.asks(
      [id, events]() -> result<api_call> {
        auto body = json::object();
        if (!events->empty()) body["events"] = *events;
        return api_call{.method = "POST",
                        .path = path_of({"v1", "webhooks", *id, "resend"}),
                        .body = body.dump(),
                        .content_type = "application/json"};
      },
      [](const json& answer, const invocation& to) {
        to.out << "webhook " << text_of(answer, "id") << ": " << text_of(answer, "redeliveries")
               << " to be sent again, " << text_of(answer, "deadLetters") << " dead letters\n";
      });
}

} // namespace

void add_webhook_commands(CLI::App& app, invocation& call) {
  auto* const webhook =
      app.add_subcommand("webhook", "Who is told of events, and what became of it");
  webhook->require_subcommand(1);

  service_command const list{*webhook, call, "list", "All webhooks and how they stand"};
  list.takes_past();
  list.lists([]() -> result<api_call> { return api_call{.path = "/v1/webhooks"}; },
             {member("WEBHOOK", "id"), mood("STATE", "state"), member("DELIVERED", "delivered"),
              member("DEAD", "deadLetters"), when("LAST SUCCESS", "lastSuccess"),
              when("NEXT ATTEMPT", "nextAttempt"), member("URL", "url")},
             "no webhooks: declare them in the configuration file, under 'webhooks'");

  auto const id = std::make_shared<std::string>();
  service_command const show{*webhook, call, "show", "One webhook, in full"};
  show.takes("WEBHOOK", id, "The id of the webhook", true).takes_past();
  show.asks(
      [id]() -> result<api_call> {
        return api_call{.path = path_of({"v1", "webhooks", *id})};
      },
      print_facts);

  service_command const dead{*webhook, call, "dead", "The events that a receiver did not take"};
  dead.takes("WEBHOOK", id, "The id of the webhook", true).takes_past();
  dead.lists(
      [id]() -> result<api_call> {
        return api_call{.path = path_of({"v1", "webhooks", *id, "dead-letters"})};
      },
      {member("EVENT", "event"), member("TYPE", "type"), member("API", "api"),
       when("GIVEN UP", "time"), member("ATTEMPTS", "attempts"), member("REASON", "reason")},
      "no dead letters");
  add_resend(*webhook, call);
}

} // namespace apisync::tools
