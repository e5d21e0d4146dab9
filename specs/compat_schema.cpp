#include "specs/compat_schema.hpp"

#include "specs/canonical.hpp"
#include "specs/compat_types.hpp"
#include "specs/identity_match.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace apisync::specs {

namespace {

std::string_view prefix_of(subject of) {
  switch (of) {
  case subject::request_body:
    return "request-body-";
  case subject::request_property:
    return "request-property-";
  case subject::response_body:
    return "response-body-";
  case subject::response_property:
    return "response-property-";
  case subject::parameter:
  case subject::header_parameter:
    return "request-parameter-";
  case subject::parameter_property:
  case subject::header_parameter_property:
    return "request-parameter-property-";
  case subject::response_header:
    return "response-header-";
  }
  return "";
}

struct keyword {
  std::string_view name;
  std::string_view slug;
  bool holds_schema;
};

/// Told when they come or go; schemas among them are looked into.
constexpr std::array presence_words{
    keyword{"const", "const", false},
    keyword{"default", "default-value", false},
    keyword{"contentEncoding", "content-encoding", false},
    keyword{"contentMediaType", "content-media-type", false},
    keyword{"contentSchema", "content-schema", true},
    keyword{"contains", "contains", true},
    keyword{"if", "if", true},
    keyword{"then", "then", true},
    keyword{"else", "else", true},
    keyword{"propertyNames", "property-names", true},
    keyword{"unevaluatedItems", "unevaluated-items", true},
    keyword{"unevaluatedProperties", "unevaluated-properties", true},
};

/// Maps whose entries come and go.
constexpr std::array map_words{
    keyword{"patternProperties", "pattern-property", true},
    keyword{"dependentSchemas", "dependent-schema", true},
    keyword{"dependentRequired", "dependent-required", false},
};

} // namespace

bool schema_judge::tell(const std::string& rule, spot before, spot after) {
  if (!rule_severity(rule)) return false;
  graph_[unit_].findings.push_back({rule, std::move(before), std::move(after)});
  return true;
}

/// Rules of properties that only one side sees come before the general ones.
bool schema_judge::tell_keyword(const pair_context& at, std::string_view what, spot before,
                                spot after) {
  const auto& schema = at.places.after.value;
  const auto suffix = std::string{what};
  if (at.role.of == subject::request_property && schema.find("readOnly").boolean() &&
      tell("request-read-only-property-" + suffix, before, after))
    return true;
  if (at.role.of == subject::response_property && schema.find("writeOnly").boolean() &&
      tell("response-write-only-property-" + suffix, before, after))
    return true;
  return tell(std::string{prefix_of(at.role.of)} + suffix, std::move(before), std::move(after));
}

void schema_judge::compare(const spot_pair& places, const schema_role& role, int depth) {
  const auto old_reference = places.before.value.find("$ref");
  const auto new_reference = places.after.value.find("$ref");
  if (!old_reference.is_string() && !new_reference.is_string())
    return compare_here(places, role, depth);
  if (graph_.untouched(old_reference, new_reference)) return;
  const auto led = resolve(graph_, places);
  if (!led.before || !led.after) return;
  const auto shared = graph_.shared(led, role);
  graph_[unit_].refers_to.push_back(shared);
}

void schema_judge::compare_here(const spot_pair& places, const schema_role& role, int depth) {
  if (depth > depth_max || graph_.untouched_within(places.before.value, places.after.value)) return;
  const pair_context at{places, role, depth};
  if (!same_content(places.before.value, places.after.value)) {
    if (made_nullable(at) || wrapped(at)) return;
    types(at);
    nullability(at);
    values(at);
    bounds(at);
    pattern(at);
    presence(at);
    maps(at);
    discriminator(at);
    lifecycle(at);
  }
  branches(at);
  properties(at);
  inside(at);
}

void schema_judge::types(const pair_context& at) {
  const auto& [before, after] = at.places;
  if (at.role.of == subject::request_property && after.value.find("readOnly").boolean()) return;
  const auto found = compare_types(before.value, after.value, at.role);
  if (found == type_change::none) return;
  const bool by_format = types_of(before.value).names == types_of(after.value).names;
  const auto place = [&](const spot& schema) {
    const auto word = schema.member(by_format ? "format" : "type");
    return word ? word : schema;
  };
  const auto suffix = rule_suffix(found);
  if (!tell_keyword(at, suffix, place(before), place(after)))
    tell_keyword(at, "type-changed", place(before), place(after));
}

void schema_judge::nullability(const pair_context& at) {
  const auto& [before, after] = at.places;
  const auto was = types_of(before.value);
  const auto is = types_of(after.value);
  const bool any_type = was.names.empty() || is.names.empty(); // which allows null as well
  if (was.nullable == is.nullable || (any_type && was.names != is.names)) return;
  const auto place = [](const spot& schema) {
    const auto word = schema.member("nullable");
    return word ? word : schema.member("type");
  };
  tell_keyword(at, is.nullable ? "became-nullable" : "became-not-nullable", place(before),
               place(after));
}

/// A schema put into, or taken out of, a oneOf or anyOf with `type: null`.
bool schema_judge::made_nullable(const pair_context& at) {
  const auto& [before, after] = at.places;
  const auto old_inner = unwrapped_nullable(before);
  const auto new_inner = unwrapped_nullable(after);
  if (static_cast<bool>(old_inner) == static_cast<bool>(new_inner)) return false;
  const bool is = static_cast<bool>(new_inner);
  if (types_of((is ? before : after).value).by_branches) return false;
  tell_keyword(at, is ? "became-nullable" : "became-not-nullable", before, after);
  compare({is ? before : old_inner, is ? new_inner : after}, at.role, at.depth + 1);
  return true;
}

