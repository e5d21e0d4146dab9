#include "tools/conflict_dialog.hpp"
#include "tools/conflict_text.hpp"
#include "tools/service_command.hpp"
#include "tools/service_commands.hpp"

#include <array>
#include <initializer_list>
#include <ostream>
#include <utility>

namespace apisync::tools {
namespace {

/// Which conflicts are meant.
struct conflict_filter {
  std::string api, source, pointer, kind;

  void add_to(CLI::App& app) {
    app.add_option("--api", api, "Only those of this API");
    app.add_option("--source", source, "Only those with this source");
    app.add_option("--pointer", pointer, "Only those at places like this: /paths/**");
    app.add_option("--kind", kind, "Only those of this kind: edit/edit, edit/delete, …");
  }

  [[nodiscard]] admin::name_values query() const {
    admin::name_values made;
    for (auto const& [name, value] : members())
      if (!value->empty()) made.emplace_back(name, *value);
    return made;
  }

  void write_to(json& body) const {
    for (auto const& [name, value] : members())
      if (!value->empty()) body[name] = *value;
  }

private:
  [[nodiscard]] std::array<std::pair<const char*, const std::string*>, 4> members() const {
    return {{{"api", &api}, {"source", &source}, {"pointer", &pointer}, {"kind", &kind}}};
  }
};

struct resolve_options {
  std::vector<std::string> ids;
  std::string take, value, reason;
  bool interactive = false, all = false, always = false;
  conflict_filter meant;
};

api_call post(std::initializer_list<std::string_view> path, const json& body) {
  return {.method = "POST",
          .path = path_of(path),
          .body = body.dump(),
          .content_type = "application/json"};
}

result<json> body_of(const resolve_options& given) {
  if (given.take.empty() == given.value.empty())
    return tl::unexpected(wrong_call("say what holds with --take "
                                     "current|incoming|base|proposal|review or "
                                     "with --value JSON"));
  json body{{"choice", given.take.empty() ? "value" : given.take}};
  if (!given.value.empty()) {
    auto value = json::parse(given.value, nullptr, false);
    if (value.is_discarded())
      return tl::unexpected(wrong_call("--value is not JSON; a text needs its quotes: '\"text\"'"));
    body["value"] = std::move(value);
  }
  if (!given.reason.empty()) body["reason"] = given.reason;
  if (given.always) body["always"] = true;
  return body;
}

exit_status resolve_all(const client& service, const invocation& call, const resolve_options& given,
                        json body, bool as_json) {
  if (!given.ids.empty() || given.always)
    return call.report(wrong_call("--all goes with a filter, not with ids or --always"));
  given.meant.write_to(body);
  auto const answer = service.send(post({"v1", "conflicts", "resolve"}, body));
  if (!answer) return call.report(answer.error());
  if (as_json) {
    call.out << answer->body << '\n';
    return exit_status::good;
  }
  auto const parsed = json::parse(answer->body, nullptr, false);
  auto const count =
      parsed.is_object() ? parsed.value("resolved", json::array()).size() : std::size_t{0};
  call.out << count << (count == 1 ? " conflict" : " conflicts") << " resolved\n";
  return exit_status::good;
}

exit_status resolve_each(const client& service, const invocation& call,
                         const resolve_options& given, bool as_json) {
  auto const body = body_of(given);
  if (!body) return call.report(body.error());
  if (given.all) return resolve_all(service, call, given, *body, as_json);
  if (given.ids.empty())
    return call.report(
        wrong_call("name the conflicts to resolve: `apisync conflict list` has their "
                   "ids; or those that a filter means with --all, or one after the other with -i"));
  auto status = exit_status::good;
  for (auto const& id : given.ids) {
    auto const answer = service.send(post({"v1", "conflicts", id, "resolve"}, *body));
    if (!answer)
      status = call.report(answer.error());
    else if (as_json)
      call.out << answer->body << '\n';
    else
      call.out << "conflict " << printable(id) << " resolved\n";
  }
  return status;
}

void add_resolve(CLI::App& parent, invocation& call) {
  service_command const resolve{parent, call, "resolve", "Decide conflicts"};
  auto const given = std::make_shared<resolve_options>();
  auto& app = resolve.app();
  app.add_option("ID", given->ids, "The conflicts to resolve");
  app.add_option(
         "--take", given->take,
         "current, incoming or base; proposal: what a model proposed; review for a question "
         "about many places")
      ->check(CLI::IsMember({"current", "incoming", "base", "proposal", "review"}));
  app.add_option("--value", given->value, "What holds instead, as JSON");
  app.add_option("--reason", given->reason, "Why, for the log");
  app.add_flag("--always", given->always, "Make a rule of it, for these places");
  app.add_flag("--all", given->all, "All open conflicts that the filter means");
  app.add_flag("-i,--interactive", given->interactive, "Ask about each open conflict");
  given->meant.add_to(app);
  resolve.runs([given, &call](const client& service, bool as_json) {
    return given->interactive ? resolve_interactively(service, call, given->meant.query())
                              : resolve_each(service, call, *given, as_json);
  });
}

void add_list(CLI::App& parent, invocation& call) {
  service_command const list{parent, call, "list", "Conflicts that wait for a decision"};
  auto const meant = std::make_shared<conflict_filter>();
  auto const state = std::make_shared<std::string>();
  meant->add_to(list.app());
  list.takes("--state", state, "open (the default), resolved, closed or all").takes_past();
  list.lists(
      [meant, state]() -> result<api_call> {
        api_call asked{.path = "/v1/conflicts", .query = meant->query()};
        if (!state->empty()) asked.query.emplace_back("state", *state);
        return asked;
      },
      {member("CONFLICT", "id"), member("API", "api"), member("SOURCE", "source"),
       member("KIND", "kind"), mood("STATE", "state"), when("OPENED", "opened"),
       member("AT", "pointer")},
      "no open conflicts");
}

void add_show(CLI::App& parent, invocation& call) {
  service_command const show{parent, call, "show",
                             "One conflict: its values, who made them, what a choice changes"};
  auto const id = std::make_shared<std::string>();
  auto const at = std::make_shared<std::string>();
  show.takes("ID", id, "The id of the conflict", true)
      .takes("--at", at, "As it was: a sequence of the log, or a time");
  show.runs([id, at, &call](const client& service, bool as_json) {
    admin::name_values past;
    if (!at->empty()) past.emplace_back("at", *at);
    auto const whole = service.send({.path = path_of({"v1", "conflicts", *id}), .query = past});
    if (!whole) return call.report(whole.error());
    auto conflict = json::parse(whole->body, nullptr, false);
    if (!conflict.is_object()) return call.report(wrong_call("the service's answer is no JSON"));
    auto const more =
        service.send({.path = path_of({"v1", "conflicts", *id, "context"}), .query = past});
    auto const context = more ? json::parse(more->body, nullptr, false) : json{};
    if (as_json) {
      if (context.is_object()) conflict["context"] = context;
      call.out << conflict.dump() << '\n';
      return exit_status::good;
    }
    print_conflict(conflict, call);
    if (!more) return call.report(more.error());
    if (context.is_object() && text_of(conflict, "state") == "open") print_context(context, call);
    return exit_status::good;
  });
}

void add_undo(CLI::App& parent, invocation& call) {
  service_command const undo{parent, call, "undo", "Take a decision back"};
  auto const id = std::make_shared<std::string>();
  auto const reason = std::make_shared<std::string>();
  undo.takes("ID", id, "The id of the conflict", true)
      .takes("--reason", reason, "Why, for the log");
  undo.asks(
      [id, reason]() -> result<api_call> {
        json body = json::object();
        if (!reason->empty()) body["reason"] = *reason;
        return post({"v1", "conflicts", *id, "undo"}, body);
      },
      print_conflict);
}

void add_preview(CLI::App& parent, invocation& call) {
  service_command const preview{parent, call, "preview", "The document that a choice would make"};
  auto const id = std::make_shared<std::string>();
  auto const take = std::make_shared<std::string>();
  auto const value = std::make_shared<std::string>();
  preview.takes("ID", id, "The id of the conflict", true)
      .takes("--take", take, "current, incoming or base")
      .takes("--value", value, "A value of your own, as JSON");
  preview.asks(
      [id, take, value]() -> result<api_call> {
        if (take->empty() == value->empty())
          return tl::unexpected(wrong_call("say what is looked at with --take or --value"));
        api_call asked{.path = path_of({"v1", "conflicts", *id, "preview"})};
        asked.query.emplace_back("choice", take->empty() ? "value" : *take);
        if (!value->empty()) asked.query.emplace_back("value", *value);
        return asked;
      },
      [](const json& answer, const invocation& to) { to.out << text_of(answer, "text"); });
}

} // namespace

void add_conflict_commands(CLI::App& app, invocation& call) {
  auto* const conflict = app.add_subcommand("conflict", "Where sources and people disagree");
  conflict->require_subcommand(1);
  add_list(*conflict, call);
  add_show(*conflict, call);
  add_preview(*conflict, call);
  add_resolve(*conflict, call);
  add_undo(*conflict, call);
}

} // namespace apisync::tools
