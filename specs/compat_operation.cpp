#include "specs/compat_operation.hpp"

#include "specs/identity_match.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>

namespace apisync::specs {

namespace {

constexpr std::array<std::string_view, 4> stability_levels{"draft", "alpha", "beta", "stable"};

bool is_date(std::string_view text) {
  constexpr std::string_view shape = "dddd-dd-dd";
  if (text.size() < shape.size()) return false;
  return std::equal(shape.begin(), shape.end(), text.begin(), [](char wanted, char found) {
    return wanted == 'd' ? found >= '0' && found <= '9' : wanted == found;
  });
}

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

/// Header fields' names are case-insensitive (RFC 9110 section 5.1).
std::string lower(std::string_view text) {
  std::string made{text};
  std::transform(made.begin(), made.end(), made.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return made;
}

bool is_success(std::string_view status) {
  return status.starts_with('2');
}

} // namespace

sunset sunset_of(node of, std::string_view as_of) {
  const auto date = of.find("x-sunset");
  if (!date) return sunset::none;
  if (!is_date(date.text())) return sunset::unreadable;
  return !as_of.empty() && date.text().substr(0, 10) < as_of ? sunset::passed : sunset::ahead;
}

void operation_judge::compare(const operation_pair& pair) {
  // A draft promises nothing: only that it stays one is looked at.
  const auto promised = pair.operation.before.value.find("x-stability-level").text();
  if (promised == "draft" || promised == "alpha") return;
  labels(pair);
  if (stability(pair.operation)) lifecycle(pair.operation);
  parameters(pair);
  request_body(resolved(pair.operation.member("requestBody")));
  responses(pair.operation.member("responses"));
  if (pair.operation.before.value.find("security") || pair.operation.after.value.find("security"))
    security(pair.operation.member("security"), "api-security-");
}

void operation_judge::labels(const operation_pair& pair) {
  const auto id = pair.operation.member("operationId");
  if (id.before && !(id.after && same_content(id.before.value, id.after.value)))
    tell("api-operation-id-removed", id.before, id.after);
  else if (!id.before && id.after)
    tell("api-operation-id-added", id.before, id.after);
  const auto tags = pair.operation.member("tags");
  for (const auto& row :
       match_elements(place::value_set, {tags.before.value, tags.after.value, {}}, {})) {
    if (!row.in(1)) tell("api-tag-removed", tags.before.element(row.index[0]), {});
    if (!row.in(0)) tell("api-tag-added", {}, tags.after.element(row.index[1]));
  }
}

void operation_judge::lifecycle(const spot_pair& operation) {
  const auto both = operation.member("deprecated");
  const bool was = both.before.value.boolean();
  const bool is = both.after.value.boolean();
  const auto date = operation.member("x-sunset");
  const auto ends = sunset_of(operation.after.value, options_.as_of);
  if (was && !is) return tell("endpoint-reactivated", both.before, both.after);
  if (!is) return;
  if (!was) {
    tell(ends == sunset::none         ? "endpoint-deprecated"
         : ends == sunset::unreadable ? "api-deprecated-sunset-parse"
         : ends == sunset::passed     ? "api-sunset-date-too-small"
                                      : "endpoint-deprecated-with-sunset",
         both.before, both.after);
  } else if (date.before && !date.after) {
    tell("sunset-deleted", date.before, date.after);
  } else if (ends == sunset::unreadable && !same_content(date.before.value, date.after.value)) {
    tell("api-deprecated-sunset-parse", date.before, date.after);
  } else if (date.before && date.after && date.after.value.text() < date.before.value.text() &&
             ends == sunset::passed) {
    tell("api-sunset-date-changed-too-small", date.before, date.after);
  }
}

bool operation_judge::stability(const spot_pair& operation) {
  const auto both = operation.member("x-stability-level");
  const auto rank = [](const spot& of) {
    const auto text = of ? of.value.text() : std::string_view{"stable"};
    return std::find(stability_levels.begin(), stability_levels.end(), text) -
           stability_levels.begin();
  };
  const auto was = rank(both.before);
  const auto is = rank(both.after);
  const auto unknown = static_cast<std::ptrdiff_t>(stability_levels.size());
  if (is == unknown || was == unknown) {
    tell("api-invalid-stability-level", both.before, both.after);
    return is != unknown;
  }
  if (is < was)
    tell("api-stability-decreased", both.before, both.after);
  else if (is > was)
    tell("api-stability-increased", both.before, both.after);
  return true;
}

void operation_judge::parameters(const operation_pair& pair) {
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
  switch (sunset_of(parameter.value, options_.as_of)) {
  case sunset::passed:
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
  const auto deprecated = parameter.member("deprecated");
  const bool was = deprecated.before.value.boolean();
  const bool is = deprecated.after.value.boolean();
  if (was != is)
    tell(is ? "request-parameter-deprecated" : "request-parameter-reactivated", deprecated.before,
         deprecated.after);
  schema_role role{subject::parameter};
  const auto where = parameter.after.value.find("in").text();
  role.repeatable = where == "query" && repeats(parameter.after.value);
  role.required = required.before.value.boolean() && required.after.value.boolean();
  if (is_body(parameter.after))
    role = {subject::request_body};
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

void operation_judge::request_body(const spot_pair& body) {
  if (!body.before && !body.after) return;
  const bool was = body.before.value.find("required").boolean();
  const bool is = body.after.value.find("required").boolean();
  if (!body.before)
    return tell(is ? "request-body-added-required" : "request-body-added-optional", {}, body.after);
  if (!body.after) return tell("request-body-removed", body.before, {});
  if (was != is)
    tell(is ? "request-body-became-required" : "request-body-became-optional",
         body.before.member("required"), body.after.member("required"));
  content(body.member("content"), {subject::request_body});
}

void operation_judge::responses(const spot_pair& responses) {
  for (const auto& row :
       match_members(place::response_map, {responses.before.value, responses.after.value, {}})) {
    if (row.key.starts_with("x-")) continue;
    const auto was = row.in(0) ? responses.before.child(row.index[0]) : spot{};
    const auto is = row.in(1) ? responses.after.child(row.index[1]) : spot{};
    const std::string group =
        is_success(row.key) ? "response-success-status-" : "response-non-success-status-";
    if (row.key == "default" && (!was || !is)) continue; // promises no status
    if (!was || !is)
      tell(group + (is ? "added" : "removed"), was, is);
    else
      response_kept(resolved({was, is}));
  }
}

void operation_judge::response_kept(const spot_pair& response) {
  if (!response.before || !response.after) return;
  headers(response.member("headers"));
  if (response.before.value.find("schema") && response.after.value.find("schema"))
    schemas_.compare(response.member("schema"), {subject::response_body});
  content(response.member("content"), {subject::response_body});
}

void operation_judge::headers(const spot_pair& headers) {
  const auto by_name = [](const spot& map) {
    std::map<std::string, spot> found;
    for (std::size_t i = 0; i < map.value.size(); ++i)
      found.try_emplace(lower(map.value[i].key()), map.child(i));
    return found;
  };
  auto fresh = by_name(headers.after);
  for (auto& [name, was] : by_name(headers.before)) {
    const auto is = fresh.find(name);
    if (is == fresh.end()) {
      const auto header = resolve(graph_.before(), was);
      const bool required = header && header.value.find("required").boolean();
      tell(required ? "required-response-header-removed" : "optional-response-header-removed", was,
           {});
      continue;
    }
    header_kept(resolved({was, is->second}));
    fresh.erase(is);
  }
  for (auto& [name, is] : fresh)
    tell("response-header-added", {}, is);
}

void operation_judge::header_kept(const spot_pair& header) {
  if (!header.before || !header.after) return;
  const auto required = header.member("required");
  if (required.before.value.boolean() && !required.after.value.boolean())
    tell("response-header-became-optional", required.before, required.after);
  if (const auto schema = header.member("schema"); schema.before && schema.after)
    schemas_.compare(schema, {subject::response_header, true});
  else if (header.before.value.find("type") && header.after.value.find("type")) // Swagger 2.0
    schemas_.compare_here(header, {subject::response_header, true});
}

void operation_judge::security(const spot_pair& lists, const std::string& rule_prefix) {
  for (const auto& row :
       match_elements(place::security_list, {lists.before.value, lists.after.value, {}}, {})) {
    const auto was = row.in(0) ? lists.before.element(row.index[0]) : spot{};
    const auto is = row.in(1) ? lists.after.element(row.index[1]) : spot{};
    if (!was || !is) {
      if (row.key != "{}") tell(rule_prefix + (is ? "added" : "removed"), was, is);
      continue;
    }
    for (std::size_t i = 0; i < is.value.size(); ++i) {
      const auto after = is.child(i);
      const auto before = was.member(after.value.key());
      for (const auto& scope_row :
           match_elements(place::value_set, {before.value, after.value, {}}, {})) {
        if (!scope_row.in(1))
          tell(rule_prefix + "scope-removed", before.element(scope_row.index[0]), {});
        if (!scope_row.in(0))
          tell(rule_prefix + "scope-added", {}, after.element(scope_row.index[1]));
      }
    }
  }
}

} // namespace apisync::specs
