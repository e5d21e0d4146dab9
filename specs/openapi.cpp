#include "specs/openapi.hpp"

#include <algorithm>
#include <array>

namespace apisync::specs {

namespace {

/// What a document without `openapi` and `swagger` seems to be; empty where nothing tells.
std::string_view likeness(node root) {
  if (root.find("asyncapi")) return "this is an AsyncAPI document";
  if (root.find("swaggerVersion")) return "this is a Swagger 1 document, which is too old";
  if (root.find("info").find("_postman_id")) return "this is a Postman collection";
  if (root.find("$schema") && !root.find("paths")) return "this seems to be a JSON Schema";
  if (root.find("overlay")) return "this is an OpenAPI Overlay";
  if (root.find("arazzo")) return "this is an Arazzo document";
  if (root.find("error") || root.find("errors") || root.find("message"))
    return "this seems to be an error answer of the server";
  return {};
}

bool is_supported(std::string_view version) {
  constexpr std::array<std::string_view, 4> lines{"2.0", "3.0", "3.1", "3.2"};
  return std::any_of(lines.begin(), lines.end(), [&](std::string_view line) {
    return version.starts_with(line) &&
           (version.size() == line.size() || version[3] == '.' || version[3] == '-');
  });
}

std::string text_or_nothing(node value) {
  return std::string{value.text()};
}

} // namespace

bool is_method(std::string_view name) {
  constexpr std::array<std::string_view, 9> methods{"get",  "put",   "post",  "delete", "options",
                                                    "head", "patch", "trace", "query"};
  return std::find(methods.begin(), methods.end(), name) != methods.end();
}

result<openapi_info> recognise(const document& doc) {
  const auto root = doc.root();
  if (!root.is_object())
    return fail(errc::parse_error, "this is not an OpenAPI document: its top level is no object");
  const auto openapi = root.find("openapi");
  const auto version = openapi ? openapi : root.find("swagger");
  if (!version) {
    const auto like = likeness(root);
    return fail(errc::parse_error, like.empty() ? "this is not an OpenAPI document: it has neither "
                                                  "an 'openapi' nor a 'swagger' member"
                                                : std::string{like} + ", not an OpenAPI document");
  }
  const auto at = openapi ? "/openapi" : "/swagger";
  openapi_info info;
  info.version = version.text(); // `swagger: 2.0` without quotes is a number in YAML
  if (info.version.empty())
    return fail(errc::parse_error, "the version of OpenAPI must be a string, such as \"3.1.0\"",
                at);
  if (!is_supported(info.version))
    return fail(errc::unsupported,
                "OpenAPI version '" + info.version + "' is not known; 2.0, 3.0, 3.1 and 3.2 are",
                at);

  const bool later_than_3_0 = openapi && !info.version.starts_with("3.0");
  const bool has_content =
      root.find("paths").is_object() || (later_than_3_0 && (root.find("components").is_object() ||
                                                            root.find("webhooks").is_object()));
  if (!has_content)
    return fail(errc::parse_error,
                root.find("paths")
                    ? "'paths' must be an object"
                    : "the document has no 'paths'; it may be cut off or be a part of "
                      "a larger one",
                root.find("paths") ? "/paths" : "");

  info.title = text_or_nothing(root.find("info").find("title"));
  info.api_version = text_or_nothing(root.find("info").find("version"));
  for_each_operation(doc, [&](auto&&...) { ++info.operations; });
  return info;
}

} // namespace apisync::specs
