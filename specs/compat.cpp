#include "specs/compat.hpp"

#include "specs/compat_document.hpp"
#include "specs/compat_rest.hpp"
#include "specs/compat_rules.hpp"
#include "specs/compat_version.hpp"
#include "specs/pointer.hpp"

#include <algorithm>
#include <tuple>
#include <unordered_map>

namespace apisync::specs {

namespace {

/// The direction that a rule speaks of, where its unit has none.
direction direction_in(std::string_view rule) {
  if (rule.find("request") != rule.npos) return direction::request;
  if (rule.find("response") != rule.npos) return direction::response;
  return direction::none;
}

finding_side side_of(const spot& of) {
  if (!of) return {};
  return {of.pointer, canonical_text(of.value, finding_side::value_bytes_max), of.value.where()};
}

/// Collects findings, each place and rule once, with the operations it reaches.
class collector {
public:
  finding& add(const raw_finding& raw) {
    auto key = raw.rule + '\n' + raw.before.pointer + '\n' + raw.after.pointer;
    const auto [known, fresh] = by_place_.try_emplace(std::move(key), made.size());
    if (fresh) made.push_back(judged(raw));
    return made[known->second];
  }

  std::vector<finding> made;

private:
  static finding judged(const raw_finding& raw) {
    finding next;
    next.rule = raw.rule;
    next.level = rule_severity(raw.rule).value_or(severity::info);
    next.before = side_of(raw.before);
    next.after = side_of(raw.after);
    next.pointer = raw.after ? raw.after.pointer : raw.before.pointer;
    next.message = describe(next.rule, next.before, next.after);
    return next;
  }

