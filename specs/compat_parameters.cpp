// The part of operation_judge that compares parameters.
#include "specs/compat_operation.hpp"
#include "specs/identity_match.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace apisync::specs {

namespace {

constexpr lifecycle_rules parameter_lifecycle{
    .deprecated = "request-parameter-deprecated",
    .deprecated_with_sunset = "request-parameter-deprecated",
    .reactivated = "request-parameter-reactivated",
    .sunset_missing = "request-parameter-deprecated-sunset-missing",
    .sunset_unreadable = "request-parameter-sunset-parse",
    .sunset_too_near = "request-parameter-sunset-date-too-small",
    .sunset_deleted = "request-parameter-sunset-deleted",
    .moved_unreadable = "request-parameter-sunset-parse",
    .moved_too_near = "request-parameter-sunset-date-changed-too-small",
};

/// By key: a parameter, and whether it is shared by the operations of its path.
using parameter_map = std::map<std::string, std::pair<spot, bool>>;

/// The parameters of an operation by key, those of its path item included where it has none of its
/// own of that key.
std::map<std::string, std::pair<spot, bool>>
parameters_of(const document& in, const spot& item, const spot& operation, const scope& path) {
  parameter_map found;
  for (const auto* holder : {&operation, &item}) {
    const auto list = holder->member("parameters");
    if (!list.value.is_array()) continue;
    for (std::size_t i = 0; i < list.value.size(); ++i)
      if (auto parameter = resolve(in, list.element(i)))
        found.try_emplace(element_key(place::parameter_list, parameter.value, path), parameter,
                          holder == &item);
  }
  return found;
}

/// The parameter of the other version that is the same. A path parameter that one version's
/// template does not name goes by its own name.
parameter_map::const_iterator partner_of(const std::string& key, node parameter,
                                         const parameter_map& others) {
  const auto found = others.find(key);
  if (found != others.end() || !key.starts_with("path:")) return found;
  const auto by_name = others.find("path:" + std::string{parameter.find("name").text()});
  if (by_name != others.end()) return by_name;
  return std::find_if(others.begin(), others.end(), [&](const auto& other) {
    return key == "path:" + std::string{other.second.first.value.find("name").text()};
  });
}

/// A list is sent as one field per element: style `form` with `explode`, which is the default.
bool repeats(node parameter) {
  const auto style = parameter.find("style");
  const auto explode = parameter.find("explode");
  return (!style || style.text() == "form") && (!explode || explode.boolean());
}

bool is_body(const spot& parameter) {
  return parameter.value.find("in").text() == "body";
}

} // namespace

void operation_judge::parameters(const operation_pair& pair) {
  if (parameters_untouched(pair)) return;
  const auto was =
      parameters_of(graph_.before(), pair.item.before, pair.operation.before, pair.before_in);
  const auto is =
      parameters_of(graph_.after(), pair.item.after, pair.operation.after, pair.after_in);
  std::set<std::string> told;
  for (const auto& [key, old_parameter] : was) {
    const auto kept = partner_of(key, old_parameter.first.value, is);
    if (kept == is.end()) {
      parameter_removed(old_parameter.first);
      continue;
    }
    told.insert(kept->first);
    parameter_kept({old_parameter.first, kept->second.first});
  }
  for (const auto& [key, new_parameter] : is)
    if (!told.contains(key)) parameter_added(new_parameter.first, new_parameter.second);
}

void operation_judge::parameter_added(const spot& parameter, bool shared) {
  const bool required = parameter.value.find("required").boolean();
  if (is_body(parameter))
    tell(required ? "request-body-added-required" : "request-body-added-optional", {}, parameter);
  else if (shared)
    tell(required ? "new-required-request-default-parameter-to-existing-path"
                  : "new-optional-request-default-parameter-to-existing-path",
         {}, parameter);
  else if (parameter.value.find("in").text() == "path")
    tell("new-request-path-parameter", {}, parameter);
  else
    tell(required ? "new-required-request-parameter" : "new-optional-request-parameter", {},
         parameter);
}

void operation_judge::parameter_removed(const spot& parameter) {
  if (is_body(parameter)) return tell("request-body-removed", parameter, {});
  if (!parameter.value.find("deprecated").boolean())
    return tell("request-parameter-removed", parameter, {});
  switch (sunset_of(parameter.value, graph_.today())) {
  case sunset::reached:
    return; // as announced
  case sunset::none:
    return tell("request-parameter-removed-with-deprecation", parameter, {});
  case sunset::unreadable:
    return tell("request-parameter-sunset-parse", parameter, {});
  case sunset::ahead:
    return tell("request-parameter-removed-before-sunset", parameter, {});
  }
}

void operation_judge::parameter_kept(const spot_pair& parameter) {
  const auto required = parameter.member("required");
  const auto subject_name =
      std::string{is_body(parameter.after) ? "request-body-" : "request-parameter-"};
  if (required.before.value.boolean() != required.after.value.boolean())
    tell(subject_name + (required.after.value.boolean() ? "became-required" : "became-optional"),
         required.before, required.after);
  lifecycle(parameter, parameter_lifecycle);
  auto role = role_of(subject::parameter);
  const auto where = parameter.after.value.find("in").text();
  role.repeatable = where == "query" && repeats(parameter.after.value);
  role.required = required.before.value.boolean() || required.after.value.boolean();
  if (is_body(parameter.after))
    role = role_of(subject::request_body);
  else if (where == "header")
    role.of = subject::header_parameter;
  const auto schema = parameter.member("schema");
  if (schema.before && schema.after)
    schemas_.compare(schema, role);
  else if (!schema.before && !schema.after && parameter.after.value.find("type"))
    schemas_.compare_here(parameter, role); // Swagger 2.0 has the schema's words in the parameter
  const auto media = parameter.member("content");
  for (std::size_t i = 0; i < media.after.value.size(); ++i) {
    const spot_pair inner{media.before.member(media.after.value[i].key()), media.after.child(i)};
    if (const auto within = inner.member("schema"); within.before && within.after)
      schemas_.compare(within, role);
  }
}

} // namespace apisync::specs
