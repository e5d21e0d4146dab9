#include "admin/answers.hpp"
#include "admin/api_routes.hpp"
#include "admin/sync_view.hpp"
#include "events/json_object.hpp"
#include "sources/hook_signature.hpp"

namespace apisync::admin {
namespace {

constexpr std::size_t commit_bytes_max = 200;
constexpr std::size_t message_bytes_max = 1'000;

/// A delivery that may be carried out: signed, or of somebody who may operate.
struct allowed {
  const events::source_state* source = nullptr;
  std::optional<sources::hook_delivery> delivery; ///< Where it is signed.
};

result<std::vector<std::string>> secrets_of(const api_context& in, const request& asked,
                                            const events::hook_definition& hook) {
  std::vector<std::string> out;
  for (auto const& reference : hook.secrets) {
    auto secret = in.options().secret
                      ? in.options().secret(reference)
                      : result<std::string>{fail(errc::not_found, "no secrets can be read here")};
    if (secret) {
      out.push_back(std::move(*secret));
      continue;
    }
    // Who may look at the configuration may know; a stranger is told that it is not their fault.
    auto const why = asked.role >= role::read ? ": " + render(secret.error()) : std::string{};
    return fail(errc::unavailable, "the secret of this source's hook cannot be read" + why);
  }
  return out;
}

result<sources::hook_delivery> verify(const api_context& in, const request& asked,
                                      const events::hook_definition& hook) {
  auto const secrets = secrets_of(in, asked, hook);
  if (!secrets) return tl::unexpected{secrets.error()};
  sources::hook_message const message{
      [&asked](std::string_view name) { return asked.headers.get(name); }, asked.body};
  return sources::verify_hook(hook.format, *secrets, message,
                              std::chrono::floor<std::chrono::seconds>(in.options().now()));
}

/// A stranger learns nothing of which sources there are.
result<allowed> allow(const api_context& in, const request& asked, const events::views& now) {
  std::string const id{asked.param("source")};
  auto const* source = now.source(id);
  if (source != nullptr && source->definition.hook) {
    auto delivery = verify(in, asked, *source->definition.hook);
    if (!delivery) return tl::unexpected{delivery.error()};
    return allowed{source, std::move(*delivery)};
  }
  if (asked.role < role::operate)
    return fail(errc::forbidden, "this request needs a signature, or a token of the role operate");
  if (source == nullptr) return fail(errc::not_found, "there is no source '" + id + "'");
  if (source->definition.kind != events::source_kind::push)
    return fail(errc::conflict, "source '" + id +
                                    "' takes no deliveries: declare its 'hook', or order a sync "
                                    "with POST /v1/sources/" +
                                    id + "/sync");
  return allowed{source, std::nullopt};
}

/// Who changes something, with what a repetition is recognised by: the delivery's id, or an
/// `Idempotency-Key` where it is not signed.
result<actors::asked_by> author_of(const api_context& in, const request& asked,
                                   const allowed& what) {
  auto who = in.author_of(asked);
  if (!who || !what.delivery) return who;
  auto const& source = what.source->definition.id;
  who->from.by = "hook:" + source;
  who->command.reset();
  if (!what.delivery->id.empty())
    who->command = storage::command_receipt{
        "hook/" + source + "/" + sha256::of(what.delivery->id).hex(), sha256::of(asked.body), "{}"};
  return who;
}

result<bool> is_repeated(const api_context& in, const actors::asked_by& who) {
  if (!who.command) return false;
  auto const known = in.service().log().find_command(who.command->id);
  if (!known) return tl::unexpected{known.error()};
  return known->has_value();
}

response receipt(const api_context& in, const allowed& what, bool accepted, bool repeated) {
  if (accepted) ++(repeated ? in.hooks().repeated : in.hooks().accepted);
  events::json_object out;
  out.member("source", what.source->definition.id)
      .member("accepted", accepted)
      .member("repeated", repeated)
      .member("sequence", in.now()->at());
  return json_answer(out.finish().text, 202);
}

result<response> trigger(const api_context& in, const request& asked, const allowed& what) {
  if (what.delivery && what.delivery->is_ping()) return receipt(in, what, false, false);
  auto who = author_of(in, asked, what);
  if (!who) return tl::unexpected{who.error()};
  auto const repeated = is_repeated(in, *who);
  if (!repeated) return tl::unexpected{repeated.error()};
  auto const done = in.service().sync({what.source->definition.id, false, std::move(*who)});
  if (!done) return tl::unexpected{done.error()};
  return receipt(in, what, true, *repeated);
}

result<std::string> short_text(const request& asked, std::string_view name, std::size_t most) {
  std::string text{asked.query(name).value_or("")};
  if (text.size() > most)
    return fail(errc::invalid_argument,
                std::string{name} + " is longer than " + std::to_string(most) + " bytes",
                std::string{name});
  return text;
}

/// What was pushed, with its text as it will be stored.
result<actors::push_document> brought(const api_context& in, const request& asked,
                                      const allowed& what, const events::views& now) {
  if (asked.body.empty())
    return fail(errc::invalid_argument, "the body must be the document, and it is empty", "body");
  auto const most = now.engine().values.document_bytes;
  if (asked.body.size() > most)
    return fail(errc::limit_exceeded,
                "the document is longer than " + std::to_string(most) +
                    " bytes (the setting documentBytes)",
                "body");
  auto const commit = short_text(asked, "commit", commit_bytes_max);
  if (!commit) return tl::unexpected{commit.error()};
  auto const message = short_text(asked, "message", message_bytes_max);
  if (!message) return tl::unexpected{message.error()};
  auto const& before = what.source->pushed;
  auto stored = in.service().documents().encode(
      asked.body, before ? std::optional{before->fact.text} : std::nullopt);
  if (!stored) return tl::unexpected{stored.error()};
  actors::push_document out;
  out.id = what.source->definition.id;
  out.brought.text = stored->hash;
  out.brought.bytes = asked.body.size();
  out.brought.commit = *commit;
  out.brought.message = *message;
  if (what.delivery) out.brought.delivery = what.delivery->id;
  out.documents.push_back(std::move(*stored));
  return out;
}

result<response> push(const api_context& in, const request& asked, const allowed& what,
                      const events::views& now) {
  auto order = brought(in, asked, what, now);
  if (!order) return tl::unexpected{order.error()};
  auto who = author_of(in, asked, what);
  if (!who) return tl::unexpected{who.error()};
  auto const from = who->from;
  order->asked = std::move(*who);
  bool const wait = asked.query("wait") == "true";
  if (wait && (what.source->paused || now.engine().mode != events::engine_mode::running))
    return fail(errc::conflict, "source '" + order->id +
                                    "' is not synced now, for it or the engine is paused or "
                                    "stopped; push without wait");
  auto const done = in.service().change(*order);
  if (!done) return tl::unexpected{done.error()};
  if (done->repeated && !wait) return receipt(in, what, true, true);
  auto ended = in.service().sync({order->id, wait, {from, std::nullopt, {}}});
  if (!ended) return tl::unexpected{ended.error()};
  auto answer = receipt(in, what, true, done->repeated);
  if (!wait) return answer;
  ended->source = order->id;
  auto const after = in.now();
  return json_answer(with_sequence(sync_json(*ended, *after), after->at()));
}

result<response> receive(const api_context& in, const request& asked) {
  auto const now = in.now();
  auto const what = allow(in, asked, *now);
  if (!what) {
    if (what.error().code == errc::forbidden) ++in.hooks().refused;
    return tl::unexpected{what.error()};
  }
  return what->source->definition.kind == events::source_kind::push ? push(in, asked, *what, *now)
                                                                    : trigger(in, asked, *what);
}

} // namespace

void add_hook_routes(route_list& routes, const api_context& in) {
  routes.push_back(
      {.method = "POST",
       .path = "/v1/hooks/{source}",
       .operation_id = "receiveHook",
       .summary = "A signed delivery that has a source synced, or brings its document",
       .tag = "sources",
       .needed = role::none,
       .answer = {.schema = "HookReceipt", .status = 202},
       .body = "Document",
       .query = {{"wait", "boolean", "Of a document: answer when it has been taken in."},
                 {"commit", "string", "Of a document: the commit that it is of."},
                 {"message", "string", "Of a document: why, for the history."}},
       .body_types = {"application/yaml", "application/x-yaml", "text/yaml",
                      "application/openapi+json", "application/openapi+yaml",
                      "application/x-www-form-urlencoded"},
       .handler = handled(in, receive)});
}

} // namespace apisync::admin