void schema_judge::presence(const pair_context& at) {
  for (const auto& word : presence_words) {
    const auto both = at.places.member(word.name);
    const auto slug = std::string{word.slug};
    if (!both.before && !both.after) continue;
    if (at.role.required && word.name == "default") continue;
    if (both.before && both.after) {
      if (!word.holds_schema &&
          canonical_data(both.before.value) != canonical_data(both.after.value))
        tell_keyword(at, slug + "-changed", both.before, both.after);
      continue;
    }
    // The encoding of text is told as changed, whichever way it came about.
    const auto what = slug + (both.after ? "-added" : "-removed");
    if (!tell_keyword(at, what, both.before, both.after))
      tell_keyword(at, slug + "-changed", both.before, both.after);
  }
  const auto tuple = at.places.member("prefixItems");
  const auto was = tuple.before.value.size();
  const auto is = tuple.after.value.size();
  for (auto i = was; i < is; ++i)
    tell_keyword(at, "prefix-items-added", {}, tuple.after.element(i));
  for (auto i = is; i < was; ++i)
    tell_keyword(at, "prefix-items-removed", tuple.before.element(i), {});
}

void schema_judge::maps(const pair_context& at) {
  for (const auto& word : map_words) {
    const auto both = at.places.member(word.name);
    const auto slug = std::string{word.slug};
    for (const auto& row :
         match_members(place::plain_map, {both.before.value, both.after.value, {}})) {
      const auto was = row.in(0) ? both.before.child(row.index[0]) : spot{};
      const auto is = row.in(1) ? both.after.child(row.index[1]) : spot{};
      if (!was || !is)
        tell_keyword(at, slug + (is ? "-added" : "-removed"), was, is);
      else if (!word.holds_schema && !equivalent(was.value, is.value, place::value_set))
        tell_keyword(at, slug + "-changed", was, is);
    }
  }
}

void schema_judge::discriminator(const pair_context& at) {
  const auto both = at.places.member("discriminator");
  if (!both.before && !both.after) return;
  if (!both.before || !both.after)
    return void(tell_keyword(at, both.after ? "discriminator-added" : "discriminator-removed",
                             both.before, both.after));
  const auto name = both.member("propertyName");
  if (name.before.value.text() != name.after.value.text())
    tell_keyword(at, "discriminator-property-name-changed", name.before, name.after);
  const auto mapping = both.member("mapping");
  for (const auto& row :
       match_members(place::plain_map, {mapping.before.value, mapping.after.value, {}})) {
    const auto was = row.in(0) ? mapping.before.child(row.index[0]) : spot{};
    const auto is = row.in(1) ? mapping.after.child(row.index[1]) : spot{};
    if (!was)
      tell_keyword(at, "discriminator-mapping-added", was, is);
    else if (!is)
      tell_keyword(at, "discriminator-mapping-deleted", was, is);
    else if (!same_content(was.value, is.value))
      tell_keyword(at, "discriminator-mapping-changed", was, is);
  }
}

/// An object that became one of several alternatives: some of its properties are in one of them.
bool schema_judge::wrapped(const pair_context& at) {
  if (at.role.of != subject::request_body && at.role.of != subject::response_body) return false;
  const auto& [before, after] = at.places;
  const auto list = after.member("oneOf");
  const auto properties = before.value.find("properties");
  if (before.value.find("oneOf") || after.value.find("properties") || after.value.find("type"))
    return false;
  bool moved = false;
  for (std::size_t i = 0; i < list.value.size() && list.value.is_array(); ++i) {
    const auto branch = resolve(graph_.after(), list.element(i)).value.find("properties");
    moved = moved || std::any_of(properties.begin(), properties.end(),
                                 [&](node name) { return branch.find(name.key()); });
  }
  return moved && tell_keyword(at, "wrapped-in-one-of", before, list);
}

/// What else holds schemas.
void schema_judge::inside(const pair_context& at) {
  const auto within = [&](const spot_pair& both) {
    if (both.before.value.is_object() && both.after.value.is_object())
      compare(both, inner_role(at.role), at.depth + 1);
  };
  within(at.places.member("items"));
  within(at.places.member("additionalProperties"));
  for (const auto& word : presence_words)
    if (word.holds_schema) within(at.places.member(word.name));
  for (const auto& word : map_words) {
    if (!word.holds_schema) continue;
    const auto both = at.places.member(word.name);
    for (std::size_t i = 0; i < both.after.value.size(); ++i)
      within({both.before.member(both.after.value[i].key()), both.after.child(i)});
  }
  // To exclude more is to allow less, so that no rule's level holds inside.
  if (const auto excluded = at.places.member("not");
      !same_content(excluded.before.value, excluded.after.value))
    graph_.skip(excluded.after ? excluded.after : excluded.before,
                "what a schema excludes (not) is told, and not judged");
  const auto tuple = at.places.member("prefixItems");
  for (std::size_t i = 0; i < std::min(tuple.before.value.size(), tuple.after.value.size()); ++i)
    within({tuple.before.element(i), tuple.after.element(i)});
}

} // namespace apisync::specs
