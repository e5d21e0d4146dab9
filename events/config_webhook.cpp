#include "events/config_entries.hpp"
#include "events/duration.hpp"
#include "events/secret_reference.hpp"

#include <algorithm>

namespace apisync::events {

using namespace std::chrono_literals;

namespace {

void read_url(config_object& object, webhook_definition& out) {
  out.url = object.text("url").value_or("");
  const auto at = object.member("url");
  if (!at) object.missing("url", "the address of the receiver, or env:NAME or file:PATH");
  if (!at.is_string() || is_secret_reference(out.url)) return;
  if (!out.url.starts_with("http://") && !out.url.starts_with("https://"))
    return object.report(at, "'url' must be an address that starts with http:// or https://, or "
                             "name where it stands: env:NAME or file:PATH");
  if (has_user(out.url))
    object.report(at, "the address holds a user or password, which would be written into the log; "
                      "name where the whole address stands: env:NAME or file:PATH");
}

void read_secrets(config_object& object, webhook_definition& out) {
  constexpr std::size_t secrets_max = 2; // the present one and its successor
  out.secrets = object.texts("secret").value_or(out.secrets);
  const auto at = object.member("secret");
  if (!at)
    return object.missing("secret", "what deliveries are signed with: env:NAME or file:PATH");
  if (at.is_array() && (out.secrets.empty() || out.secrets.size() > secrets_max))
    object.report(at, "'secret' must be one reference, or two while one replaces the other");
  if (!std::all_of(out.secrets.begin(), out.secrets.end(), is_secret_reference))
    object.report(at, "'secret' would be written into the log as it is; name where it stands: "
                      "env:NAME or file:PATH");
}

std::string listed(std::span<const std::string_view> names) {
  std::string out;
  for (const auto name : names)
    out += (out.empty() ? "" : ", ") + std::string{name};
  return out;
}

void read_events(config_object& object, webhook_definition& out) {
  out.events = object.texts("events").value_or(out.events);
  const auto at = object.member("events");
  const auto known = topics();
  for (const auto& event : out.events) {
    if (std::find(known.begin(), known.end(), event) != known.end()) continue;
    constexpr std::size_t word_max = 64; // longer is no slip of the pen
    const auto word = std::string_view{event}.substr(0, word_max);
    const auto nearest = std::min_element(known.begin(), known.end(), [&](auto a, auto b) {
      return edit_distance(word, a) < edit_distance(word, b);
    });
    const bool near = event.size() <= word_max &&
                      edit_distance(event, *nearest) <= std::max<std::size_t>(event.size() / 3, 1);
    object.report(at, "'" + event + "' is no event that webhooks tell of; " +
                          (near ? "did you mean '" + std::string{*nearest} + "'?"
                                : "there are " + listed(known)));
  }
  if (at.is_array() && out.events.empty())
    object.report(at,
                  "'events' is empty; leave it out for the usual ones, or set 'enabled: false'");
}

void read_filters(config_object& object, webhook_definition& out) {
  out.level = object.choice<change_level>("level");
  out.apis = object.texts("apis").value_or(out.apis);
  out.owners = object.texts("owners").value_or(out.owners);
  for (const auto& api : out.apis)
    if (!valid_id(api)) object.report(object.member("apis"), "'" + api + "' is not an API's id");
  const auto tells = [&](std::string_view type) {
    return std::find(out.events.begin(), out.events.end(), type) != out.events.end();
  };
  if (out.level && !out.events.empty() && !tells("revision_added"))
    object.report(object.member("level"),
                  "'level' is for revision_added, which is not among the events");
}

} // namespace

webhook_definition read_webhook(specs::node from, config_problems& problems) {
  config_object object{from, entry_name("webhook", from), problems};
  webhook_definition out;
  if (!object.good()) return out;
  out.id = object.id("id", "give the webhook a name of its own");
  read_url(object, out);
  read_secrets(object, out);
  read_events(object, out);
  read_filters(object, out);
  out.allow_addresses = object.texts("allowAddresses").value_or(out.allow_addresses);
  out.timeout = object.duration("timeout", 1s, 60s).value_or(out.timeout);
  out.max_retries =
      static_cast<std::uint32_t>(object.integer("maxRetries", 0, 100).value_or(out.max_retries));
  out.enabled = object.boolean("enabled").value_or(out.enabled);
  object.refuse_unknown();
  return out;
}

std::string to_declaration_json(const webhook_definition& webhook) {
  const webhook_definition usual;
  std::string out = "{";
  field_writer write{out};
  write("id", webhook.id);
  write("url", webhook.url);
  write("secret", webhook.secrets);
  write("events", webhook.events);
  write("level", webhook.level);
  write("apis", webhook.apis);
  write("owners", webhook.owners);
  write("allowAddresses", webhook.allow_addresses);
  if (webhook.timeout != usual.timeout) write("timeout", print_duration(webhook.timeout));
  if (webhook.max_retries != usual.max_retries) write("maxRetries", webhook.max_retries);
  if (!webhook.enabled) write("enabled", webhook.enabled);
  return out + "}";
}

} // namespace apisync::events
