#include "tools/discover_report.hpp"

#include "tools/table.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cctype>
#include <filesystem>

namespace apisync::tools {
namespace {

using json = nlohmann::ordered_json;

constexpr std::size_t id_bytes_max = 60;

bool readable(const sources::discovered& one) {
  return one.sure != sources::confidence::low;
}

/// A text as JSON has it, which YAML reads as well.
std::string quoted(const std::string& text) {
  return json(text).dump(-1, ' ', false, json::error_handler_t::replace);
}

std::string counted(std::size_t count, const std::string& what) {
  return std::to_string(count) + " " + what + (count == 1 ? "" : "s");
}

std::string described(const sources::discovered& one) {
  std::string text = std::string{sources::to_string(one.sure)} + ": ";
  if (!readable(one)) return text + one.where + " (" + one.why + "): " + one.problem;
  text += "\"" + one.info.title + "\" " + one.info.api_version + ", OpenAPI " + one.info.version +
          ", " + counted(one.info.operations, "operation") + "; " + one.why;
  constexpr std::size_t also_max = 5;
  for (std::size_t i = 0; i < std::min(also_max, one.also.size()); ++i)
    text += (i == 0 ? "; the same at " : ", ") + one.also[i];
  return text;
}

void append_comment(std::string& to, const std::string& indent, const std::string& text) {
  to += indent + "# " + printable(text) + "\n";
}

std::vector<std::string> ids_of(const discovery_report& report) {
  std::vector<std::string> ids;
  for (auto const& one : report.documents)
    if (readable(one)) ids.push_back(make_id(one.info.title, ids));
  return ids;
}

void append_source(std::string& to, const discovery_report& report, const sources::discovered& one,
                   const std::string& id) {
  append_comment(to, "  ", described(one));
  to += "  - id: " + quoted(id) + "\n    api: " + quoted(id) + "\n";
  to += report.folder.empty() ? "    http: " : "    file: ";
  to += quoted(report.folder.empty()
                   ? one.where
                   : (std::filesystem::path{report.folder} / one.where).generic_string());
  to += "\n";
  if (!one.allow.empty()) to += "    allowAddresses: [" + quoted(one.allow) + "]\n";
}

} // namespace

bool discovery_report::found() const {
  return std::ranges::any_of(documents, readable);
}

std::string make_id(const std::string& title, const std::vector<std::string>& taken) {
  std::string id;
  for (auto const c : title) {
    auto const byte = static_cast<unsigned char>(c);
    if (byte < 0x80 && std::isalnum(byte) != 0)
      id += static_cast<char>(std::tolower(byte));
    else if (!id.empty() && id.back() != '-')
      id += '-';
    if (id.size() >= id_bytes_max) break;
  }
  while (id.ends_with('-'))
    id.pop_back();
  if (id.empty()) id = "api";
  auto unique = id;
  for (std::size_t n = 2; std::ranges::find(taken, unique) != taken.end(); ++n)
    unique = id + "-" + std::to_string(n);
  return unique;
}

std::string configuration_of(const discovery_report& report) {
  auto const count = static_cast<std::size_t>(std::ranges::count_if(report.documents, readable));
  std::string text;
  append_comment(text, "",
                 "apisync discover " + report.target + ": " + counted(count, "document") + ", " +
                     report.effort);
  if (!report.stopped.empty())
    append_comment(text, "", "not everything was looked at: " + report.stopped);
  for (auto const& one : report.documents)
    if (!readable(one)) append_comment(text, "", described(one));
  if (count == 0) return text;
  if (!report.folder.empty()) text += "roots: [" + quoted(report.folder) + "]\n";
  text += "sources:\n";
  auto const ids = ids_of(report);
  std::size_t next = 0;
  for (auto const& one : report.documents)
    if (readable(one)) append_source(text, report, one, ids[next++]);
  return text;
}

json to_json(const discovery_report& report) {
  auto documents = json::array();
  for (auto const& one : report.documents)
    documents.push_back({{"where", one.where},
                         {"confidence", sources::to_string(one.sure)},
                         {"why", one.why},
                         {"openapi", one.info.version},
                         {"title", one.info.title},
                         {"version", one.info.api_version},
                         {"operations", one.info.operations},
                         {"problem", one.problem},
                         {"allowAddress", one.allow},
                         {"also", one.also}});
  return {{"target", report.target},           {"found", report.found()},
          {"documents", std::move(documents)}, {"advice", report.advice},
          {"stopped", report.stopped},         {"configuration", configuration_of(report)}};
}

} // namespace apisync::tools
