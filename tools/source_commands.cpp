#include "events/duration.hpp"
#include "sources/signature.hpp"
#include "specs/digest.hpp"
#include "tools/service_command.hpp"
#include "tools/service_commands.hpp"

#include <ostream>

namespace apisync::tools {
namespace {

api_call patch(std::string path, const json& body) {
  return {.method = "PATCH",
          .path = std::move(path),
          .body = body.dump(),
          .content_type = "application/json"};
}

struct source_options {
  std::string id, api, file, url, git, path, ref, role, interval, priority;
  std::vector<std::string> after;
  bool manual = false, push = false;
};

result<json> definition_of(const source_options& given) {
  json body{{"id", given.id}, {"api", given.api}};
  int const kinds =
      !given.file.empty() + !given.url.empty() + !given.git.empty() + given.manual + given.push;
  if (kinds != 1)
    return tl::unexpected(wrong_call("say where the document is with exactly one of --file PATH, "
                                     "--url URL, --git URL --path PATH, --manual, --push"));
  if (given.git.empty() && (!given.path.empty() || !given.ref.empty()))
    return tl::unexpected(wrong_call("--path and --ref belong to --git"));
  if (!given.file.empty()) body.update({{"kind", "file"}, {"path", given.file}});
  if (!given.url.empty()) body.update({{"kind", "http"}, {"url", given.url}});
  if (!given.git.empty()) body.update({{"kind", "git"}, {"url", given.git}, {"path", given.path}});
  if (!given.ref.empty()) body["ref"] = given.ref;
  if (given.manual) body["kind"] = "manual";
  if (given.push) body["kind"] = "push";
  if (!given.role.empty()) body["role"] = given.role;
  if (!given.priority.empty()) body["priority"] = given.priority;
  if (!given.after.empty()) body["after"] = given.after;
  if (!given.interval.empty()) {
    auto const interval = events::parse_duration(given.interval);
    if (!interval) return tl::unexpected(interval.error());
    body["interval"] = interval->count();
  }
  return body;
}

void print_explanation(const json& told, const invocation& call) {
  auto const state = text_of(told, "state");
  call.out << painted(printable(text_of(told, "id")), paint::bold, call.colour()) << "  "
           << painted(state, paint_of(state), call.colour()) << '\n'
           << printable(text_of(told, "summary")) << "\n\n";
  auto facts = json::object();
  for (auto const& fact : told.value("facts", json::array()))
    facts[text_of(fact, "name")] = fact.value("value", json{});
  print_facts(facts, call);
  auto const advice = told.value("advice", json::array());
  if (!advice.empty()) call.out << "\nWhat to do:\n";
  for (auto const& sentence : advice)
    call.out << "  - " << printable(sentence.is_string() ? sentence.get<std::string>() : "")
             << '\n';
}

void add_add(CLI::App& parent, invocation& call) {
  service_command const add{parent, call, "add", "Add a source to an API"};
  auto const given = std::make_shared<source_options>();
  auto& app = add.app();
  app.add_option("SOURCE", given->id, "The id of the new source")->required();
  app.add_option("--api", given->api, "The API that it describes")->required();
  app.add_option("--file", given->file, "A file inside the configured roots");
  app.add_option("--url", given->url, "An http or https URL");
  app.add_option("--git", given->git, "A git repository");
  app.add_option("--path", given->path, "The file in the git repository");
  app.add_option("--ref", given->ref, "The branch, tag or commit; else the default branch");
  app.add_flag("--manual", given->manual, "People's edits, given through the service");
  app.add_flag("--push", given->push, "Brought with apisync source push, by CI for one");
  app.add_option("--role", given->role, "authority, contributor or observer")
      ->check(CLI::IsMember({"authority", "contributor", "observer"}));
  app.add_option("--priority", given->priority, "high, medium or low")
      ->check(CLI::IsMember({"high", "medium", "low"}));
  app.add_option("--interval", given->interval, "Between polls, as 30s or 5m");
  app.add_option("--after", given->after,
                 "A source or API whose syncs go before its own; may be repeated");
  add.asks(
      [given]() -> result<api_call> {
        auto const body = definition_of(*given);
        if (!body) return tl::unexpected(body.error());
        return api_call{.method = "POST",
                        .path = "/v1/sources",
                        .body = body->dump(),
                        .content_type = "application/json"};
      },
      print_facts);
}

/// A verb on one source that sends one call.
void add_verb(CLI::App& parent, invocation& call, const std::string& name, const std::string& help,
              std::function<api_call(const std::string& id)> what, text_view view, bool past) {
  service_command const command{parent, call, name, help};
  auto const id = std::make_shared<std::string>();
  command.takes("SOURCE", id, "The id of the source", true);
  if (past) command.takes_past();
  command.asks([id, what = std::move(what)]() -> result<api_call> { return what(*id); },
               std::move(view));
}

void print_sync(const json& answer, const invocation& call) {
  if (!answer.contains("outcome")) {
    call.out << "sync of " << printable(text_of(answer, "source")) << " ordered\n";
    return;
  }
  auto const outcome = text_of(answer, "outcome");
  call.out << printable(text_of(answer, "source")) << ": "
           << painted(outcome, paint_of(outcome), call.colour());
  if (auto const reason = text_of(answer, "reason"); reason != "-")
    call.out << " (" << printable(reason) << ')';
  if (auto const revision = text_of(answer, "revision"); revision != "-")
    call.out << ", revision " << revision;
  if (auto const conflicts = text_of(answer, "conflicts"); conflicts != "-")
    call.out << ", conflicts: " << conflicts;
  call.out << ", in " << fact_text("duration", answer.value("duration", json{}), call) << '\n';
  if (auto const kept = answer.find("quarantine"); kept != answer.end())
    call.out << "what it serves is still kept out: "
             << printable(render(
                    {errc::io, text_of(*kept, "reason"), kept->value("where", std::string{})}))
             << '\n';
  if (auto const problem = answer.find("error"); problem != answer.end())
    call.out << printable(render({errc::io, text_of(*problem, "message"),
                                  problem->value("where", std::string{})}))
             << '\n';
}

exit_status verdict_of_sync(const json& answer) {
  auto const outcome = text_of(answer, "outcome");
  bool const bad = outcome == "failed" || outcome == "quarantined" || outcome == "interrupted" ||
                   answer.contains("quarantine");
  return bad ? exit_status::bad_news : exit_status::good;
}

void add_sync(CLI::App& parent, invocation& call) {
  service_command const sync{parent, call, "sync", "Sync a source now"};
  auto const id = std::make_shared<std::string>();
  auto const wait = std::make_shared<bool>(false);
  sync.takes("SOURCE", id, "The id of the source", true);
  sync.app().add_flag("--wait", *wait, "Wait for the end of the sync and say how it went");
  sync.asks(
      [id, wait]() -> result<api_call> {
        api_call asked{.method = "POST", .path = path_of({"v1", "sources", *id, "sync"})};
        if (*wait) asked.query.emplace_back("wait", "true");
        return asked;
      },
      print_sync, verdict_of_sync);
}

struct push_options {
  std::string id, file, secret, commit, message;
  bool wait = false;
};

/// What `env:NAME` or `file:PATH` stands for here, where the command runs.
result<std::string> secret_here(const invocation& call, const std::string& reference) {
  if (reference.starts_with("env:")) {
    auto value = call.environment(reference.substr(4));
    if (value && !value->empty()) return std::move(*value);
    return fail(errc::not_found, "the environment variable is not set", reference.substr(4));
  }
  if (!reference.starts_with("file:"))
    return tl::unexpected(wrong_call("--secret names where the secret is: env:NAME or file:PATH"));
  auto text = read_input(call, reference.substr(5), 64U << 10U);
  while (text && (text->ends_with('\n') || text->ends_with('\r')))
    text->pop_back();
  return text;
}

/// Signs as Standard Webhooks has it, under an id of its own.
result<void> sign(const invocation& call, const std::string& reference, api_call& asked) {
  constexpr std::size_t hash_digits = 16;
  auto const secret = secret_here(call, reference);
  if (!secret) return tl::unexpected(secret.error());
  auto const key = sources::signing_key(*secret);
  if (!key) return tl::unexpected(key.error());
  auto const now = call.now();
  auto const seconds = std::chrono::floor<std::chrono::seconds>(now);
  auto const id = "push-" + std::to_string(now.time_since_epoch().count()) + "-" +
                  sha256::of(asked.body).hex().substr(0, hash_digits);
  asked.headers = {{"webhook-id", id},
                   {"webhook-timestamp", std::to_string(seconds.time_since_epoch().count())},
                   {"webhook-signature", sources::sign(*key, id, seconds, asked.body)}};
  return {};
}

result<api_call> push_call(const push_options& given, const invocation& call) {
  auto text = read_input(call, given.file);
  if (!text) return tl::unexpected(std::move(text.error()));
  auto const first = text->find_first_not_of(" \t\r\n\xef\xbb\xbf");
  bool const is_json = first != std::string::npos && (*text)[first] == '{';
  api_call asked{.method = "POST",
                 .path = path_of({"v1", "hooks", given.id}),
                 .body = std::move(*text),
                 .content_type = is_json ? "application/json" : "application/yaml"};
  if (given.wait) asked.query.emplace_back("wait", "true");
  if (!given.commit.empty()) asked.query.emplace_back("commit", given.commit);
  if (!given.message.empty()) asked.query.emplace_back("message", given.message);
  if (!given.secret.empty())
    if (auto done = sign(call, given.secret, asked); !done) return tl::unexpected(done.error());
  return asked;
}

void print_push(const json& answer, const invocation& call) {
  if (answer.contains("outcome")) return print_sync(answer, call);
  call.out << "the document of " << printable(text_of(answer, "source"))
           << (answer.value("repeated", json(false)) == true ? " was brought before\n"
                                                             : " is taken in\n");
}

void add_push(CLI::App& parent, invocation& call) {
  service_command const push{parent, call, "push",
                             "Bring the document of a source that apisync cannot reach"};
  auto const given = std::make_shared<push_options>();
  auto& app = push.app();
  app.add_option("SOURCE", given->id, "The id of the source, of kind push")->required();
  app.add_option("FILE", given->file, "The document, - for the standard input")->required();
  app.add_option("--secret", given->secret,
                 "Sign with this, env:NAME or file:PATH; else a token is needed");
  app.add_option("--commit", given->commit, "The commit that the document is of");
  app.add_option("--message", given->message, "Why, for the history");
  app.add_flag("--wait", given->wait, "Wait until it is taken in and say how that went");
  push.asks([given, &call] { return push_call(*given, call); }, print_push, verdict_of_sync);
}

} // namespace

void add_source_commands(CLI::App& app, invocation& call) {
  auto* const source = app.add_subcommand("source", "Where specifications are found");
  source->require_subcommand(1);

  service_command const list{*source, call, "list", "All sources and how they are"};
  auto const api = std::make_shared<std::string>();
  auto const state = std::make_shared<std::string>();
  list.takes("--api", api, "Only those of this API")
      .takes("--state", state, "new, healthy, failing, quarantined or paused")
      .takes_past();
  list.lists(
      [api, state]() -> result<api_call> {
        api_call asked{.path = "/v1/sources"};
        if (!api->empty()) asked.query.emplace_back("api", *api);
        if (!state->empty()) asked.query.emplace_back("state", *state);
        return asked;
      },
      {member("SOURCE", "id"), member("API", "api"), member("KIND", "kind"), member("ROLE", "role"),
       mood("STATE", "state"), when("LAST SYNC", "lastSync"), when("LAST CHANGE", "lastChange"),
       when("NEXT", "nextSync")},
      "no sources: declare some in the configuration, or use `apisync source add`");

  add_verb(
      *source, call, "show", "One source, in full",
      [](const std::string& id) {
        return api_call{.path = path_of({"v1", "sources", id})};
      },
      print_facts, true);
  add_verb(
      *source, call, "explain", "Why a source is as it is, and what to do",
      [](const std::string& id) {
        return api_call{.path = path_of({"v1", "sources", id, "explain"})};
      },
      print_explanation, true);
  add_add(*source, call);
  add_verb(
      *source, call, "remove", "Remove a source",
      [](const std::string& id) {
        return api_call{.method = "DELETE", .path = path_of({"v1", "sources", id})};
      },
      [](const json& answer, const invocation& to) {
        to.out << "source " << text_of(answer, "id") << " removed\n";
      },
      false);
  add_sync(*source, call);
  add_push(*source, call);
  add_verb(
      *source, call, "accept", "Take a quarantined document after all",
      [](const std::string& id) {
        return api_call{.method = "POST", .path = path_of({"v1", "sources", id, "accept"})};
      },
      [](const json& answer, const invocation& to) {
        to.out << "what source " << printable(text_of(answer, "id")) << " has is taken in\n";
      },
      false);
  for (bool const paused : {true, false}) {
    add_verb(
        *source, call, paused ? "pause" : "resume",
        paused ? "Start no more syncs of a source" : "Sync a paused source again",
        [paused](const std::string& id) {
          return patch(path_of({"v1", "sources", id}), {{"paused", paused}});
        },
        [](const json& answer, const invocation& to) {
          to.out << "source " << text_of(answer, "id") << " is " << text_of(answer, "state")
                 << '\n';
        },
        false);
  }
}

} // namespace apisync::tools
