// SARIF 2.1.0: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
#include "specs/compat_version.hpp"
#include "tools/change_report_parts.hpp"
#include "tools/table.hpp"

#include <nlohmann/json.hpp>

#include <map>

namespace apisync::tools {
namespace {

using json = nlohmann::ordered_json;

std::string_view level_of(specs::severity level) {
  switch (level) {
  case specs::severity::error:
    return "error";
  case specs::severity::warning:
    return "warning";
  case specs::severity::info:
    return "note";
  }
  return "note";
}

/// A file's name as a URI reference (RFC 3986): what may not stand in a path is percent-encoded.
std::string uri_of(std::string_view file) {
  constexpr std::string_view plain = "-._~/!$&'()*+,;=@";
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string uri = file.starts_with('/') ? "file://" : "";
  for (char const c : file) {
    auto const byte = static_cast<unsigned char>(c);
    bool const letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (letter || plain.find(c) != std::string_view::npos)
      uri += c;
    else
      uri += {'%', digits[byte >> 4U], digits[byte & 15U]};
  }
  return uri;
}

json location_of(std::string_view file, const specs::finding_side& side) {
  json physical{{"artifactLocation", {{"uri", uri_of(file)}}}};
  if (side.where.line != 0)
    physical["region"] = {{"startLine", side.where.line}, {"startColumn", side.where.column}};
  json location{{"physicalLocation", std::move(physical)}};
  if (!side.pointer.empty())
    location["logicalLocations"] =
        json::array({{{"fullyQualifiedName", printable(side.pointer)}, {"kind", "member"}}});
  return location;
}

/// The rules that were met, in the order of their ids, each with its place in the list.
class rule_list {
public:
  explicit rule_list(const specs::compat_report& report) {
    for (auto const& found : report.findings)
      by_id_.try_emplace(found.rule);
    for (auto const& each : report.ignored)
      by_id_.try_emplace(each.found.rule);
    std::size_t next = 0;
    for (auto& [id, index] : by_id_)
      index = next++;
  }

  [[nodiscard]] std::size_t index_of(const std::string& id) const { return by_id_.at(id); }

  [[nodiscard]] json as_json() const {
    auto list = json::array();
    for (auto const& [id, index] : by_id_)
      list.push_back(
          {{"id", id},
           {"shortDescription", {{"text", specs::describe(id, {}, {})}}},
           {"defaultConfiguration",
            {{"level", level_of(specs::rule_severity(id).value_or(specs::severity::info))}}}});
    return list;
  }

private:
  std::map<std::string, std::size_t> by_id_;
};

json result_of(const report_input& input, const specs::finding& found, const rule_list& rules) {
  bool const removed = found.after.pointer.empty() && !found.before.pointer.empty();
  json result{{"ruleId", found.rule},
              {"ruleIndex", rules.index_of(found.rule)},
              {"level", level_of(found.level)},
              {"message", {{"text", printable(found.message)}}}};
  // What was removed has no line in the new file, which the result is about all the same.
  auto place = removed ? specs::finding_side{.pointer = found.pointer} : found.after;
  if (place.pointer.empty()) place.pointer = found.pointer;
  result["locations"] = json::array({location_of(input.new_name, place)});
  if (!found.before.pointer.empty()) {
    auto related = location_of(input.old_name, found.before);
    related["message"] = {{"text", "In the old version"}};
    result["relatedLocations"] = json::array({std::move(related)});
  }
  // The same change is the same result in every run, wherever it stands in the file.
  result["partialFingerprints"] = {
      {"ruleAndPointer/v1", printable(found.rule + " " + found.pointer)}};
  auto operations = json::array();
  for (auto const& each : found.operations)
    operations.push_back(operation_text(each));
  result["properties"] = {{"operations", std::move(operations)}};
  return result;
}

json notifications_of(const report_input& input) {
  auto list = json::array();
  for (auto const& part : input.report.skipped)
    list.push_back(
        {{"level", "warning"},
         {"message", {{"text", "Not compared: " + printable(part.reason)}}},
         {"locations", json::array({location_of(input.new_name, {.pointer = part.pointer})})}});
  return list;
}

} // namespace

std::string sarif_report(const report_input& input, std::string_view version) {
  auto const& report = input.report;
  rule_list const rules{report};
  auto results = json::array();
  for (auto const& found : report.findings)
    results.push_back(result_of(input, found, rules));
  for (auto const& each : report.ignored) {
    auto result = result_of(input, each.found, rules);
    result["suppressions"] =
        json::array({{{"kind", "external"}, {"justification", printable(each.reason)}}});
    results.push_back(std::move(result));
  }
  json const run{
      {"tool",
       {{"driver", {{"name", "apisync"}, {"version", version}, {"rules", rules.as_json()}}}}},
      {"invocations", json::array({{{"executionSuccessful", true},
                                    {"toolExecutionNotifications", notifications_of(input)}}})},
      {"results", std::move(results)},
      {"properties",
       {{"verdict", specs::to_string(report.verdict())},
        {"versionStep", specs::to_string(specs::step_of(report))}}}};
  return json{{"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
              {"version", "2.1.0"},
              {"runs", json::array({run})}}
             .dump(2) +
         '\n';
}

} // namespace apisync::tools
