#include "tools/service_command.hpp"
#include "tools/service_commands.hpp"

#include <ostream>

namespace apisync::tools {

void add_target_commands(CLI::App& app, invocation& call) {
  auto* const target = app.add_subcommand("target", "Where documents go, and what became of it");
  target->require_subcommand(1);

  service_command const list{*target, call, "list", "All targets and how they stand"};
  list.takes_past();
  list.lists([]() -> result<api_call> { return api_call{.path = "/v1/targets"}; },
             {member("TARGET", "id"), mood("STATE", "state"), member("API", "api"),
              member("WRITES", "writes"), when("LAST SUCCESS", "lastSuccess"),
              when("NEXT ATTEMPT", "nextAttempt"), member("PLACE", "place")},
             "no targets: declare them in the configuration file, under 'targets'");

  auto const id = std::make_shared<std::string>();
  service_command const show{*target, call, "show", "One target, in full"};
  show.takes("TARGET", id, "The id of the target", true).takes_past();
  show.asks(
      [id]() -> result<api_call> {
        return api_call{.path = path_of({"v1", "targets", *id})};
      },
      print_facts);

  service_command const write{*target, call, "write",
                              "Write the document now, whatever was written before"};
  write.takes("TARGET", id, "The id of the target", true);
  write.asks(
      [id]() -> result<api_call> {
        return api_call{.method = "POST", .path = path_of({"v1", "targets", *id, "write"})};
      },
      [](const json& answer, const invocation& to) {
        to.out << "target " << text_of(answer, "id") << ": written to " << text_of(answer, "place")
               << " as soon as it can be\n";
      });
}

} // namespace apisync::tools
