#include "events/config.hpp"
#include "events/duration.hpp"
#include "sources/read_file.hpp"
#include "tools/config_plan.hpp"
#include "tools/service_command.hpp"
#include "tools/service_commands.hpp"

#include <filesystem>
#include <ostream>

namespace apisync::tools {
namespace {

/// Prints every problem, one a line, as compilers do.
exit_status report_all(const invocation& call, const std::vector<error>& problems, bool as_json) {
  if (!as_json) {
    for (auto const& problem : problems)
      call.report(problem);
    return exit_status::wrong_input;
  }
  auto list = json::array();
  for (auto const& problem : problems)
    list.push_back({{"code", to_string(problem.code)},
                    {"where", problem.where},
                    {"message", problem.message}});
  call.out << json{{"valid", false}, {"problems", std::move(list)}}.dump() << '\n';
  return exit_status::wrong_input;
}

void print_summary(const invocation& call, const events::config& read, const std::string& file,
                   bool as_json) {
  if (as_json)
    call.out << json{{"valid", true},
                     {"problems", json::array()},
                     {"apis", read.apis.size()},
                     {"sources", read.sources.size()},
                     {"jobs", read.jobs.size()},
                     {"webhooks", read.webhooks.size()},
                     {"targets", read.targets.size()}}
                    .dump()
             << '\n';
  else
    call.out << file << ": good: " << read.apis.size() << " APIs, " << read.sources.size()
             << " sources, " << read.jobs.size() << " jobs of their own, " << read.webhooks.size()
             << " webhooks, " << read.targets.size() << " targets\n";
}

/// What a configuration names lies beside it; one that is piped in, here.
events::config_files files_beside(const std::string& config) {
  std::error_code ignored;
  auto const folder = config == "-"
                          ? std::filesystem::current_path(ignored)
                          : std::filesystem::weakly_canonical(config, ignored).parent_path();
  return sources::files_below(folder.string());
}

void add_check(CLI::App& parent, invocation& call) {
  auto* const check =
      parent.add_subcommand("check", "Read a configuration file and say what is wrong");
  auto const file = std::make_shared<std::string>();
  auto const format = std::make_shared<std::string>("text");
  check->add_option("FILE", *file, "The configuration, - for the standard input")->required();
  check->add_option("--format", *format, "text or json")->check(CLI::IsMember({"text", "json"}));
  check->callback([&call, file, format] {
    call.action = [&call, file, format] {
      auto const text = read_input(call, *file);
      if (!text) return call.report(text.error());
      bool const as_json = *format == "json";
      auto const read = events::read_config(*text, *file, files_beside(*file));
      if (!read) return report_all(call, read.error(), as_json);
      print_summary(call, *read, *file, as_json);
      return exit_status::good;
    };
  });
}

void add_plan(CLI::App& parent, invocation& call) {
  service_command const plan{parent, call, "plan",
                             "What applying a configuration file would change"};
  auto const file = std::make_shared<std::string>();
  auto const data = std::make_shared<std::string>();
  plan.takes("FILE", file, "The configuration, - for the standard input", true)
      .takes("--data", data, "Compare with the log of this data directory, not with a service");
  plan.runs([file, data, &call](const client& service, bool as_json) {
    auto text = read_input(call, *file);
    if (!text) return call.report(text.error());
    auto const next = events::read_config(*text, *file, files_beside(*file));
    if (!next) return report_all(call, next.error(), as_json);
    auto const made =
        make_plan({*file, std::move(*text), *data, files_beside(*file)}, service, *next, call);
    return made ? print_plan(*made, call, as_json) : call.report(made.error());
  });
}

/// `30s` where a setting is a duration becomes milliseconds; other texts stay texts.
json setting_value(const std::string& text) {
  auto value = json::parse(text, nullptr, false);
  if (!value.is_discarded()) return value;
  if (auto const length = events::parse_duration(text)) return length->count();
  return text;
}

void add_show_and_set(CLI::App& parent, invocation& call) {
  service_command const show{parent, call, "show", "The settings in force"};
  show.takes_past().asks([]() -> result<api_call> { return api_call{.path = "/v1/config"}; },
                         print_facts);

  service_command const set{parent, call, "set", "Change a setting while the service runs"};
  auto const key = std::make_shared<std::string>();
  auto const value = std::make_shared<std::string>();
  set.takes("KEY", key, "The setting, as `apisync config show` names it", true)
      .takes("VALUE", value, "Its new value; durations as 30s or 5m", true);
  set.asks(
      [key, value]() -> result<api_call> {
        return api_call{.method = "PATCH",
                        .path = "/v1/config",
                        .body = json{{*key, setting_value(*value)}}.dump(),
                        .content_type = "application/json"};
      },
      [key](const json& answer, const invocation& to) {
        auto const settings = answer.value("settings", json::object());
        to.out << *key << " is " << fact_text(*key, settings.value(*key, json{}), to) << '\n';
      });
}

} // namespace

void add_config_commands(CLI::App& app, invocation& call) {
  auto* const config = app.add_subcommand("config", "The configuration file and the settings");
  config->require_subcommand(1);
  add_check(*config, call);
  add_plan(*config, call);
  add_show_and_set(*config, call);
}

} // namespace apisync::tools
