// The part of schema_judge that compares properties, and what is said of one.
#include "specs/compat_lifecycle.hpp"
#include "specs/compat_schema.hpp"
#include "specs/identity_match.hpp"

#include <algorithm>
#include <string_view>

namespace apisync::specs {

namespace {

bool is_header_parameter(subject of) {
  return of == subject::header_parameter || of == subject::header_parameter_property;
}

bool required_in(node schema, std::string_view name) {
  const auto list = schema.find("required");
  return list.is_array() &&
         std::any_of(list.begin(), list.end(), [&](node entry) { return entry.text() == name; });
}

} // namespace

void schema_judge::properties(const pair_context& at) {
  const auto both = at.places.member("properties");
  for (const auto& row :
       match_members(place::schema_map, {both.before.value, both.after.value, {}})) {
    const auto was = row.in(0) ? both.before.child(row.index[0]) : spot{};
    const auto is = row.in(1) ? both.after.child(row.index[1]) : spot{};
    if (!was)
      property_added(at, is, required_in(at.places.after.value, row.key));
    else if (!is)
      property_removed(at, was, required_in(at.places.before.value, row.key));
    else
      property_kept(at, {was, is});
  }
}

void schema_judge::property_added(const pair_context& at, const spot& added, bool required) {
  const auto schema = resolve(graph_.after(), added);
  const auto flag = [&](const char* word) { return schema && schema.value.find(word).boolean(); };
  if (direction_of(at.role.of) == direction::response) {
    const std::string need = required ? "response-required-" : "response-optional-";
    tell(need + (flag("writeOnly") ? "write-only-property-added" : "property-added"), {}, added);
    return;
  }
  if (flag("readOnly")) return;
  if (is_header_parameter(at.role.of) && required)
    tell("new-required-request-header-property", {}, added);
  if (is_parameter(at.role.of)) return;
  const bool has_default = schema && schema.value.find("default");
  tell(!required     ? "new-optional-request-property"
       : has_default ? "new-required-request-property-with-default"
                     : "new-required-request-property",
       {}, added);
}

void schema_judge::property_removed(const pair_context& at, const spot& removed, bool required) {
  const auto schema = resolve(graph_.before(), removed);
  const auto flag = [&](const char* word) { return schema && schema.value.find(word).boolean(); };
  if (direction_of(at.role.of) == direction::response) {
    const std::string need = required ? "response-required-" : "response-optional-";
    tell(need + (flag("writeOnly") ? "write-only-property-removed" : "property-removed"), removed,
         {});
    return;
  }
  if (flag("readOnly") || is_parameter(at.role.of)) return;
  tell("request-property-removed", removed, {});
}

void schema_judge::property_kept(const pair_context& at, const spot_pair& property) {
  const auto name = property.after.value.key();
  const bool was_required = required_in(at.places.before.value, name);
  const bool is_required = required_in(at.places.after.value, name);
  const auto old_schema = resolve(graph_.before(), property.before);
  const auto new_schema = resolve(graph_.after(), property.after);
  const auto flag = [](const spot& schema, const char* word) {
    return schema && schema.value.find(word).boolean();
  };
  const bool response = direction_of(at.role.of) == direction::response;
  const std::string side = response ? "response-" : "request-";
  const bool parameter = is_parameter(at.role.of);
  if (was_required != is_required && !parameter) {
    const bool hidden = response ? flag(new_schema, "writeOnly") : flag(new_schema, "readOnly");
    const bool has_default = new_schema && new_schema.value.find("default");
    if (response)
      tell(side + (hidden ? "write-only-property-" : "property-") +
               (is_required ? "became-required" : "became-optional"),
           property.before, property.after);
    else if (!hidden)
      tell(side + "property-" + (is_required ? "became-required" : "became-optional") +
               (is_required && has_default ? "-with-default" : ""),
           property.before, property.after);
  }
  if (is_header_parameter(at.role.of) && is_required && !was_required &&
      !flag(new_schema, "readOnly"))
    tell("request-header-property-became-required", property.before, property.after);
  const std::string need = is_required ? "required-property-became-" : "optional-property-became-";
  for (const auto& [word, slug] :
       {std::pair{"readOnly", "read-only"}, std::pair{"writeOnly", "write-only"}}) {
    const bool was = flag(old_schema, word);
    const bool is = flag(new_schema, word);
    if (was != is && !parameter)
      tell(side + need + (is ? "" : "not-") + slug, property.before.member(word),
           property.after.member(word));
  }
  compare(property, inner_role(at.role), at.depth + 1);
}

void schema_judge::lifecycle(const pair_context& at) {
  if (at.role.of != subject::request_property && at.role.of != subject::response_property) return;
  constexpr lifecycle_rules words{
      .deprecated = "deprecated",
      .deprecated_with_sunset = "deprecated-with-sunset",
      .reactivated = "reactivated",
      .sunset_missing = "deprecated-sunset-missing",
      .sunset_unreadable = "deprecated-sunset-invalid",
      .sunset_too_near = "sunset-date-too-small",
      .sunset_deleted = {},
      .moved_unreadable = {},
      .moved_too_near = {},
  };
  const auto& [before, after] = at.places;
  const auto found =
      judge_lifecycle(before.value, after.value, words, {graph_.today(), at.role.notice_days});
  if (!found.deprecation.empty())
    tell_keyword(at, found.deprecation, before.member("deprecated"), after.member("deprecated"));
  const auto level = at.places.member("x-stability-level");
  const auto was = stability_of(before.value);
  const auto is = stability_of(after.value);
  if (!was || !is)
    tell("api-invalid-stability-level", level.before, level.after);
  else if (*was != *is && *was >= graph_.options().rules.judged_from)
    tell_keyword(at, *is < *was ? "stability-decreased" : "stability-increased", level.before,
                 level.after);
}

} // namespace apisync::specs
