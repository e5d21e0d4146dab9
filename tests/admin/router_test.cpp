#include "admin/openapi.hpp"
#include "admin/router.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace apisync;
using namespace apisync::admin;

namespace {

response say(std::string text) {
  response answer;
  answer.body = std::move(text);
  return answer;
}

std::vector<route> table() {
  std::vector<route> routes;
  routes.push_back({.method = "GET",
                    .path = "/",
                    .operation_id = "getPage",
                    .summary = "A page",
                    .tag = "operations",
                    .answer = {"", answer_shape::kind::text, "text/html"},
                    .handler = [](const request&) { return say("page"); }});
  routes.push_back({.method = "GET",
                    .path = "/v1/apis/{id}/revisions/{number}",
                    .operation_id = "getRevision",
                    .summary = "One revision",
                    .tag = "apis",
                    .answer = {"Revision"},
                    .past = true,
                    .query = {{"deep", "boolean", "All of it."}},
                    .handler = [](const request& asked) {
                      return say(std::string{asked.param("id")} + "@" +
                                 std::string{asked.param("number")} + " by " + asked.author);
                    }});
  routes.push_back({.method = "GET",
                    .path = "/v1/apis/{id}",
                    .operation_id = "getApi",
                    .summary = "One API",
                    .tag = "apis",
                    .answer = {"Api"},
                    .tagged = true,
                    .handler = [](const request&) { return say("api"); }});
  routes.push_back({.method = "GET",
                    .path = "/v1/apis/special",
                    .operation_id = "getSpecial",
                    .summary = "Special",
                    .tag = "apis",
                    .answer = {"Api"},
                    .handler = [](const request&) { return say("special"); }});
  routes.push_back({.method = "PATCH",
                    .path = "/v1/apis/{id}",
                    .operation_id = "patchApi",
                    .summary = "Change an API",
                    .tag = "apis",
                    .needed = role::admin,
                    .answer = {"Api"},
                    .body = "ApiChange",
                    .tagged = true,
                    .body_types = {"application/merge-patch+json"},
                    .handler = [](const request&) { return say("patched"); }});
  routes.push_back({.method = "GET",
                    .path = "/v1/apis",
                    .operation_id = "listApis",
                    .summary = "All APIs",
                    .tag = "apis",
                    .answer = {"Api", answer_shape::kind::list},
                    .handler = [](const request&) { return say("list"); }});
  return routes;
}

response call(std::string method, std::string_view target, std::string body = "",
              std::string type = "") {
  request asked;
  asked.method = std::move(method);
  asked.target = *parse_target(target);
  asked.remote = "127.0.0.1";
  asked.headers.add("Host", "localhost");
  asked.body = std::move(body);
  if (!type.empty()) asked.headers.add("Content-Type", type);
  return router{table(), {}}.answer(asked);
}

} // namespace

TEST_CASE("a path finds its route and its decoded parameters") {
  REQUIRE(call("GET", "/").body == "page");
  REQUIRE(call("GET", "/v1/apis/a%2Fb/revisions/3").body == "a/b@3 by user:local");
  REQUIRE(call("GET", "/v1/apis/billing").body == "api");
  REQUIRE(call("GET", "/v1/apis/special").body == "special");
  REQUIRE(call("HEAD", "/v1/apis").status == 200);
  REQUIRE(call("GET", "/v1/apis?limit=5&cursor=x").status == 200);
}

TEST_CASE("what is not there is 404, and what cannot be done there is 405") {
  for (auto const* path : {"/v1", "/v1/apis/", "/v1/apis/a/", "/v2/apis", "/V1/apis"})
    REQUIRE(call("GET", path).status == 404);
  auto const refused = call("DELETE", "/v1/apis/billing");
  REQUIRE(refused.status == 405);
  REQUIRE(refused.headers.get("Allow") == "GET, HEAD, PATCH");
  REQUIRE(call("OPTIONS", "/v1/apis").status == 405);
}

TEST_CASE("unknown, doubled and mistyped query parameters are refused") {
  REQUIRE(call("GET", "/v1/apis?limt=5").status == 400);
  REQUIRE(call("GET", "/v1/apis?limit=5&limit=6").status == 400);
  REQUIRE(call("GET", "/v1/apis?at=5").status == 400);
  REQUIRE(call("GET", "/v1/apis/a/revisions/1?at=5&deep=true").status == 200);
  REQUIRE(call("GET", "/v1/apis/a/revisions/1?deep=yes").status == 400);
}

TEST_CASE("the access checks stand before every handler") {
  REQUIRE(call("PATCH", "/v1/apis/a", "{}", "application/json").body == "patched");
  REQUIRE(call("PATCH", "/v1/apis/a", "{}", "application/merge-patch+json").status == 200);
  REQUIRE(call("PATCH", "/v1/apis/a", "{}", "text/plain").status == 415);
  request foreign;
  foreign.method = "PATCH";
  foreign.target = *parse_target("/v1/apis/a");
  foreign.remote = "10.0.0.9";
  foreign.headers.add("Host", "localhost");
  REQUIRE(router{table(), {}}.answer(foreign).status == 401);
  foreign.remote = "127.0.0.1";
  foreign.headers.add("Origin", "http://evil.example.com");
  REQUIRE(router{table(), {}}.answer(foreign).status == 403);
  foreign.headers.set("Host", "evil.example.com");
  REQUIRE(router{table(), {}}.answer(foreign).status == 403);
}

TEST_CASE("the OpenAPI document describes the table, the same each time") {
  std::vector<named_schema> const named{{"Api", R"({"type":"object"})"},
                                        {"ApiChange", R"({"type":"object"})"},
                                        {"Problem", R"({"type":"object"})"},
                                        {"Revision", R"({"type":"object"})"}};
  auto const text = openapi_document(table(), named, "1.2.3");
  REQUIRE(text == openapi_document(table(), named, "1.2.3"));
  auto const document = nlohmann::json::parse(text);
  REQUIRE(document["openapi"] == "3.1.0");
  REQUIRE(document["info"]["version"] == "1.2.3");
  REQUIRE(document["servers"][0]["url"] == "/");
  REQUIRE(document["security"].size() == 2);
  auto const& revision = document["paths"]["/v1/apis/{id}/revisions/{number}"]["get"];
  REQUIRE(revision["operationId"] == "getRevision");
  REQUIRE(revision["tags"] == nlohmann::json::array({"apis"}));
  REQUIRE(revision["parameters"].size() == 4);
  REQUIRE(revision["parameters"][0]["name"] == "id");
  REQUIRE(revision["parameters"][0]["required"] == true);
  REQUIRE(
      revision["responses"]["200"]["content"]["application/json"]["schema"]["allOf"][0]["$ref"] ==
      "#/components/schemas/Revision");
  auto const& patch = document["paths"]["/v1/apis/{id}"]["patch"];
  REQUIRE(patch["requestBody"]["content"].contains("application/merge-patch+json"));
  REQUIRE(patch["x-required-role"] == "admin");
  auto const& list = document["paths"]["/v1/apis"]["get"]["responses"]["200"];
  auto const& schema = list["content"]["application/json"]["schema"];
  REQUIRE(schema["required"] == nlohmann::json::array({"items", "nextCursor", "sequence"}));
  REQUIRE(document["paths"]["/v1/apis/{id}"]["get"]["responses"].contains("304"));
}
