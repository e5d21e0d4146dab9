#include "events/duration.hpp"
#include "events/record.hpp"
#include "tools/difference_text.hpp"
#include "tools/service_command.hpp"
#include "tools/service_commands.hpp"

#include <algorithm>
#include <array>
#include <ostream>

namespace apisync::tools {
namespace {

/// The operations that a change reaches, or its place where it belongs to none.
text_table::cell reach_cell(const json& item, const invocation&) {
  std::string operations;
  for (auto const& operation : item.value("operations", json::array()))
    operations += (operations.empty() ? "" : ", ") + operation_text(operation);
  return {operations.empty() ? text_of(item, "pointer") : operations};
}

text_table::cell cause_cell(const json& item, const invocation&) {
  auto const cause = item.value("cause", json::object());
  auto text = text_of(cause, "kind");
  for (auto const* part : {"source", "commit", "message"}) {
    if (auto const found = text_of(cause, part); found != "-")
      text += " " + (part == std::string_view{"commit"} ? found.substr(0, 10) : found);
  }
  return {text};
}

/// One source, and how what it has differs from the API's document.
void print_drift_of(const json& source, const invocation& call) {
  auto const state = text_of(source, "state");
  call.out << painted(printable(text_of(source, "source")), paint::bold, call.colour()) << " ("
           << text_of(source, "role") << ") " << painted(state, paint_of(state), call.colour());
  if (state == "drifts")
    call.out << " since " << relative_time(source.value("since", json{}), call) << ": "
             << counts_cell(source, call).text;
  call.out << '\n';
  if (source.value("quarantined", json(false)) == true)
    call.out << "        what it serves now is kept out; this is what it had before\n";
  print_changes(source, call);
}

void print_drift(const json& answer, const invocation& call) {
  auto const sources = answer.value("sources", json::array());
  if (sources.empty())
    call.out << "nothing is compared with " << printable(text_of(answer, "id"))
             << ": give it a source of the role observer\n";
  for (auto const& source : sources)
    print_drift_of(source, call);
}

/// Whether any source differs by a change of that level or a graver one.
bool drifts_by(const json& answer, const std::string& level) {
  for (auto const& source : answer.value("sources", json::array())) {
    auto const counts = source.value("counts", json::object());
    for (std::string const each : {"error", "warning", "info"}) {
      if (counts.value(each, 0) != 0) return true;
      if (each == level) break;
    }
  }
  return false;
}

void add_drift(CLI::App& parent, invocation& call) {
  service_command const drift{parent, call, "drift",
                              "How an API's observers and contributors differ from its document"};
  auto const id = std::make_shared<std::string>();
  auto const fail_on = std::make_shared<std::string>();
  drift.takes("API", id, "The id of the API", true).takes_past();
  drift.app()
      .add_option("--fail-on", *fail_on, "End with 1 at differences of this level or above")
      ->check(CLI::IsMember({"error", "warning", "info"}));
  drift.asks(
      [id]() -> result<api_call> {
        return api_call{.path = path_of({"v1", "apis", *id, "drift"})};
      },
      print_drift,
      [fail_on](const json& answer) {
        bool const bad = !fail_on->empty() && drifts_by(answer, *fail_on);
        return bad ? exit_status::bad_news : exit_status::good;
      });
}

void print_edit(const json& answer, const invocation& call) {
  bool const changed = answer.value("changed", json(false)) == true;
  call.out << text_of(answer, "api") << (changed ? " is now at revision " : " stays at revision ")
           << text_of(answer, "revision");
  auto const verdict = text_of(answer, "verdict");
  if (changed && verdict != "-")
    call.out << " (" << painted(verdict, paint_of(verdict), call.colour()) << ')';
  call.out << '\n';
}

/// `7d` becomes the time seven days ago; a time or a sequence stays.
std::string since_time(const std::string& text, const invocation& call) {
  auto const length = events::parse_duration(text);
  bool const number = text.find_first_not_of("0123456789") == std::string::npos;
  if (!length || number) return text;
  return events::to_rfc3339(call.now() - *length);
}

void add_list_and_show(CLI::App& parent, invocation& call) {
  service_command const list{parent, call, "list", "All APIs and how they are"};
  auto const owner = std::make_shared<std::string>();
  auto const group = std::make_shared<std::string>();
  list.takes("--owner", owner, "Only those of this owner")
      .takes("--group", group, "Only those of this group")
      .takes_past();
  list.lists(
      [owner, group]() -> result<api_call> {
        api_call asked{.path = "/v1/apis"};
        if (!owner->empty()) asked.query.emplace_back("owner", *owner);
        if (!group->empty()) asked.query.emplace_back("group", *group);
        return asked;
      },
      {member("API", "id"), member("TITLE", "title"), member("OWNER", "owner"),
       mood("STATE", "state"), member("REVISION", "revision"), mood("VERDICT", "verdict"),
       member("CONFLICTS", "openConflicts"), when("UPDATED", "updated")},
      "no APIs: declare some in the configuration, or use `apisync source add`");

  service_command const show{parent, call, "show", "One API, in full"};
  auto const id = std::make_shared<std::string>();
  show.takes("API", id, "The id of the API", true).takes_past();
  show.asks(
      [id]() -> result<api_call> {
        return api_call{.path = path_of({"v1", "apis", *id})};
      },
      print_facts);

  service_command const history{parent, call, "history", "The revisions of an API, newest first"};
  history.takes("API", id, "The id of the API", true).takes_past();
  history.lists(
      [id]() -> result<api_call> {
        return api_call{.path = path_of({"v1", "apis", *id, "revisions"})};
      },
      {member("REVISION", "number"),
       when("MADE", "time"),
       mood("VERDICT", "verdict"),
       {"CHANGES", counts_cell},
       {"CAUSE", cause_cell},
       member("BY", "author"),
       member("VERSION", "version"),
       member("OPERATIONS", "operations")},
      "no revisions yet");
}

/// `api spec`: its --format is the document's, so it stands apart from the others.
void add_spec(CLI::App& parent, invocation& call) {
  service_command const spec{parent, call, "spec", "The specification of an API"};
  auto const id = std::make_shared<std::string>();
  auto const revision = std::make_shared<std::uint64_t>(0);
  auto const format = std::make_shared<std::string>();
  spec.takes("API", id, "The id of the API", true).takes_past();
  auto* const number =
      spec.app().add_option("--revision", *revision, "That revision; else the newest");
  number->check(CLI::PositiveNumber)->excludes("--at");
  spec.app().remove_option(spec.app().get_option("--format"));
  spec.app()
      .add_option("--format", *format, "json or yaml; else as it was written")
      ->check(CLI::IsMember({"json", "yaml"}));
  spec.fetches([id, revision, format]() -> result<api_call> {
    auto path = path_of({"v1", "apis", *id});
    if (*revision != 0) path += "/revisions/" + std::to_string(*revision);
    path += "/spec";
    if (*revision == 0 && !format->empty()) path += "." + *format;
    return api_call{.path = std::move(path),
                    .accept = format->empty() ? "*/*" : "application/" + *format};
  });
}

void add_edit(CLI::App& parent, invocation& call) {
  service_command const edit{parent, call, "edit",
                             "Put a person's edit of the whole specification"};
  auto const id = std::make_shared<std::string>();
  auto const file = std::make_shared<std::string>();
  auto const tag = std::make_shared<std::string>();
  edit.takes("API", id, "The id of the API", true)
      .takes("FILE", file, "The edited specification, - for the standard input", true)
      .takes("--if-match", tag, "Fail if the specification's ETag is another by now");
  edit.asks(
      [id, file, tag, &call]() -> result<api_call> {
        auto text = read_input(call, *file);
        if (!text) return tl::unexpected(std::move(text.error()));
        auto const first = text->find_first_not_of(" \t\r\n\xef\xbb\xbf");
        bool const is_json = first != std::string::npos && (*text)[first] == '{';
        return api_call{.method = "PUT",
                        .path = path_of({"v1", "apis", *id, "spec"}),
                        .body = std::move(*text),
                        .content_type = is_json ? "application/json" : "application/yaml",
                        .if_match = *tag};
      },
      print_edit);
}

void add_diff(CLI::App& parent, invocation& call) {
  service_command const diff{parent, call, "diff", "What two revisions, or two APIs, differ in"};
  auto const id = std::make_shared<std::string>();
  auto const from = std::make_shared<std::string>();
  auto const to = std::make_shared<std::string>();
  auto const with = std::make_shared<std::string>();
  auto const fail_on = std::make_shared<std::string>();
  diff.takes("API", id, "The id of the API", true)
      .takes("--from", from, "The older revision, or released; else the one before")
      .takes("--to", to, "The newer revision, or released; else the newest")
      .takes("--with", with, "Compare with this API instead");
  diff.app()
      .add_option("--fail-on", *fail_on, "End with 1 at changes of this level or above")
      ->check(CLI::IsMember({"error", "warning"}));
  diff.asks(
      [id, from, to, with]() -> result<api_call> {
        if (!with->empty() && (!from->empty() || !to->empty()))
          return tl::unexpected(wrong_call("--with compares the newest revisions: it goes without "
                                           "--from and --to"));
        api_call asked{.path = path_of({"v1", "apis", *id, "diff"})};
        if (!from->empty()) asked.query.emplace_back("from", *from);
        if (!to->empty()) asked.query.emplace_back("to", *to);
        if (!with->empty()) asked.query.emplace_back("with", *with);
        return asked;
      },
      print_difference,
      [fail_on](const json& answer) {
        auto const counts = answer.value("counts", json::object());
        bool const errors = counts.value("error", json(0)) != 0;
        bool const warnings = counts.value("warning", json(0)) != 0;
        bool const bad =
            *fail_on == "error" ? errors : *fail_on == "warning" && (errors || warnings);
        return bad ? exit_status::bad_news : exit_status::good;
      });
}

void add_changes(CLI::App& parent, invocation& call) {
  service_command const changes{parent, call, "changes", "What has changed, newest first"};
  auto const id = std::make_shared<std::string>();
  auto const level = std::make_shared<std::string>();
  auto const since = std::make_shared<std::string>();
  auto const owner = std::make_shared<std::string>();
  changes.takes("API", id, "Only this API")
      .takes("--since", since, "As 7d, or an RFC 3339 time")
      .takes("--owner", owner, "Only APIs of this owner")
      .takes_past();
  changes.app()
      .add_option("--level", *level, "At least error, warning or info")
      ->check(CLI::IsMember({"error", "warning", "info"}));
  changes.lists(
      [id, level, since, owner, &call]() -> result<api_call> {
        api_call asked{.path = "/v1/changes"};
        if (!id->empty()) asked.query.emplace_back("api", *id);
        if (!level->empty()) asked.query.emplace_back("level", *level);
        if (!since->empty()) asked.query.emplace_back("since", since_time(*since, call));
        if (!owner->empty()) asked.query.emplace_back("owner", *owner);
        return asked;
      },
      {member("API", "api"),
       member("REVISION", "revision"),
       when("WHEN", "time"),
       mood("LEVEL", "level"),
       member("CHANGE", "message"),
       member("RULE", "rule"),
       {"WHERE", reach_cell}},
      "no such changes");
}

void add_rollback(CLI::App& parent, invocation& call) {
  service_command const rollback{parent, call, "rollback", "Make an older revision the newest"};
  auto const id = std::make_shared<std::string>();
  auto const to = std::make_shared<std::uint64_t>(0);
  rollback.takes("API", id, "The id of the API", true).takes("--to", to, "The revision", true);
  rollback.asks(
      [id, to]() -> result<api_call> {
        return api_call{.method = "POST",
                        .path = path_of({"v1", "apis", *id, "rollback"}),
                        .body = json{{"to", *to}}.dump(),
                        .content_type = "application/json"};
      },
      print_edit);
}

void add_contributions(CLI::App& parent, invocation& call) {
  auto const id = std::make_shared<std::string>();
  service_command const list{parent, call, "contributions",
                             "Removed sources whose documents are part of the API still"};
  list.takes("API", id, "The id of the API", true).takes_past();
  list.lists(
      [id]() -> result<api_call> {
        return api_call{.path = path_of({"v1", "apis", *id, "contributions"})};
      },
      {member("SOURCE", "source"), member("OPERATIONS", "operations"), when("TAKEN", "taken")},
      "no removed source has left anything");
}

void add_drop(CLI::App& parent, invocation& call) {
  service_command const drop{parent, call, "drop", "Take out what a removed source left"};
  auto const id = std::make_shared<std::string>();
  auto const source = std::make_shared<std::string>();
  auto const reason = std::make_shared<std::string>();
  auto const preview = std::make_shared<bool>(false);
  drop.takes("API", id, "The id of the API", true)
      .takes("--source", source, "The id that the source had", true)
      .takes("--reason", reason, "Why, for the history");
  drop.app().add_flag("--preview", *preview, "Only list the places");
  drop.asks(
      [=]() -> result<api_call> {
        auto body = json{{"source", *source}};
        if (!reason->empty()) body["reason"] = *reason;
        return api_call{
            .method = "POST",
            .path = path_of({"v1", "apis", *id, "contributions", *preview ? "preview" : "drop"}),
            .body = body.dump(),
            .content_type = "application/json"};
      },
      [](const json& answer, const invocation& to) {
        if (!answer.contains("places")) return print_edit(answer, to);
        for (auto const& place : answer["places"])
          to.out << place.get<std::string>() << '\n';
        if (answer["places"].empty()) to.out << "nothing of it is left\n";
      });
}

void add_promote(CLI::App& parent, invocation& call) {
  service_command const promote{parent, call, "promote",
                                "Say which revision users have: later ones are compared with it"};
  auto const id = std::make_shared<std::string>();
  auto const revision = std::make_shared<std::uint64_t>(0);
  auto const reason = std::make_shared<std::string>();
  promote.takes("API", id, "The id of the API", true)
      .takes("--revision", revision, "The revision; else the newest")
      .takes("--reason", reason, "Why, for the history");
  promote.asks(
      [id, revision, reason]() -> result<api_call> {
        auto body = json::object();
        if (*revision != 0) body["revision"] = *revision;
        if (!reason->empty()) body["reason"] = *reason;
        return api_call{.method = "POST",
                        .path = path_of({"v1", "apis", *id, "promote"}),
                        .body = body.dump(),
                        .content_type = "application/json"};
      },
      [](const json& answer, const invocation& to) {
        auto const released = answer.value("released", json::object());
        to.out << text_of(answer, "id") << ": revision " << text_of(released, "revision")
               << " is released; the newest is " << text_of(answer, "revision") << " ("
               << painted(text_of(released, "verdict"), paint_of(text_of(released, "verdict")),
                          to.colour())
               << ")\n";
      });
}

void add_pause(CLI::App& parent, invocation& call) {
  for (bool const paused : {true, false}) {
    service_command const order{parent, call, paused ? "pause" : "resume",
                                paused ? "Start no more syncs of an API's sources"
                                       : "Sync the sources of a paused API again"};
    auto const id = std::make_shared<std::string>();
    order.takes("API", id, "The id of the API", true);
    order.asks(
        [id, paused]() -> result<api_call> {
          return api_call{.method = "POST",
                          .path = path_of({"v1", "apis", *id, paused ? "pause" : "resume"})};
        },
        [](const json& answer, const invocation& to) {
          to.out << "API " << text_of(answer, "id") << " is " << text_of(answer, "state") << '\n';
        });
  }
}

} // namespace

void add_api_commands(CLI::App& app, invocation& call) {
  auto* const api = app.add_subcommand("api", "The APIs and their specifications");
  api->require_subcommand(1);
  add_list_and_show(*api, call);
  add_spec(*api, call);
  add_edit(*api, call);
  add_diff(*api, call);
  add_drift(*api, call);
  add_changes(*api, call);
  add_contributions(*api, call);
  add_drop(*api, call);
  add_rollback(*api, call);
  add_promote(*api, call);
  add_pause(*api, call);
  add_overlay_command(*api, call);
}

} // namespace apisync::tools