  std::unordered_map<std::string, std::size_t> by_place_;
};

/// Judges every unit once, those found on the way included.
void judge_units(unit_graph& graph, const document_comparison& documents) {
  for (const auto& kept : documents.operations)
    operation_judge{graph, kept.unit}.compare(kept.pair);
  for (std::size_t i = 0; i < graph.size(); ++i) {
    if (graph[i].is_operation) continue;
    const auto places = graph[i].places;
    schema_judge{graph, i}.compare_here(places, graph[i].role);
  }
}

spot_pair version_of(const unit_graph& graph) {
  return spot_pair{{graph.before().root(), {}}, {graph.after().root(), {}}}.member("info").member(
      "version");
}

/// A breaking change belongs with a higher version.
std::string_view judge_version(const spot_pair& version) {
  if (!version.before || !version.after) return {};
  const auto was = version_numbers(version.before.value.text());
  const auto is = version_numbers(version.after.value.text());
  if (!was || !is) return {};
  if (*was == *is) return "api-version-not-bumped";
  if (*is < *was) return "api-version-decreased";
  const bool same_major = (*is)[0] == (*was)[0] && (*was)[0] > 0;
  return same_major ? "api-major-version-not-bumped" : "";
}

std::string upper(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
  return text;
}

void sort_unique(std::vector<reached_operation>& operations) {
  std::sort(operations.begin(), operations.end());
  operations.erase(std::unique(operations.begin(), operations.end()), operations.end());
}

/// The name that the last step of a pointer says; empty for positions in lists, other than
/// statuses.
std::string name_at(std::string_view pointer) {
  const auto slash = pointer.rfind('/');
  if (slash == pointer.npos) return {};
  auto name = unescape_token(pointer.substr(slash + 1)).value_or("");
  const bool number =
      std::all_of(name.begin(), name.end(), [](char c) { return c >= '0' && c <= '9'; });
  return number && !pointer.substr(0, slash).ends_with("/responses") ? std::string{} : name;
}

} // namespace

std::string describe(std::string_view rule, const finding_side& before, const finding_side& after) {
  constexpr std::size_t short_value = 60;
  std::string text{rule};
  std::replace(text.begin(), text.end(), '-', ' ');
  text.front() = static_cast<char>(text.front() - 32);
  const auto brief = [](const finding_side& side) {
    return !side.value.empty() && side.value.size() <= short_value && side.value.front() != '{';
  };
  if (brief(before) && brief(after)) return text + ": " + before.value + " → " + after.value;
  if (brief(before) && after.pointer.empty()) return text + ": " + before.value;
  if (brief(after) && before.pointer.empty()) return text + ": " + after.value;
  if (before.pointer.empty() == after.pointer.empty()) return text;
  const auto name = name_at(before.pointer + after.pointer);
  return name.empty() || name == "requestBody" ? text : text + ": " + name;
}

std::string_view to_string(direction way) {
  switch (way) {
  case direction::none:
    return "";
  case direction::request:
    return "request";
  case direction::response:
    return "response";
  }
  return "";
}

std::string_view to_string(verdict of) {
  switch (of) {
  case verdict::unchanged:
    return "unchanged";
  case verdict::compatible:
    return "compatible";
  case verdict::breaking:
    return "breaking";
  }
  return "unchanged";
}

std::size_t compat_report::count(severity level) const {
  return static_cast<std::size_t>(std::count_if(findings.begin(), findings.end(),
                                                [&](const auto& f) { return f.level == level; }));
}

verdict compat_report::verdict() const {
  if (findings.empty()) return verdict::unchanged;
  return count(severity::error) > 0 ? verdict::breaking : verdict::compatible;
}

namespace {

/// What the rules say, with the operations that each finding reaches.
std::vector<finding> judged_findings(unit_graph& graph, const document_comparison& documents,
                                     component_reach& components) {
  collector found;
  for (const auto& kept : documents.operations) {
    const auto method = upper(kept.pair.method);
    for (const auto index : graph.reached_from(kept.unit)) {
      const auto& unit = graph[index];
      if (!unit.is_operation) {
        const reached_operation reached{kept.pair.path, method, unit.way};
        components.add(unit.places.before.pointer, reached);
        components.add(unit.places.after.pointer, reached);
      }
      for (const auto& raw : unit.findings)
        found.add(raw).operations.push_back(
            {kept.pair.path, method,
             unit.way == direction::none ? direction_in(raw.rule) : unit.way});
    }
  }
  for (const auto& [raw, method, path] : documents.findings) {
    auto& told = found.add(raw);
    if (!path.empty()) told.operations.push_back({path, method, direction_in(raw.rule)});
  }
  for (auto& each : found.made)
    sort_unique(each.operations);
  return std::move(found.made);
}

bool comes_first(const finding& a, const finding& b) {
  return std::tie(b.level, a.pointer, a.rule, a.before.pointer) <
         std::tie(a.level, b.pointer, b.rule, b.before.pointer);
}

void note_skipped(const unit_graph& graph, compat_report& report) {
  const auto root = graph.after().root();
  if (!root.find("openapi") && !root.find("swagger"))
    report.skipped.push_back(
        {"", "not an OpenAPI document, so that its structure alone was compared"});
  for (const auto& [pointer, reason] : graph.skipped())
    report.skipped.push_back({pointer, reason});
}

} // namespace

compat_report judge(const document& before, const document& after, const compat_options& options) {
  unit_graph graph{before, after, options};
  const auto documents = compare_documents(graph);
  judge_units(graph, documents);

  component_reach components;
  auto told = judged_findings(graph, documents, components);
  compat_report report;
  rule_filter rules{options.rules, graph.today()};
  rules.apply(told, report);
  const auto version = version_of(graph);
  report.old_version = version.before.value.text();
  report.new_version = version.after.value.text();
  if (const auto rule = judge_version(version);
      !rule.empty() && report.count(severity::error) > 0) {
    collector of_version;
    of_version.add({std::string{rule}, version.before, version.after});
    told.push_back(of_version.made.front());
    rules.apply(std::move(of_version.made), report);
  }
  auto rest = not_judged(before, after, told, components);
  for (auto& each : rest)
    sort_unique(each.operations);
  rules.apply(std::move(rest), report);

  std::sort(report.findings.begin(), report.findings.end(), comes_first);
  std::sort(report.ignored.begin(), report.ignored.end(), [](const auto& a, const auto& b) {
    return comes_first(a.found, b.found) ||
           (!comes_first(b.found, a.found) && a.found.operations < b.found.operations);
  });
  report.idle = rules.idle();
  note_skipped(graph, report);
  return report;
}

} // namespace apisync::specs
