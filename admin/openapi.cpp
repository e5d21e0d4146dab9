#include "admin/openapi.hpp"

#include "admin/router.hpp"
#include "admin/url.hpp"

#include <nlohmann/json.hpp>

namespace apisync::admin {
namespace {

using json = nlohmann::ordered_json;

json reference(std::string_view schema) {
  return {{"$ref", "#/components/schemas/" + std::string{schema}}};
}

json parameter(std::string_view in, std::string_view name, json schema,
               std::string_view description) {
  json made{{"name", name}, {"in", in}};
  if (in == "path") made["required"] = true;
  made["description"] = description;
  made["schema"] = std::move(schema);
  return made;
}

json path_parameter(std::string_view name) {
  bool const number = name == "number";
  json schema{{"type", number ? "integer" : "string"}};
  if (number) schema["minimum"] = 1;
  return parameter("path", name, std::move(schema),
                   number ? "The number of the revision." : "The id.");
}

void add_common_parameters(json& list, const route& entry) {
  if (entry.answer.form == answer_shape::kind::list) {
    list.push_back({{"$ref", "#/components/parameters/limit"}});
    list.push_back({{"$ref", "#/components/parameters/cursor"}});
  }
  if (entry.past) list.push_back({{"$ref", "#/components/parameters/at"}});
  if (entry.method == "POST" && !entry.safe)
    list.push_back({{"$ref", "#/components/parameters/idempotencyKey"}});
  if (entry.tagged)
    list.push_back({{"$ref", entry.method == "GET" ? "#/components/parameters/ifNoneMatch"
                                                   : "#/components/parameters/ifMatch"}});
}

json parameters(const route& entry) {
  auto list = json::array();
  for (auto const segment : template_segments(entry.path)) {
    if (auto const name = parameter_name(segment); !name.empty())
      list.push_back(path_parameter(name));
  }
  for (auto const& query : entry.query)
    list.push_back(parameter("query", query.name, {{"type", query.type}}, query.description));
  add_common_parameters(list, entry);
  return list;
}

json sequence_schema() {
  return {{"type", "integer"},
          {"minimum", 0},
          {"description", "The number of the last event that the answer reflects."}};
}

json answer_schema(const answer_shape& answer) {
  if (answer.form == answer_shape::kind::list)
    return {{"type", "object"},
            {"required", {"items", "nextCursor", "sequence"}},
            {"properties",
             {{"items", {{"type", "array"}, {"items", reference(answer.schema)}}},
              {"nextCursor",
               {{"type", {"string", "null"}},
                {"description", "Pass it as cursor for what follows; null at the end."}}},
              {"sequence", sequence_schema()}}}};
  return {{"allOf",
           {reference(answer.schema),
            {{"type", "object"},
             {"required", {"sequence"}},
             {"properties", {{"sequence", sequence_schema()}}}}}}};
}

json content(const answer_shape& answer) {
  switch (answer.form) {
  case answer_shape::kind::text:
    if (answer.schema.empty()) return {{answer.media, {{"schema", {{"type", "string"}}}}}};
    return {{answer.media, {{"schema", reference(answer.schema)}}}};
  case answer_shape::kind::events:
    return {{"text/event-stream", {{"schema", {{"type", "string"}}}}}};
  case answer_shape::kind::object:
  case answer_shape::kind::list:
    break;
  }
  return {{answer.media, {{"schema", answer_schema(answer)}}}};
}

json responses(const route& entry) {
  json good{{"description", entry.summary}};
  if (entry.answer.status != 204) good["content"] = content(entry.answer);
  json made;
  made[std::to_string(entry.answer.status)] = std::move(good);
  if (entry.tagged && entry.method == "GET")
    made["304"] = {{"description", "The reader has it already."}};
  made["default"] = {{"$ref", "#/components/responses/problem"}};
  return made;
}

json request_body(const route& entry) {
  json types;
  if (!entry.body.empty())
    types["application/json"]["schema"] = reference(entry.body);
  else
    types["application/json"]["schema"] = {{"type", "object"}};
  for (auto const type : entry.body_types)
    types[std::string{type}]["schema"] = json::object();
  return {{"required", true}, {"content", std::move(types)}};
}

json operation(const route& entry) {
  json made{{"operationId", entry.operation_id}, {"summary", entry.summary}, {"tags", {entry.tag}}};
  if (auto list = parameters(entry); !list.empty()) made["parameters"] = std::move(list);
  if (!entry.body.empty() || !entry.body_types.empty()) made["requestBody"] = request_body(entry);
  made["responses"] = responses(entry);
  if (entry.needed == role::none) made["security"] = json::array();
  made["x-required-role"] = to_string(entry.needed);
  return made;
}

json common_parameters() {
  return {
      {"limit",
       parameter("query", "limit",
                 {{"type", "integer"}, {"minimum", 1}, {"maximum", 1000}, {"default", 100}},
                 "How many items at most.")},
      {"cursor", parameter("query", "cursor", {{"type", "string"}},
                           "The nextCursor of the page before. Opaque.")},
      {"at", parameter("query", "at", {{"type", "string"}},
                       "The answer as it was at this sequence or RFC 3339 time.")},
      {"idempotencyKey",
       parameter("header", "Idempotency-Key", {{"type", "string"}, {"maxLength", 200}},
                 "The same request with the same key within a day is done once and answered as the "
                 "first time; another request with that key is refused (409).")},
      {"ifNoneMatch", parameter("header", "If-None-Match", {{"type", "string"}},
                                "The ETag of what the reader has.")},
      {"ifMatch", parameter("header", "If-Match", {{"type", "string"}},
                            "The ETag of what the change is made to.")}};
}

json components(std::span<const named_schema> named) {
  json schemas_json = json::object();
  for (auto const& schema : named)
    schemas_json[std::string{schema.name}] = json::parse(schema.json);
  json made;
  made["schemas"] = std::move(schemas_json);
  made["parameters"] = common_parameters();
  made["responses"]["problem"] = {
      {"description", "What is wrong, and what to do about it (RFC 9457)."},
      {"content", {{"application/problem+json", {{"schema", reference("Problem")}}}}}};
  made["securitySchemes"]["token"] = {
      {"type", "http"},
      {"scheme", "bearer"},
      {"description", "Not needed from the machine itself, unless it is so configured."}};
  return made;
}

} // namespace

std::string openapi_document(std::span<const route> routes, std::span<const named_schema> named,
                             std::string_view version) {
  json document;
  document["openapi"] = "3.1.0";
  document["info"] = {{"title", "apisync"},
                      {"version", version},
                      {"summary", "One true, current specification for every API."},
                      {"license", {{"name", "Apache-2.0"}, {"identifier", "Apache-2.0"}}}};
  document["servers"] = {{{"url", "/"}}};
  document["security"] = {{{"token", json::array()}}, json::object()};
  auto& paths = document["paths"] = json::object();
  for (auto const& entry : routes)
    paths[std::string{entry.path}][to_lower(entry.method)] = operation(entry);
  document["components"] = components(named);
  return document.dump(2) + "\n";
}

} // namespace apisync::admin
