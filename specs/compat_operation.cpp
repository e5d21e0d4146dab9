#include "specs/compat_operation.hpp"

#include "specs/identity_match.hpp"

#include <algorithm>
#include <map>

namespace apisync::specs {

namespace {

constexpr lifecycle_rules operation_lifecycle{
    .deprecated = "endpoint-deprecated",
    .deprecated_with_sunset = "endpoint-deprecated-with-sunset",
    .reactivated = "endpoint-reactivated",
    .sunset_missing = "api-deprecated-sunset-missing",
    .sunset_unreadable = "api-deprecated-sunset-parse",
    .sunset_too_near = "api-sunset-date-too-small",
    .sunset_deleted = "sunset-deleted",
    .moved_unreadable = "api-path-sunset-parse",
    .moved_too_near = "api-sunset-date-changed-too-small",
};

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

void operation_judge::compare(const operation_pair& pair) {
  // A draft promises nothing: only that it stays one is looked at.
  const auto& rules = graph_.options().rules;
  if (!is_promised(rules, pair.operation.before.value) || untouched(pair)) return;
  notice_days_ = rules.notice_days(
      stability_of(pair.operation.after.value).value_or(specs::stability::stable));
  labels(pair);
  const bool reactivated = pair.operation.before.value.find("deprecated").boolean() &&
                           !pair.operation.after.value.find("deprecated").boolean();
  if (stability(pair.operation) || reactivated) lifecycle(pair.operation, operation_lifecycle);
  parameters(pair);
  request_body(resolved(pair.operation.member("requestBody")));
  responses(pair.operation.member("responses"));
  if (pair.operation.before.value.find("security") || pair.operation.after.value.find("security"))
    security(pair.operation.member("security"), "api-security-");
  media_type_lists(pair.operation);
  // The API is the one that calls there, and no rule speaks of that.
  if (const auto callbacks = pair.operation.member("callbacks");
      !same_content(callbacks.before.value, callbacks.after.value))
    graph_.skip(callbacks.after ? callbacks.after : callbacks.before,
                "what callbacks carry is told, and not judged");
}

/// OpenAPI 2.0: the media types of an operation, or those of the document.
void operation_judge::media_type_lists(const spot_pair& operation) {
  const spot_pair root{{graph_.before().root(), {}}, {graph_.after().root(), {}}};
  if (!root.before.value.find("swagger") || !root.after.value.find("swagger")) return;
  const auto own_or_root = [&](const char* word) {
    const auto own = operation.member(word);
    const auto all = root.member(word);
    return spot_pair{own.before ? own.before : all.before, own.after ? own.after : all.after};
  };
  for (const auto& [word, rule] : {std::pair{"consumes", "request-body-media-type-"},
                                   std::pair{"produces", "response-media-type-"}}) {
    const auto [before, after] = own_or_root(word);
    for (const auto& row : match_elements(place::value_set, {before.value, after.value, {}}, {})) {
      if (!row.in(1)) tell(std::string{rule} + "removed", before.element(row.index[0]), {});
      if (!row.in(0)) tell(std::string{rule} + "added", {}, after.element(row.index[1]));
    }
  }
}

/// Nothing differs in the operation, in what it shares with others, and in what these refer to.
bool operation_judge::untouched(const operation_pair& pair) const {
  const auto same_in_root = [&](const char* word) {
    return same_content(graph_.before().root().find(word), graph_.after().root().find(word));
  };
  return graph_.untouched_within(pair.operation.before.value, pair.operation.after.value) &&
         parameters_untouched(pair) && same_in_root("consumes") &&
         same_in_root("produces"); // OpenAPI 2.0's defaults
}

bool operation_judge::parameters_untouched(const operation_pair& pair) const {
  if (pair.before_in.path_template != pair.after_in.path_template) return false;
  const auto word = "parameters";
  const auto& [before, after] = pair.operation;
  return graph_.untouched_within(before.value.find(word), after.value.find(word)) &&
         graph_.untouched_within(pair.item.before.value.find(word),
                                 pair.item.after.value.find(word));
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

void operation_judge::lifecycle(const spot_pair& part, const lifecycle_rules& rules) {
  const auto found =
      judge_lifecycle(part.before.value, part.after.value, rules, {graph_.today(), notice_days_});
  const auto said = [&](std::string_view rule, const char* word) {
    if (rule.empty()) return;
    const auto both = part.member(word);
    tell(std::string{rule}, both.before, both.after);
  };
  said(found.deprecation, "deprecated");
  said(found.sunset, "x-sunset");
}

bool operation_judge::stability(const spot_pair& operation) {
  const auto both = operation.member("x-stability-level");
  const auto was = stability_of(operation.before.value);
  const auto is = stability_of(operation.after.value);
  if (!was || !is) {
    tell("api-invalid-stability-level", both.before, both.after);
    return is.has_value();
  }
  if (*is < *was)
    tell("api-stability-decreased", both.before, both.after);
  else if (*is > *was)
    tell("api-stability-increased", both.before, both.after);
  return true;
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
  content(body.member("content"), role_of(subject::request_body));
}

void operation_judge::responses(const spot_pair& responses) {
  for (const auto& row :
       match_members(place::response_map, {responses.before.value, responses.after.value, {}})) {
    if (row.key.starts_with("x-")) continue;
    if (row.in(0) && row.in(1) &&
        graph_.untouched_within(responses.before.value[row.index[0]],
                                responses.after.value[row.index[1]]))
      continue;
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
    schemas_.compare(response.member("schema"), role_of(subject::response_body));
  content(response.member("content"), role_of(subject::response_body));
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
    schemas_.compare(schema, role_of(subject::response_header, true));
  else if (header.before.value.find("type") && header.after.value.find("type")) // Swagger 2.0
    schemas_.compare_here(header, role_of(subject::response_header, true));
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
