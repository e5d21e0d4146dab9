#include "specs/overlay.hpp"
#include "specs/parse.hpp"
#include "specs/print.hpp"
#include "tools/difference_text.hpp"
#include "tools/service_commands.hpp"

#include <ostream>

namespace apisync::tools {
namespace {

void print_overlays(const json& answer, const invocation& call) {
  auto const overlays = answer.value("overlays", json::array());
  for (auto const& overlay : overlays)
    call.out << printable(text_of(overlay, "title")) << ": " << text_of(overlay, "actions")
             << (overlay.value("actions", json{}) == 1 ? " action\n" : " actions\n");
  if (overlays.empty()) call.out << "no overlays: declare some in the configuration\n";
}

void print_warnings(const json& answer, const invocation& call) {
  for (auto const& warning : answer.value("warnings", json::array()))
    call.out << painted("warning ", paint::warn, call.colour())
             << printable(warning.get<std::string>()) << '\n';
}

/// Reads overlays, in their order, and says what is wrong with one at its place in the file.
result<json> read_files(const std::vector<std::string>& files, const invocation& call) {
  auto documents = json::array();
  for (auto const& file : files) {
    auto const text = read_input(call, file);
    if (!text) return tl::unexpected{text.error()};
    auto const parsed = specs::parse(*text, {.name = file});
    if (!parsed) return tl::unexpected{parsed.error()};
    if (auto const good = specs::read_overlay(parsed->document, file); !good)
      return tl::unexpected{good.error()};
    documents.push_back(json::parse(specs::to_json(parsed->document->root())));
  }
  return documents;
}

} // namespace

void add_overlay_command(CLI::App& parent, invocation& call) {
  service_command const overlays{
      parent, call, "overlays",
      "The overlays on an API's document, or what others would make of it"};
  auto const id = std::make_shared<std::string>();
  auto const files = std::make_shared<std::vector<std::string>>();
  overlays.takes("API", id, "The id of the API", true)
      .takes("--try", files, "Show what this overlay would change; several in this order");
  overlays.asks(
      [id, files, &call]() -> result<api_call> {
        if (files->empty()) return api_call{.path = path_of({"v1", "apis", *id, "overlays"})};
        auto documents = read_files(*files, call);
        if (!documents) return tl::unexpected{documents.error()};
        return api_call{.method = "POST",
                        .path = path_of({"v1", "apis", *id, "overlays", "preview"}),
                        .body = json{{"overlays", std::move(*documents)}}.dump(),
                        .content_type = "application/json"};
      },
      [](const json& answer, const invocation& to) {
        if (auto const difference = answer.find("difference"); difference != answer.end())
          print_difference(*difference, to);
        else
          print_overlays(answer, to);
        print_warnings(answer, to);
      });
}

} // namespace apisync::tools
