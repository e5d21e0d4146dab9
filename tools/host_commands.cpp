#include "tools/service_command.hpp"
#include "tools/service_commands.hpp"

#include <ostream>

namespace apisync::tools {

void add_host_commands(CLI::App& app, invocation& call) {
  auto* const host = app.add_subcommand("host", "The hosts that sources are found on");
  host->require_subcommand(1);

  service_command const list{*host, call, "list", "All hosts and how they are"};
  list.takes_past();
  list.lists([]() -> result<api_call> { return api_call{.path = "/v1/hosts"}; },
             {member("HOST", "id"),
              mood("STATE", "state"),
              member("SOURCES", "sources"),
              {"OUT OF ORDER SINCE",
               [](const json& one, const invocation& to) {
                 auto const outage = one.value("outage", json{});
                 return outage.is_object()
                            ? text_table::cell{relative_time(outage.value("since", json{}), to),
                                               paint::bad}
                            : text_table::cell{"-"};
               }},
              {"REASON",
               [](const json& one, const invocation&) {
                 auto const outage = one.value("outage", json{});
                 return text_table::cell{outage.is_object() ? text_of(outage, "reason") : "-"};
               }}},
             "no hosts: no source is asked for over the network");

  auto const id = std::make_shared<std::string>();
  service_command const show{*host, call, "show", "One host, and how busy it is now"};
  show.takes("HOST", id, "The host, with its port where the address has one", true);
  show.asks(
      [id]() -> result<api_call> {
        return api_call{.path = path_of({"v1", "hosts", *id})};
      },
      print_facts);

  static constexpr std::pair<const char*, const char*> verbs[] = {
      {"pause", "Start no more syncs of the sources on a host"},
      {"resume", "Sync the sources on a paused host again"}};
  for (auto const& [verb, help] : verbs) {
    service_command const order{*host, call, verb, help};
    order.takes("HOST", id, "The host, with its port where the address has one", true);
    order.asks(
        [id, verb = std::string{verb}]() -> result<api_call> {
          return api_call{.method = "POST", .path = path_of({"v1", "hosts", *id, verb})};
        },
        [](const json& answer, const invocation& to) {
          to.out << "host " << printable(text_of(answer, "id")) << " is "
                 << text_of(answer, "state") << '\n';
        });
  }
}

} // namespace apisync::tools
