#include "actors/conflict_rules.hpp"

#include "events/rule_match.hpp"
#include "specs/canonical.hpp"
#include "specs/version_order.hpp"

#include <algorithm>

namespace apisync::actors {

namespace {

ruling higher(const specs::conflict& conflict, std::string rule) {
  if (!conflict.current.is_string() || !conflict.incoming.is_string())
    return {ruling::choice::open, std::move(rule), {}};
  const auto order = specs::compare_versions(conflict.current.text(), conflict.incoming.text());
  if (order >= 0)
    return {ruling::choice::current, std::move(rule), "the current version is higher"};
  return {ruling::choice::incoming, std::move(rule), "the incoming version is higher"};
}

ruling by_rule(const events::rule_definition& rule, std::string name,
               const specs::conflict& conflict, const ruling_context& context) {
  auto reason = "a rule of the API says " + std::string{to_string(rule.action)};
  switch (rule.action) {
  case events::rule_action::prefer_current:
  case events::rule_action::pin:
    return {ruling::choice::current, std::move(name), std::move(reason)};
  case events::rule_action::prefer_incoming:
    return {ruling::choice::incoming, std::move(name), std::move(reason)};
  case events::rule_action::prefer_source:
    return {rule.prefer == context.source ? ruling::choice::incoming : ruling::choice::current,
            std::move(name), std::move(reason) + ' ' + rule.prefer};
  case events::rule_action::higher_version:
    return higher(conflict, std::move(name));
  case events::rule_action::ai:
    return {ruling::choice::open, std::move(name), {}, true};
  case events::rule_action::manual:
    return {ruling::choice::open, std::move(name), {}};
  }
  return {};
}

/// Whether the authority and the contributor are branches of one repository.
bool one_repository(const ruling_context& context, bool from_authority) {
  const auto theirs = repository_of(
      context.api, from_authority ? context.contributed_by : context.api.authority.value_or(""));
  return !context.repository.empty() && theirs == context.repository;
}

ruling by_default(const specs::conflict& conflict, const ruling_context& context) {
  const bool from_authority = context.api.authority == context.source;
  if (conflict.identity == "/info/version") {
    if (!context.api.authority || one_repository(context, from_authority))
      return higher(conflict, "version-higher-wins");
    return {from_authority ? ruling::choice::incoming : ruling::choice::current,
            "version-follows-authority", "the version is the authority's"};
  }
  if (from_authority && !context.contributed_by.empty())
    return {ruling::choice::incoming, "authority-over-contributor",
            "the authority's change beats what " + context.contributed_by + " brought"};
  return {};
}

std::optional<ruling> remembered(const specs::conflict& conflict, const api_context& api) {
  if (!api.decisions || api.decisions->empty()) return std::nullopt;
  const auto found = api.decisions->find(decision_key(conflict));
  if (found == api.decisions->end()) return std::nullopt;
  const auto& before = found->second;
  ruling made;
  for (const auto choice : {ruling::choice::current, ruling::choice::incoming, ruling::choice::base,
                            ruling::choice::value})
    if (to_string(choice) == before.choice) made.decided = choice;
  if (made.decided == ruling::choice::open) return std::nullopt;
  made.rule = "remembered";
  made.reason = "the same was decided so by " + before.by;
  made.value = before.value;
  made.remembered = before.at;
  return made;
}

/// The first rule that matches, and its name.
struct matched_rule {
  const events::rule_definition* rule = nullptr;
  std::string name;
};

/// With `after`, the first of the rules after the one of that name that does not ask a model; where
/// none of them matches, the name is that of `after`, if there is such a rule.
matched_rule first_match(const api_context& api, const events::contested_place& place,
                         std::string_view after = {}) {
  matched_rule found;
  bool begun = after.empty();
  const auto look = [&](const std::vector<events::rule_definition>& rules, const char* list) {
    for (std::size_t i = 0; i < rules.size() && found.rule == nullptr; ++i) {
      auto name = std::string{list} + '[' + std::to_string(i) + ']';
      const bool passed = !after.empty() && rules[i].action == events::rule_action::ai;
      if (begun && !passed && events::matches(rules[i], place))
        found = {&rules[i], std::move(name)};
      else if (!begun && name == after && passed)
        begun = true;
    }
  };
  look(api.rules, "rules");
  look(api.learned, "learned");
  if (found.rule == nullptr && begun) found.name = after;
  return found;
}

} // namespace

std::string_view to_string(ruling::choice decided) {
  switch (decided) {
  case ruling::choice::open:
    return "";
  case ruling::choice::current:
    return "current";
  case ruling::choice::incoming:
    return "incoming";
  case ruling::choice::base:
    return "base";
  case ruling::choice::value:
    return "value";
  }
  return "";
}

std::string repository_of(const api_context& api, const std::string& source) {
  const auto found = api.bases.find(source);
  return found == api.bases.end() ? std::string{} : found->second.repository;
}

digest decision_key(const specs::conflict& conflict) {
  auto text = conflict.identity;
  for (const auto value : {conflict.base, conflict.current, conflict.incoming})
    text += '\n' + (value ? specs::canonical_data(value) : std::string{});
  return sha256::of(text);
}

ruling decide_conflict(const specs::conflict& conflict, const ruling_context& context) {
  if (auto again = remembered(conflict, context.api)) return std::move(*again);
  const auto kind = specs::to_string(conflict.kind);
  auto match = first_match(context.api, {conflict.pointer, conflict.identity, context.source, kind,
                                         context.consequence});
  return match.rule != nullptr ? by_rule(*match.rule, std::move(match.name), conflict, context)
                               : by_default(conflict, context);
}

ruling decide_without_model(const specs::conflict& conflict, const ruling_context& context,
                            std::string_view ai_rule) {
  const auto kind = specs::to_string(conflict.kind);
  auto match = first_match(
      context.api, {conflict.pointer, conflict.identity, context.source, kind, context.consequence},
      ai_rule);
  if (match.rule != nullptr) return by_rule(*match.rule, std::move(match.name), conflict, context);
  if (match.name != ai_rule) return {};
  return by_default(conflict, context);
}

std::optional<std::string> pinned(const ruling_context& context, std::string_view identity) {
  auto match = first_match(context.api, {identity, identity, context.source, {}, nullptr});
  if (match.rule == nullptr || match.rule->action != events::rule_action::pin) return std::nullopt;
  return std::move(match.name);
}

bool has_pin(const api_context& api) {
  return std::any_of(api.rules.begin(), api.rules.end(),
                     [](const auto& rule) { return rule.action == events::rule_action::pin; });
}

} // namespace apisync::actors
