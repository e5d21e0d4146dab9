#include "actors/conflict_rules.hpp"

#include <algorithm>
#include <cctype>

namespace apisync::actors {

namespace {

/// Takes the text up to the separator off the front.
std::string_view take_part(std::string_view& rest, char separator) {
  const auto end = rest.find(separator);
  const auto part = rest.substr(0, end);
  rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
  return part;
}

bool is_number(std::string_view part) {
  return !part.empty() && std::all_of(part.begin(), part.end(), [](char c) {
    return std::isdigit(static_cast<unsigned char>(c)) != 0;
  });
}

int sign(std::strong_ordering order) {
  return order < 0 ? -1 : order > 0 ? 1 : 0;
}

int compare_parts(std::string_view left, std::string_view right) {
  if (is_number(left) && is_number(right)) {
    left.remove_prefix(std::min(left.find_first_not_of('0'), left.size()));
    right.remove_prefix(std::min(right.find_first_not_of('0'), right.size()));
    if (left.size() != right.size()) return left.size() < right.size() ? -1 : 1;
  }
  return sign(left <=> right);
}

int compare_dotted(std::string_view left, std::string_view right, std::string_view filler) {
  while (!left.empty() || !right.empty()) {
    const auto a = left.empty() ? filler : take_part(left, '.');
    const auto b = right.empty() ? filler : take_part(right, '.');
    if (const int order = compare_parts(a, b); order != 0) return order;
  }
  return 0;
}

bool applies(const events::rule_definition& rule, const ruling_context& context,
             std::string_view pointer) {
  return (rule.source.empty() || rule.source == context.source.id) &&
         (rule.pointer.empty() || pointer_matches(rule.pointer, pointer));
}

ruling higher(const specs::conflict& conflict, std::string rule) {
  const auto order = compare_versions(conflict.current.text(), conflict.incoming.text());
  if (order >= 0)
    return {ruling::choice::current, std::move(rule), "the current version is higher"};
  return {ruling::choice::incoming, std::move(rule), "the incoming version is higher"};
}

std::string rule_name(std::size_t index) {
  return "rules[" + std::to_string(index) + "]";
}

ruling by_rule(const events::rule_definition& rule, std::size_t index,
               const specs::conflict& conflict) {
  auto name = rule_name(index);
  switch (rule.action) {
  case events::rule_action::prefer_current:
  case events::rule_action::pin: {
    auto reason = "a rule of the API says " + std::string{to_string(rule.action)};
    return {ruling::choice::current, std::move(name), std::move(reason)};
  }
  case events::rule_action::prefer_incoming:
    return {ruling::choice::incoming, std::move(name), "a rule of the API says prefer-incoming"};
  case events::rule_action::higher_version:
    return higher(conflict, std::move(name));
  case events::rule_action::ai:
    return {ruling::choice::open, std::move(name), {}, true};
  case events::rule_action::manual:
    return {ruling::choice::open, std::move(name), {}};
  }
  return {};
}

ruling by_default(const specs::conflict& conflict, const ruling_context& context) {
  const bool from_authority = context.source.role == events::source_role::authority;
  if (conflict.identity == "/info/version") {
    if (!context.api.authority) return higher(conflict, "version-higher-wins");
    return {from_authority ? ruling::choice::incoming : ruling::choice::current,
            "version-follows-authority", "the version is the authority's"};
  }
  if (from_authority && context.current_is_contributed)
    return {ruling::choice::incoming, "authority-over-contributor",
            "the authority's change beats what a contributor brought"};
  return {};
}

} // namespace

bool pointer_matches(std::string_view pattern, std::string_view pointer) {
  if (pattern.starts_with('/')) pattern.remove_prefix(1);
  if (pointer.starts_with('/')) pointer.remove_prefix(1);
  while (!pattern.empty()) {
    const auto wanted = take_part(pattern, '/');
    if (wanted == "**" && pattern.empty()) return true;
    if (pointer.empty()) return false;
    const auto segment = take_part(pointer, '/');
    if (wanted != "*" && wanted != segment) return false;
  }
  return true;
}

ruling decide_conflict(const specs::conflict& conflict, const ruling_context& context) {
  for (std::size_t i = 0; i < context.api.rules.size(); ++i)
    if (applies(context.api.rules[i], context, conflict.pointer))
      return by_rule(context.api.rules[i], i, conflict);
  return by_default(conflict, context);
}

ruling decide_without_model(const specs::conflict& conflict, const ruling_context& context,
                            std::string_view ai_rule) {
  const auto& rules = context.api.rules;
  std::size_t i = 0;
  while (i < rules.size() && rule_name(i) != ai_rule)
    ++i;
  if (i >= rules.size() || rules[i].action != events::rule_action::ai) return {};
  for (++i; i < rules.size(); ++i)
    if (rules[i].action != events::rule_action::ai && applies(rules[i], context, conflict.pointer))
      return by_rule(rules[i], i, conflict);
  return by_default(conflict, context);
}

std::optional<std::size_t> pinned(const ruling_context& context, std::string_view pointer) {
  for (std::size_t i = 0; i < context.api.rules.size(); ++i)
    if (applies(context.api.rules[i], context, pointer)) {
      if (context.api.rules[i].action == events::rule_action::pin) return i;
      return std::nullopt; // the first that matches decides
    }
  return std::nullopt;
}

int compare_versions(std::string_view left, std::string_view right) {
  left = take_part(left, '+');
  right = take_part(right, '+');
  if (left.starts_with('v')) left.remove_prefix(1);
  if (right.starts_with('v')) right.remove_prefix(1);
  const auto left_core = take_part(left, '-');
  const auto right_core = take_part(right, '-');
  if (const int order = compare_dotted(left_core, right_core, "0"); order != 0) return order;
  if (left.empty() != right.empty()) return left.empty() ? 1 : -1;
  return compare_dotted(left, right, "");
}

} // namespace apisync::actors
