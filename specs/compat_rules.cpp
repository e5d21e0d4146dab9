#include "specs/compat_rules.hpp"

#include <algorithm>
#include <iterator>
#include <string_view>
#include <utility>

namespace apisync::specs {

namespace {

bool is_at_or_in(std::string_view pointer, std::string_view place) {
  return pointer.starts_with(place) &&
         (pointer.size() == place.size() || pointer[place.size()] == '/');
}

bool speaks_of(const ignored_changes& exception, const finding& found) {
  if (!exception.rule.empty() && exception.rule != found.rule) return false;
  return exception.pointer.empty() || is_at_or_in(found.before.pointer, exception.pointer) ||
         is_at_or_in(found.after.pointer, exception.pointer);
}

bool speaks_of(const ignored_changes& exception, const reached_operation& operation) {
  if (!exception.method.empty() && exception.method != operation.method) return false;
  const std::string_view path{exception.path};
  if (path.ends_with('*')) return operation.path.starts_with(path.substr(0, path.size() - 1));
  return path == operation.path;
}

bool names_operations(const ignored_changes& exception) {
  return !exception.path.empty();
}

} // namespace

rule_filter::rule_filter(const rule_config& rules, std::optional<std::int32_t> today)
    : rules_{rules}, today_{today}, used_(rules.ignored.size()) {}

bool rule_filter::expired(const ignored_changes& exception) const {
  return exception.until && today_ && *exception.until < *today_;
}

bool rule_filter::except(finding& found, compat_report& into) {
  for (std::size_t i = 0; i < rules_.ignored.size(); ++i) {
    const auto& exception = rules_.ignored[i];
    if (expired(exception) || !speaks_of(exception, found)) continue;
    if (!names_operations(exception)) {
      used_[i] = true;
      into.ignored.push_back({std::move(found), exception.reason});
      return false;
    }
    const auto covered =
        std::stable_partition(found.operations.begin(), found.operations.end(),
                              [&](const auto& each) { return !speaks_of(exception, each); });
    if (covered == found.operations.end()) continue;
    used_[i] = true;
    auto ignored = found;
    ignored.operations.assign(std::make_move_iterator(covered),
                              std::make_move_iterator(found.operations.end()));
    found.operations.erase(covered, found.operations.end());
    into.ignored.push_back({std::move(ignored), exception.reason});
    if (found.operations.empty()) return false;
  }
  return true;
}

void rule_filter::apply(std::vector<finding> found, compat_report& into) {
  for (auto& each : found) {
    if (const auto level = rules_.levels.find(each.rule); level != rules_.levels.end()) {
      if (!level->second) continue;
      each.level = *level->second;
    }
    if (except(each, into)) into.findings.push_back(std::move(each));
  }
}

std::vector<idle_exception> rule_filter::idle() const {
  std::vector<idle_exception> unused;
  for (std::size_t i = 0; i < used_.size(); ++i)
    if (!used_[i]) unused.push_back({i, expired(rules_.ignored[i])});
  return unused;
}

} // namespace apisync::specs
