#include "specs/compat.hpp"

#include "specs/compat_document.hpp"
#include "specs/compat_rest.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
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
  finding_side made{of.pointer, canonical_text(of.value), of.value.where()};
  if (made.value.size() > finding_side::value_bytes_max) made.value.clear();
  return made;
}

/// A semantic version's numbers, with or without a `v`; nothing for other versions.
std::optional<std::array<int, 3>> version_numbers(std::string_view text) {
  std::array<int, 3> numbers{};
  if (text.starts_with('v')) text.remove_prefix(1);
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), numbers[i]);
    if (status != std::errc{}) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    const bool last = i + 1 == numbers.size();
    if (!last && !text.starts_with('.')) return std::nullopt;
    if (!last) text.remove_prefix(1);
  }
  const bool complete = text.empty() || text.front() == '-' || text.front() == '+';
  return complete ? std::optional{numbers} : std::nullopt;
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
void judge_units(unit_graph& graph, const document_comparison& documents,
                 const compat_options& options) {
  for (const auto& kept : documents.operations)
    operation_judge{graph, kept.unit, options}.compare(kept.pair);
  for (std::size_t i = 0; i < graph.size(); ++i) {
    if (graph[i].is_operation) continue;
    const auto places = graph[i].places;
    schema_judge{graph, i}.compare_here(places, graph[i].role);
  }
}

/// A breaking change belongs with a higher version.
void judge_version(unit_graph& graph, collector& found) {
  if (std::none_of(found.made.begin(), found.made.end(),
                   [](const auto& f) { return f.level == severity::error; }))
    return;
  const auto version =
      spot_pair{{graph.before().root(), {}}, {graph.after().root(), {}}}.member("info").member(
          "version");
  if (!version.before || !version.after) return;
  const auto was = version_numbers(version.before.value.text());
  const auto is = version_numbers(version.after.value.text());
  if (!was || !is) return;
  if (*was == *is)
    found.add({"api-version-not-bumped", version.before, version.after});
  else if (*is < *was)
    found.add({"api-version-decreased", version.before, version.after});
  else if ((*is)[0] == (*was)[0] && (*was)[0] > 0)
    found.add({"api-major-version-not-bumped", version.before, version.after});
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
  return text;
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

compat_report judge(const document& before, const document& after, const compat_options& options) {
  unit_graph graph{before, after};
  const auto documents = compare_documents(graph, options);
  judge_units(graph, documents, options);

  collector found;
  component_reach components;
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
  judge_version(graph, found);
  for (auto& rest : not_judged(before, after, found.made, components))
    found.made.push_back(std::move(rest));

  compat_report report{std::move(found.made), {}};
  for (auto& each : report.findings)
    sort_unique(each.operations);
  std::sort(report.findings.begin(), report.findings.end(), [](const auto& a, const auto& b) {
    return std::tie(b.level, a.pointer, a.rule, a.before.pointer) <
           std::tie(a.level, b.pointer, b.rule, b.before.pointer);
  });
  if (!after.root().find("openapi") && !after.root().find("swagger"))
    report.skipped.push_back(
        {"", "not an OpenAPI document, so that its structure alone was compared"});
  for (const auto& [pointer, reason] : graph.skipped())
    report.skipped.push_back({pointer, reason});
  return report;
}

} // namespace apisync::specs
