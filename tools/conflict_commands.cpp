#include "tools/service_command.hpp"
#include "tools/service_commands.hpp"

#include <istream>
#include <ostream>

namespace apisync::tools {
namespace {

struct resolve_options {
  std::vector<std::string> ids;
  std::string take, value, reason;
  bool interactive = false;
};

api_call resolution(const std::string& id, const json& body) {
  return {.method = "POST",
          .path = path_of({"v1", "conflicts", id, "resolve"}),
          .body = body.dump(),
          .content_type = "application/json"};
}

result<json> body_of(const resolve_options& given) {
  if (given.take.empty() == given.value.empty())
    return tl::unexpected(
        wrong_call("say what holds with --take current|incoming|base|proposal or with "
                   "--value JSON"));
  json body{{"choice", given.take.empty() ? "value" : given.take}};
  if (!given.value.empty()) {
    auto value = json::parse(given.value, nullptr, false);
    if (value.is_discarded())
      return tl::unexpected(wrong_call("--value is not JSON; a text needs its quotes: '\"text\"'"));
    body["value"] = std::move(value);
  }
  if (!given.reason.empty()) body["reason"] = given.reason;
  return body;
}

void print_side(const json& conflict, const std::string& side, const invocation& call) {
  std::string label = "  " + side;
  label.resize(12, ' ');
  auto const found = conflict.find(side);
  auto const text = found == conflict.end() ? std::string{"(not there)"} : found->dump(2);
  call.out << painted(label, paint::dim, call.colour());
  for (char const c : text)
    call.out << (c == '\n' ? "\n            " : std::string(1, c));
  call.out << '\n';
}

/// What a model said of it, and what is wrong with that.
void print_opinion(const json& opinion, const invocation& call) {
  auto const state = text_of(opinion, "state");
  call.out << "  model     " << printable(text_of(opinion, "model")) << ": " << state;
  if (opinion.contains("choice"))
    call.out << ", " << text_of(opinion, "choice") << " (" << text_of(opinion, "confidencePercent")
             << " % sure)";
  call.out << '\n';
  if (opinion.contains("value")) print_side(opinion, "value", call);
  for (auto const* why : {"reason", "why"})
    if (opinion.contains(why))
      call.out << "            " << printable(text_of(opinion, why)) << '\n';
  for (auto const& check : opinion.value("checks", json::array()))
    if (!check.value("passed", true))
      call.out << "            not passed: " << text_of(check, "check") << ", "
               << printable(text_of(check, "what")) << '\n';
}

void print_conflict(const json& conflict, const invocation& call) {
  auto const state = text_of(conflict, "state");
  call.out << painted(printable(text_of(conflict, "id")), paint::bold, call.colour()) << "  "
           << painted(state, paint_of(state), call.colour()) << "  " << text_of(conflict, "kind")
           << "\n  api       " << printable(text_of(conflict, "api")) << "\n  source    "
           << printable(text_of(conflict, "source")) << "\n  at        "
           << printable(text_of(conflict, "pointer")) << '\n';
  for (auto const* side : {"base", "current", "incoming"})
    print_side(conflict, side, call);
  if (auto const found = conflict.find("opinion"); found != conflict.end())
    print_opinion(*found, call);
  if (auto const found = conflict.find("resolution"); found != conflict.end()) {
    call.out << "  resolution\n";
    print_facts(*found, call);
  }
}

exit_status resolve_each(const client& service, const invocation& call,
                         const resolve_options& given, bool as_json) {
  auto const body = body_of(given);
  if (!body) return call.report(body.error());
  if (given.ids.empty())
    return call.report(
        wrong_call("name the conflicts to resolve: `apisync conflict list` has their "
                   "ids; or resolve one after the other with -i"));
  auto status = exit_status::good;
  for (auto const& id : given.ids) {
    auto const answer = service.send(resolution(id, *body));
    if (!answer)
      status = call.report(answer.error());
    else if (as_json)
      call.out << answer->body << '\n';
    else
      call.out << "conflict " << printable(id) << " resolved\n";
  }
  return status;
}

/// There is something of a model's that can be confirmed.
bool is_proposed(const json& conflict) {
  auto const state = text_of(conflict.value("opinion", json::object()), "state");
  return state == "proposed" || state == "refused";
}

/// Asks about one conflict; false when the person has had enough.
bool ask_about(const client& service, const invocation& call, const json& conflict) {
  print_conflict(conflict, call);
  for (;;) {
    bool const proposed = is_proposed(conflict);
    call.out << "take [c]urrent, [i]ncoming, [b]ase, " << (proposed ? "[p]roposal, " : "")
             << "[s]kip or [q]uit? " << std::flush;
    std::string answer;
    if (!std::getline(call.in, answer) || answer == "q") return false;
    if (answer == "s") return true;
    auto const choice = answer == "c"               ? "current"
                        : answer == "i"             ? "incoming"
                        : answer == "b"             ? "base"
                        : answer == "p" && proposed ? "proposal"
                                                    : "";
    if (*choice == '\0') continue;
    auto const sent = service.send(resolution(text_of(conflict, "id"), {{"choice", choice}}));
    if (!sent) call.report(sent.error());
    return true;
  }
}

exit_status resolve_interactively(const client& service, const invocation& call) {
  auto const answer = service.send({.path = "/v1/conflicts", .query = {{"limit", "1000"}}});
  if (!answer) return call.report(answer.error());
  auto const parsed = json::parse(answer->body, nullptr, false);
  auto const items = parsed.is_object() ? parsed.value("items", json::array()) : json::array();
  if (items.empty()) call.out << "no open conflicts\n";
  for (auto const& conflict : items) {
    if (!ask_about(service, call, conflict)) break;
  }
  auto const after = service.send({.path = "/v1/conflicts", .query = {{"limit", "1"}}});
  if (!after) return call.report(after.error());
  auto const left = json::parse(after->body, nullptr, false);
  bool const none = !left.is_object() || left.value("items", json::array()).empty();
  return none ? exit_status::good : exit_status::bad_news;
}

void add_resolve(CLI::App& parent, invocation& call) {
  service_command const resolve{parent, call, "resolve", "Decide conflicts"};
  auto const given = std::make_shared<resolve_options>();
  auto& app = resolve.app();
  app.add_option("ID", given->ids, "The conflicts to resolve");
  app.add_option("--take", given->take,
                 "current, incoming, base, or proposal: what a model proposed")
      ->check(CLI::IsMember({"current", "incoming", "base", "proposal"}));
  app.add_option("--value", given->value, "What holds instead, as JSON");
  app.add_option("--reason", given->reason, "Why, for the log");
  app.add_flag("-i,--interactive", given->interactive, "Ask about each open conflict");
  resolve.runs([given, &call](const client& service, bool as_json) {
    return given->interactive ? resolve_interactively(service, call)
                              : resolve_each(service, call, *given, as_json);
  });
}

} // namespace

void add_conflict_commands(CLI::App& app, invocation& call) {
  auto* const conflict = app.add_subcommand("conflict", "Where sources and people disagree");
  conflict->require_subcommand(1);

  service_command const list{*conflict, call, "list", "Conflicts that wait for a decision"};
  auto const api = std::make_shared<std::string>();
  auto const state = std::make_shared<std::string>();
  list.takes("--api", api, "Only those of this API")
      .takes("--state", state, "open (the default), resolved, closed or all")
      .takes_past();
  list.lists(
      [api, state]() -> result<api_call> {
        api_call asked{.path = "/v1/conflicts"};
        if (!api->empty()) asked.query.emplace_back("api", *api);
        if (!state->empty()) asked.query.emplace_back("state", *state);
        return asked;
      },
      {member("CONFLICT", "id"), member("API", "api"), member("SOURCE", "source"),
       member("KIND", "kind"), mood("STATE", "state"), when("OPENED", "opened"),
       member("AT", "pointer")},
      "no open conflicts");

  service_command const show{*conflict, call, "show", "One conflict with its three values"};
  auto const id = std::make_shared<std::string>();
  show.takes("ID", id, "The id of the conflict", true).takes_past();
  show.asks(
      [id]() -> result<api_call> {
        return api_call{.path = path_of({"v1", "conflicts", *id})};
      },
      print_conflict);
  add_resolve(*conflict, call);
}

} // namespace apisync::tools
