#include "tools/service_command.hpp"
#include "tools/service_commands.hpp"

namespace apisync::tools {

void add_folder_commands(CLI::App& app, invocation& call) {
  auto* const folder =
      app.add_subcommand("folder", "Where documents are looked for, and what was found");
  folder->require_subcommand(1);

  service_command const list{*folder, call, "list", "All folders and how they stand"};
  list.takes_past();
  list.lists([]() -> result<api_call> { return api_call{.path = "/v1/folders"}; },
             {member("FOLDER", "id"), mood("STATE", "state"), member("FILES", "files"),
              member("API", "api"), member("DOCUMENTS", "documents"), member("SOURCES", "sources"),
              member("UNREAD", "unreadInAll"), member("PROBLEM", "problem")},
             "no folders: declare them in the configuration file, under 'folders'");

  auto const id = std::make_shared<std::string>();
  service_command const show{*folder, call, "show",
                             "One folder, with the files that did not become sources"};
  show.takes("FOLDER", id, "The id of the folder", true).takes_past();
  show.asks(
      [id]() -> result<api_call> {
        return api_call{.path = path_of({"v1", "folders", *id})};
      },
      print_facts);
}

} // namespace apisync::tools
