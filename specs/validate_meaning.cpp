#include "specs/openapi_roles.hpp"
#include "specs/pointer.hpp"
#include "specs/references.hpp"
#include "specs/shape.hpp"
#include "specs/validate_findings.hpp"

#include <algorithm>

namespace apisync::specs {

namespace {

/// The names in the braces of a server's address.
std::vector<std::string_view> names_in(std::string_view address) {
  std::vector<std::string_view> names;
  for (auto open = address.find('{'); open != std::string_view::npos;
       open = address.find('{', open + 1)) {
    const auto close = address.find('}', open);
    if (close == std::string_view::npos) break;
    names.push_back(address.substr(open + 1, close - open - 1));
  }
  return names;
}

void check_default(node variable, const std::string& pointer, versions version,
                   finding_list& found) {
  const auto allowed = variable.find("enum");
  const auto value = variable.find("default");
  if (!allowed.is_array() || !value.is_string()) return;
  if (std::any_of(allowed.begin(), allowed.end(),
                  [&](node one) { return same_content(one, value); }))
    return;
  // 3.0 says SHOULD, later versions MUST.
  found.add(version == v3_0 ? severity::warning : severity::error, "server-default-not-allowed",
            pointer + "/default", value,
            {"the default " + quoted(value.text()) + " is none of the values in 'enum'",
             "add it to 'enum', or choose one of these"});
}

void check_server(node server, const std::string& pointer, versions version, finding_list& found) {
  const auto names = names_in(server.find("url").text());
  const auto variables = server.find("variables");
  for (const auto name : names)
    if (!variables.find(name))
      found.error("server-variable-undeclared", pointer + "/url", server.find("url"),
                  {"the address has {" + std::string{name} + "}, but no variable of that name",
                   "declare it in 'variables'"});
  for (const auto variable : variables) {
    const auto place = pointer + "/variables/" + escape_token(variable.key());
    if (std::find(names.begin(), names.end(), variable.key()) == names.end())
      found.warning("server-variable-unused", place, variable,
                    {"the variable " + quoted(variable.key()) + " is not in the address",
                     "put it into 'url' in braces, or remove it"});
    check_default(variable, place, version, found);
  }
}

/// A mapping's value is a reference, or the name of a schema.
void check_mapping(const document& doc, node schema, const std::string& pointer,
                   finding_list& found) {
  for (const auto target : schema.find("discriminator").find("mapping")) {
    if (!target.is_string()) continue;
    const auto text = target.text();
    const bool inside = text.starts_with("#/");
    const bool name = text.find_first_of("/.#:") == std::string_view::npos;
    const auto schemas = doc.root().find("components").find("schemas");
    if (inside ? static_cast<bool>(resolve_reference(doc, text)) : !name || schemas.find(text))
      continue;
    found.error("dangling-reference",
                pointer + "/discriminator/mapping/" + escape_token(target.key()), target,
                {"the mapping to " + quoted(text) + " leads nowhere",
                 "write the name of a schema or a reference to one"});
  }
}

void check_schema(const document& doc, node schema, const std::string& pointer, versions version,
                  finding_list& found) {
  check_mapping(doc, schema, pointer, found);
  if ((version & until_3_0) != 0 && schema.find("type").text() == "array" && !schema.find("items"))
    found.error("items-missing", pointer, schema,
                {"a schema of type array must say in 'items' what it holds",
                 "add 'items', or 'items: {}' for anything"});
  if (const auto nullable = schema.find("nullable"); nullable && (version & from_3_1) != 0)
    found.warning(
        "keyword-without-effect", pointer + "/nullable", nullable,
        {"'nullable' means nothing from OpenAPI 3.1 on", "add \"null\" to 'type' instead"});
}

} // namespace

void check_meaning(const document& doc, finding_list& found) {
  const auto version = version_of(doc);
  if (!version) return;
  for_each_place(doc, [&](const std::string& pointer, node value, role place) {
    if (place == role::schema) check_schema(doc, value, pointer, *version, found);
    if (place != role::server_set) return;
    for (std::size_t i = 0; i < value.size(); ++i)
      check_server(value[i], pointer + '/' + std::to_string(i), *version, found);
  });
}

} // namespace apisync::specs
