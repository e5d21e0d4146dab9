#include "specs/openapi_roles.hpp"
#include "specs/pointer.hpp"
#include "specs/references.hpp"
#include "specs/shape.hpp"
#include "specs/validate_findings.hpp"

#include <algorithm>
#include <string>
#include <unordered_map>
#include <unordered_set>

namespace apisync::specs {

namespace {

struct named_place {
  std::string pointer;
  node value;
};

/// The places that name something defined elsewhere in the document.
struct name_users {
  std::unordered_map<std::string_view, std::string> operation_ids;
  std::vector<named_place> links;
  std::vector<named_place> security; ///< Lists of requirements.
};

void add_security(node holder, const std::string& pointer, name_users& users) {
  if (const auto list = holder.find("security"))
    users.security.push_back({pointer + "/security", list});
}

name_users collect(const document& doc, finding_list& found) {
  name_users users;
  add_security(doc.root(), "", users);
  for_each_place(doc, [&](const std::string& pointer, node value, role place) {
    if (place == role::link) users.links.push_back({pointer, value});
    if (place != role::operation) return;
    add_security(value, pointer, users);
    const auto id = value.find("operationId");
    if (!id.is_string()) return;
    const auto [first, is_new] = users.operation_ids.emplace(id.text(), pointer);
    if (!is_new)
      found.error("operation-id-repeated", pointer + "/operationId", id,
                  {"the operation id " + quoted(id.text()) + " is already used by " + first->second,
                   "give one of the two another id"});
  });
  return users;
}

void check_links(const name_users& users, finding_list& found) {
  for (const auto& link : users.links) {
    const auto id = link.value.find("operationId");
    if (id.is_string() && !users.operation_ids.contains(id.text()))
      found.error("link-operation-unknown", link.pointer + "/operationId", id,
                  {"no operation has the id " + quoted(id.text()), "correct it"});
  }
}

void check_tags(const document& doc, finding_list& found) {
  std::unordered_set<std::string_view> seen;
  const auto tags = doc.root().find("tags");
  for (std::size_t i = 0; i < tags.size(); ++i) {
    const auto name = tags[i].find("name");
    if (name.is_string() && !seen.insert(name.text()).second)
      found.error("tag-repeated", "/tags/" + std::to_string(i) + "/name", name,
                  {"the tag " + quoted(name.text()) + " is already in this list",
                   "make one tag of the two"});
  }
}

/// Whether a flow, or the scheme itself in 2.0, has the scope.
bool knows_scope(node scheme, std::string_view scope) {
  if (scheme.find("scopes").find(scope)) return true;
  const auto flows = scheme.find("flows");
  return std::any_of(flows.begin(), flows.end(),
                     [&](node flow) { return flow.find("scopes").find(scope); });
}

void check_scopes(node scheme, node list, const std::string& pointer, finding_list& found) {
  if (scheme.find("type").text() != "oauth2") return;
  for (std::size_t i = 0; i < list.size(); ++i)
    if (list[i].is_string() && !knows_scope(scheme, list[i].text()))
      found.warning(
          "scope-unknown", pointer + '/' + std::to_string(i), list[i],
          {"the security scheme " + quoted(list.key()) + " has no scope " + quoted(list[i].text()),
           "correct it, or add it to the scopes of the scheme"});
}

/// From 3.2 on, a requirement may name a scheme by its address instead.
bool is_address(std::string_view name, versions version) {
  return (version & v3_2) != 0 && name.find_first_of("/#:") != std::string_view::npos;
}

void check_security(const document& doc, const name_users& users, versions version,
                    finding_list& found) {
  const auto root = doc.root();
  const auto schemes = version == v2_0 ? root.find("securityDefinitions")
                                       : root.find("components").find("securitySchemes");
  for (const auto& list : users.security) {
    for (std::size_t i = 0; i < list.value.size(); ++i) {
      for (const auto requirement : list.value[i]) {
        const auto pointer =
            list.pointer + '/' + std::to_string(i) + '/' + escape_token(requirement.key());
        const auto scheme = schemes.find(requirement.key());
        if (!scheme && !requirement.key().empty() && !is_address(requirement.key(), version))
          found.error("security-scheme-unknown", pointer, requirement,
                      {"there is no security scheme " + quoted(requirement.key()),
                       version == v2_0 ? "correct it, or add it to 'securityDefinitions'"
                                       : "correct it, or add it to 'components/securitySchemes'"});
        if (scheme) check_scopes(follow(doc, scheme), requirement, pointer, found);
      }
    }
  }
}

} // namespace

void check_names(const document& doc, finding_list& found) {
  const auto version = version_of(doc);
  if (!version) return;
  const auto users = collect(doc, found);
  check_tags(doc, found);
  check_links(users, found);
  check_security(doc, users, *version, found);
}

} // namespace apisync::specs
