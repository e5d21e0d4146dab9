#include "events/config_entries.hpp"
#include "specs/conflict.hpp"

namespace apisync::events {

namespace {

void check_kind(config_object& object, const std::string& kind) {
  if (kind.empty() || specs::conflict_kind_of(kind)) return;
  object.report(object.member("kind"),
                "'kind' must be edit/edit, edit/delete, delete/edit, add/add or move");
}

rule_definition read_rule(specs::node from, const std::string& of, config_problems& problems) {
  config_object object{from, "a rule of " + of, problems};
  rule_definition out;
  if (!object.good()) return out;
  out.pointer = object.text("pointer").value_or("");
  if (!out.pointer.empty() && out.pointer.front() != '/')
    object.report(object.member("pointer"),
                  "'pointer' must be a JSON pointer such as /servers or /paths/*/get/**");
  out.place = object.choice<rule_place>("place");
  if (object.member("source")) out.source = object.id("source", "");
  out.kind = object.text("kind").value_or("");
  check_kind(object, out.kind);
  out.level = object.choice<change_level>("level");
  if (!object.member("action"))
    object.missing("action", "one of prefer-current, prefer-incoming, prefer-source, pin, "
                             "higher-version, ai, manual");
  out.action = object.choice<rule_action>("action").value_or(out.action);
  const auto prefer = object.member("prefer");
  if (prefer) out.prefer = object.id("prefer", "");
  const bool wanted = out.action == rule_action::prefer_source;
  if (wanted && !prefer) object.missing("prefer", "the source whose word counts");
  if (!wanted && prefer) object.report(prefer, "'prefer' goes with the action prefer-source only");
  object.refuse_unknown();
  return out;
}

} // namespace

std::vector<rule_definition> read_rules(config_object& object, const std::string& of,
                                        config_problems& problems) {
  std::vector<rule_definition> out;
  const auto rules = object.member("rules");
  if (!rules) return out;
  if (!rules.is_array())
    object.report(rules, "'rules' must be a list, not " + std::string{describe(rules)});
  else
    for (const auto rule : rules)
      out.push_back(read_rule(rule, of, problems));
  return out;
}

std::string rules_json(const std::vector<rule_definition>& rules) {
  std::string out;
  field_writer{out}.write(rules);
  return out;
}

} // namespace apisync::events
