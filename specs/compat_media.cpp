// The part of operation_judge that compares the content of bodies, by media type.
#include "specs/compat_operation.hpp"
#include "specs/identity_match.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace apisync::specs {

namespace {

enum class media_names : std::uint8_t { unrelated, changed, generalized, specialized };

/// How one media type's name became another: `application/problem+json` is an `application/json`,
/// and one with parameters is one without.
media_names compare_media_names(std::string_view before, std::string_view after) {
  const auto bare = [](std::string_view name) { return name.substr(0, name.find(';')); };
  const auto parameters = [&](std::string_view name) { return name.substr(bare(name).size()); };
  const auto syntax = [&](std::string_view name) {
    name = bare(name);
    const auto slash = name.find('/');
    const auto suffix = name.find('+');
    if (slash == name.npos || suffix == name.npos) return std::string{name};
    return std::string{name.substr(0, slash + 1)} + std::string{name.substr(suffix + 1)};
  };
  if (syntax(before) != syntax(after)) return media_names::unrelated;
  const bool same_type = bare(before) == bare(after);
  const bool wider = parameters(after).empty() && (same_type || syntax(before) == bare(after));
  const bool narrower = parameters(before).empty() && (same_type || syntax(after) == bare(before));
  if (parameters(before) != parameters(after) && !same_type) return media_names::changed;
  return wider      ? media_names::generalized
         : narrower ? media_names::specialized
                    : media_names::changed;
}

/// JSON tells a number from a text; XML, forms and plain text do not.
schema_role in_medium(schema_role role, std::string_view media_type) {
  role.textual =
      media_type.find("json") == media_type.npos && media_type.find('*') == media_type.npos;
  return role;
}

} // namespace

void operation_judge::content(const spot_pair& content, const schema_role& role) {
  const bool request = role.of == subject::request_body;
  std::vector<spot> gone;
  std::vector<spot> fresh;
  for (const auto& row :
       match_members(place::media_type_map, {content.before.value, content.after.value, {}})) {
    if (!row.in(1)) {
      gone.push_back(content.before.child(row.index[0]));
    } else if (!row.in(0)) {
      fresh.push_back(content.after.child(row.index[1]));
    } else {
      const spot_pair media{content.before.child(row.index[0]), content.after.child(row.index[1])};
      const auto item = media.member("itemSchema"); // OpenAPI 3.2: of each element of a stream
      if (item.before && item.after) schemas_.compare(item, in_medium(inner_role(role), row.key));
      const auto schema = media.member("schema");
      const std::string side = request ? "request-body-" : "response-body-";
      if (schema.before && schema.after)
        schemas_.compare(schema, in_medium(role, row.key));
      else if (schema.before || schema.after)
        tell(side + (schema.after ? "media-type-schema-added" : "media-type-schema-removed"),
             schema.before, schema.after);
    }
  }
  if (!request && gone.size() == 1 && fresh.size() == 1 &&
      media_type_renamed({gone[0], fresh[0]}, role))
    return;
  const std::string side = request ? "request-body-media-type-" : "response-media-type-";
  for (auto& media : gone)
    tell(side + "removed", std::move(media), {});
  for (auto& media : fresh)
    tell(side + "added", {}, std::move(media));
}

bool operation_judge::media_type_renamed(const spot_pair& media, const schema_role& role) {
  const auto name = media.after.value.key();
  switch (compare_media_names(media.before.value.key(), name)) {
  case media_names::unrelated:
    return false;
  case media_names::changed:
    tell("response-media-type-name-changed", media.before, media.after);
    break;
  case media_names::generalized:
    tell("response-media-type-name-generalized", media.before, media.after);
    break;
  case media_names::specialized:
    tell("response-media-type-name-specialized", media.before, media.after);
    break;
  }
  if (const auto schema = media.member("schema"); schema.before && schema.after)
    schemas_.compare(schema, in_medium(role, name));
  return true;
}

} // namespace apisync::specs
