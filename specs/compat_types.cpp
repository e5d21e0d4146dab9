#include "specs/compat_types.hpp"

#include "specs/identity.hpp"

#include <algorithm>
#include <array>

namespace apisync::specs {

namespace {

bool is_bare_type(node branch) {
  return branch.is_object() && branch.size() == 1 && branch.find("type").is_string();
}

bool is_null(node branch) {
  return is_bare_type(branch) && branch.find("type").text() == "null";
}

void add_names(type_set& to, node type) {
  const auto add = [&](node name) {
    if (name.text() == "null")
      to.nullable = true;
    else if (name.is_string())
      to.names.push_back(name.text());
  };
  if (type.is_string()) add(type);
  if (!type.is_array()) return;
  for (const auto name : type)
    add(name);
}

bool has(const type_set& types, std::string_view name) {
  return std::binary_search(types.names.begin(), types.names.end(), name);
}

/// Values of the narrow types are values of the wide ones. Parameters are text, so that a plain
/// string there allows every scalar.
bool types_include(const type_set& wide, const type_set& narrow, bool as_text) {
  return std::all_of(narrow.names.begin(), narrow.names.end(), [&](std::string_view name) {
    return has(wide, name) || (name == "integer" && has(wide, "number")) ||
           (as_text && has(wide, "string") && name != "object" && name != "array");
  });
}

bool format_includes(std::string_view wide, std::string_view narrow) {
  return wide.empty() || wide == narrow || (wide == "int64" && narrow == "int32") ||
         (wide == "double" && narrow == "float") || (wide == "date-time" && narrow == "date");
}

bool includes(node wide, const type_set& wide_types, node narrow, const type_set& narrow_types,
              bool as_text) {
  const auto wide_format = wide.find("format").text();
  if (wide_types.names.empty()) return wide_format.empty();
  if (narrow_types.names.empty()) return false;
  return types_include(wide_types, narrow_types, as_text) &&
         format_includes(wide_format, narrow.find("format").text());
}

/// The words that limit which values of a type are valid.
constexpr std::array limiting_words{
    std::string_view{"pattern"}, std::string_view{"enum"},      std::string_view{"const"},
    std::string_view{"minimum"}, std::string_view{"maximum"},   std::string_view{"minLength"},
    std::string_view{"format"},  std::string_view{"maxLength"},
};

/// What the wide schema limits, the narrow one limits in the same way.
bool limits_no_more(node wide, node narrow) {
  return std::all_of(limiting_words.begin(), limiting_words.end(), [&](std::string_view word) {
    const auto limit = wide.find(word);
    const auto other = narrow.find(word);
    return !limit || (other && same_content(limit, other));
  });
}

/// A parameter's one value is also a list of one, and a list of one is also its value.
bool one_or_list(node scalar, node list) {
  const auto list_types = types_of(list);
  if (list_types.names.size() != 1 || list_types.names[0] != "array") return false;
  const auto items = list.find("items");
  const auto scalar_types = types_of(scalar);
  return items && !scalar_types.names.empty() && scalar_types.names == types_of(items).names;
}

bool is_text(const type_set& types) {
  return types.names.size() == 1 && has(types, "string");
}

type_change compare_branches(const type_set& was, const type_set& is) {
  if (types_include(is, was, false)) return type_change::list_widened;
  if (types_include(was, is, false)) return type_change::list_narrowed;
  return type_change::changed;
}

} // namespace

type_set types_of(node schema) {
  type_set made;
  if (const auto type = schema.find("type")) {
    add_names(made, type);
  } else {
    for (const auto* word : {"anyOf", "oneOf"}) {
      const auto list = schema.find(word);
      if (!list.is_array() || list.size() == 0 ||
          !std::all_of(list.begin(), list.end(), is_bare_type))
        continue;
      for (const auto branch : list)
        add_names(made, branch.find("type"));
      made.by_branches = true;
      break;
    }
  }
  std::sort(made.names.begin(), made.names.end());
  made.names.erase(std::unique(made.names.begin(), made.names.end()), made.names.end());
  if (schema.find("nullable").boolean()) made.nullable = true;
  return made;
}

type_change compare_types(node before, node after, const schema_role& role) {
  const auto was = types_of(before);
  const auto is = types_of(after);
  const auto old_format = before.find("format").text();
  const auto new_format = after.find("format").text();
  if (was.names == is.names && (old_format == new_format || was.by_branches != is.by_branches))
    return type_change::none;
  if ((was.by_branches || is.by_branches) && !was.names.empty() && !is.names.empty())
    return compare_branches(was, is);
  const bool parameter = is_parameter(role.of);
  const bool response = direction_of(role.of) == direction::response;
  if (role.textual && !parameter && was.names != is.names && is_text((response ? was : is)))
    return type_change::compatible;
  if (role.repeatable && one_or_list(before, after) && limits_no_more(after.find("items"), before))
    return type_change::generalized;
  if (role.repeatable && one_or_list(after, before) && limits_no_more(after, before.find("items")))
    return type_change::generalized;
  // Text of no stated format says less in a response, but nothing that is true of every value.
  if (response && was.names == is.names && new_format.empty()) return type_change::changed;
  const bool whole_parameter = parameter && role.of != subject::parameter_property &&
                               role.of != subject::header_parameter_property;
  if (includes(after, is, before, was, whole_parameter)) return type_change::generalized;
  const bool list_shrank = was.names.size() > 1 && !response;
  if (!list_shrank && includes(before, was, after, is, parameter)) return type_change::specialized;
  return type_change::changed;
}

std::string_view rule_suffix(type_change of) {
  switch (of) {
  case type_change::none:
    return "";
  case type_change::changed:
    return "type-changed";
  case type_change::compatible:
    return "type-compatible";
  case type_change::generalized:
    return "type-generalized";
  case type_change::specialized:
    return "type-specialized";
  case type_change::list_widened:
    return "list-of-types-widened";
  case type_change::list_narrowed:
    return "list-of-types-narrowed";
  }
  return "";
}

spot unwrapped_nullable(const spot& schema) {
  for (const auto* word : {"oneOf", "anyOf"}) {
    const auto list = schema.member(word);
    if (!list.value.is_array() || list.value.size() != 2) continue;
    for (std::size_t null_at = 0; null_at < 2; ++null_at)
      if (is_null(list.value[null_at]) && !is_null(list.value[1 - null_at]))
        return list.element(1 - null_at);
  }
  return {};
}

} // namespace apisync::specs
