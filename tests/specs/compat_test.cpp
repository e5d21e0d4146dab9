#include "specs/compat.hpp"
#include "specs/compat_report.hpp"
#include "tests/specs/text_document.hpp"

#include <catch2/catch.hpp>

using namespace apisync::specs;
using namespace apisync::specs::testing;

namespace {

/// `level rule pointer: GET /a request, …` for each finding that a rule speaks of.
std::vector<std::string> lines(const compat_report& report) {
  std::vector<std::string> told;
  for (const auto& each : report.findings) {
    if (!each.judged) continue;
    auto line = std::string{to_string(each.level)} + " " + each.rule + " " + each.pointer;
    for (const auto& operation : each.operations) {
      line +=
          (line.find(": ") == line.npos ? ": " : ", ") + operation.method + " " + operation.path;
      if (operation.way != direction::none) line += " " + std::string{to_string(operation.way)};
    }
    told.push_back(line);
  }
  return told;
}

compat_report judged(const std::string& before, const std::string& after,
                     const compat_options& options = {}) {
  return judge(*doc(before), *doc(after), options);
}

std::vector<std::string> told(const std::string& before, const std::string& after) {
  return lines(judged(before, after));
}

using expected = std::vector<std::string>;

/// An API with one operation that takes and gives a Pet, and another that gives one.
std::string with_pet(const std::string& pet, const std::string& more = "") {
  const std::string body =
      "{'content':{'application/json':{'schema':{'$ref':'#/components/schemas/Pet'}}}}";
  return "{'openapi':'3.0.3','info':{'version':'dev'},'paths':{"
         "'/pets':{'post':{'requestBody':" +
         body + ",'responses':{'200':" + body +
         "}},"
         "'get':{'responses':{'200':" +
         body +
         "}}},"
         "'/other':{'get':{'responses':{'200':{}}}}},"
         "'components':{'schemas':{'Pet':" +
         pet + more + "}}}";
}

std::string with_operation(const std::string& operation, const std::string& version = "dev") {
  return "{'openapi':'3.0.3','info':{'version':'" + version +
         "'},'paths':{'/a/{id}':{'get':" + operation + "}}}";
}

} // namespace

TEST_CASE("a change of a shared schema is told once, with the operations it reaches") {
  CHECK(told(with_pet("{'type':'object','properties':{'name':{'type':'string'}}}"),
             with_pet("{'type':'object','properties':{'name':{'type':'string'},'age':{}}}")) ==
        expected{"info new-optional-request-property /components/schemas/Pet/properties/age: "
                 "POST /pets request",
                 "info response-optional-property-added /components/schemas/Pet/properties/age: "
                 "GET /pets response, POST /pets response"});
}

TEST_CASE("a schema used in both directions is judged in both") {
  const auto list = [](const std::string& values) {
    return with_pet("{'properties':{'kind':{'type':'string','enum':[" + values + "]}}}");
  };
  CHECK(
      told(list("'cat'"), list("'cat','dog'")) ==
      expected{
          "warning response-property-enum-value-added "
          "/components/schemas/Pet/properties/kind/enum/1: GET /pets response, POST /pets response",
          "info request-property-enum-value-added "
          "/components/schemas/Pet/properties/kind/enum/1: POST /pets request"});
}

TEST_CASE("recursive schemas are judged in finite time, once") {
  const auto pet = [](const std::string& more) {
    return with_pet("{'properties':{'mother':{'$ref':'#/components/schemas/Pet'},"
                    "'friends':{'type':'array','items':{'$ref':'#/components/schemas/Pet'}}" +
                    more + "}}");
  };
  const auto found = told(pet(",'age':{'type':'integer'}"), pet(",'age':{'type':'string'}"));
  CHECK(found == expected{"error request-property-type-changed "
                          "/components/schemas/Pet/properties/age/type: POST /pets request",
                          "error response-property-type-changed "
                          "/components/schemas/Pet/properties/age/type: "
                          "GET /pets response, POST /pets response"});
}

TEST_CASE("a removed operation breaks, a deprecated one only before its sunset") {
  const auto before = [](const std::string& words) {
    return "{'openapi':'3.0.3','paths':{'/a':{'get':{" + words + "},'put':{}}}}";
  };
  const auto* const after = "{'openapi':'3.0.3','paths':{'/a':{'put':{}}}}";
  CHECK(told(before(""), after) ==
        expected{"error api-removed-without-deprecation /paths/~1a/get: GET /a"});
  CHECK(told(before("'deprecated':true"), after) ==
        expected{"info api-removed-with-deprecation /paths/~1a/get: GET /a"});
  const auto sunset = before("'deprecated':true,'x-sunset':'2030-01-01'");
  CHECK(lines(judged(sunset, after, {"2029-12-31"})) ==
        expected{"error api-removed-before-sunset /paths/~1a/get: GET /a"});
  CHECK(lines(judged(sunset, after, {"2030-01-02"})).empty());
}

TEST_CASE("a new parameter breaks where it is required") {
  const auto one = with_operation("{'parameters':[{'in':'path','name':'id','required':true}]}");
  const auto two =
      with_operation("{'parameters':[{'in':'path','name':'id','required':true},"
                     "{'in':'query','name':'a'},{'in':'query','name':'b','required':true}]}");
  CHECK(told(one, two) == expected{"error new-required-request-parameter "
                                   "/paths/~1a~1{id}/get/parameters/2: GET /a/{id} request",
                                   "info new-optional-request-parameter "
                                   "/paths/~1a~1{id}/get/parameters/1: GET /a/{id} request"});
  CHECK(told(two, one) == expected{"warning request-parameter-removed "
                                   "/paths/~1a~1{id}/get/parameters/1: GET /a/{id} request",
                                   "warning request-parameter-removed "
                                   "/paths/~1a~1{id}/get/parameters/2: GET /a/{id} request"});
}

TEST_CASE("a breaking change without a higher version is told") {
  const auto before = with_operation("{'parameters':[]}", "1.2.0");
  const std::string broken = "{'parameters':[{'in':'query','name':'b','required':true}]}";
  const auto rules = [&](const std::string& version) {
    std::string found;
    for (const auto& each : judged(before, with_operation(broken, version)).findings)
      if (each.rule.find("version") != each.rule.npos && each.judged) found += each.rule;
    return found;
  };
  CHECK(rules("1.2.0") == "api-version-not-bumped");
  CHECK(rules("1.3.0") == "api-major-version-not-bumped");
  CHECK(rules("1.1.9") == "api-version-decreased");
  CHECK(rules("2.0.0").empty());
}

TEST_CASE("a schema moved into a shared part is the same schema") {
  CHECK(told(with_pet("{'properties':{'owner':{'type':'object'}}}"),
             with_pet("{'properties':{'owner':{'$ref':'#/components/schemas/Owner'}}}",
                      ",'Owner':{'type':'object'}"))
            .empty());
  CHECK(told(with_pet("{'properties':{'owner':{'type':'object'}}}"),
             with_pet("{'properties':{'owner':{'$ref':'#/components/schemas/Owner'}}}",
                      ",'Owner':{'type':'string'}"))
            .size() == 2);
}

TEST_CASE("no change goes untold") {
  const auto report = judged(
      with_operation("{'summary':'a','x-internal':1,'responses':{}}"),
      with_operation("{'summary':'b','x-internal':2,'responses':{},'servers':[{'url':'u'}]}"));
  std::vector<std::string> found;
  for (const auto& each : report.findings) {
    CHECK(each.level == severity::info);
    REQUIRE(each.operations.size() == 1);
    found.push_back(each.rule + " " + each.pointer);
  }
  CHECK(found == expected{"other-added /paths/~1a~1{id}/get/servers",
                          "documentation-changed /paths/~1a~1{id}/get/summary",
                          "extension-changed /paths/~1a~1{id}/get/x-internal"});
  CHECK(report.verdict() == verdict::compatible);
}

TEST_CASE("a change without a rule in a shared part names the operations that include it") {
  const auto report = judged(with_pet("{'description':'a'}"), with_pet("{'description':'b'}"));
  REQUIRE(report.findings.size() == 1);
  CHECK(report.findings[0].rule == "documentation-changed");
  CHECK(report.findings[0].operations.size() == 3);
}

TEST_CASE("what cannot be compared is told, and equal documents are unchanged") {
  const auto outside = with_pet("{'properties':{'a':{'$ref':'other.yaml#/A'}}}");
  const auto report = judged(outside, with_pet("{'properties':{'a':{'$ref':'other.yaml#/B'}}}"));
  REQUIRE(report.skipped.size() == 1);
  CHECK(report.skipped[0].pointer == "/components/schemas/Pet/properties/a");
  CHECK(judged(with_pet("{}"), with_pet("{}")).verdict() == verdict::unchanged);
  CHECK(judged("{'a':1}", "{'a':2}").skipped.size() == 1);
}

TEST_CASE("the report is written as JSON, whole and expanded") {
  const auto report = judged(with_operation("{'operationId':'x','responses':{}}"),
                             with_operation("{'operationId':'y','responses':{}}"));
  const auto json = parse(to_json(report));
  REQUIRE(json);
  const auto& whole = *json->document;
  CHECK(whole.at("/verdict").text() == "compatible");
  CHECK(whole.at("/changes/0/rule").text() == "api-operation-id-removed");
  CHECK(whole.at("/changes/0/operations/0/method").text() == "GET");
  CHECK(whole.at("/changes/0/operations/0/path").text() == "/a/{id}");
  CHECK(whole.at("/changes/0/old/value").text() == "x");
  CHECK(whole.at("/changes/0/new/line").text() == "1");
  CHECK(whole.at("/summary/info").text() == "1");
  const auto expanded = parse(to_expanded_json(report));
  REQUIRE(expanded);
  CHECK(expanded->document->at("/changes/0/method").text() == "GET");
  CHECK_FALSE(expanded->document->at("/changes/0/operations"));
}

TEST_CASE("what no rule can judge is told, and said not to be compared") {
  const auto excluded =
      judged(with_pet("{'not':{'type':'string'}}"), with_pet("{'not':{'type':'number'}}"));
  REQUIRE(excluded.skipped.size() == 1);
  CHECK(excluded.skipped[0].pointer == "/components/schemas/Pet/not");
  REQUIRE(excluded.findings.size() == 1);
  CHECK(excluded.findings[0].rule == "other-changed");
  const auto callback = [](const std::string& body) {
    return with_operation("{'callbacks':{'done':{'{$url}':{'post':{'requestBody':{" + body +
                          "}}}}}}");
  };
  const auto called = judged(callback("'required':true"), callback("'required':false"));
  REQUIRE(called.skipped.size() == 1);
  CHECK(called.skipped[0].pointer == "/paths/~1a~1{id}/get/callbacks");
}

TEST_CASE("operations under other methods are operations") {
  const auto item = [](const std::string& more) {
    return "{'openapi':'3.2.0','paths':{'/a':{'get':{},'additionalOperations':{" + more + "}}}}";
  };
  CHECK(told(item("'COPY':{}"), item("")) ==
        expected{"error api-removed-without-deprecation /paths/~1a/additionalOperations/COPY: "
                 "COPY /a"});
  CHECK(told(item("'COPY':{'operationId':'a'}"), item("'COPY':{}")) ==
        expected{"info api-operation-id-removed /paths/~1a/additionalOperations/COPY/operationId: "
                 "COPY /a"});
}

TEST_CASE("OpenAPI 2.0 has bodies, media types and security schemes in places of its own") {
  const auto api = [](const std::string& operation, const std::string& more = "") {
    return "{'swagger':'2.0','paths':{'/a':{'post':{" + operation + "}}}" + more + "}";
  };
  CHECK(told(api("", ",'consumes':['a/a','b/b'],'produces':['a/a']"),
             api("", ",'consumes':['a/a'],'produces':['a/a','c/c']")) ==
        expected{"error request-body-media-type-removed /consumes/1: POST /a request",
                 "info response-media-type-added /produces/1: POST /a response"});
  CHECK(told(api("'produces':['a/a']", ",'produces':['b/b']"), api("'produces':['a/a']")).empty());
  CHECK(told(api("'parameters':[{'in':'body','name':'b','schema':{'maxLength':9}}]"),
             api("'parameters':[{'in':'body','name':'b','schema':{'maxLength':8}}]")) ==
        expected{"error request-body-max-length-decreased "
                 "/paths/~1a/post/parameters/0/schema/maxLength: POST /a request"});
  const auto flow = [&](const std::string& url) {
    return api("", ",'securityDefinitions':{'o':{'type':'oauth2','flow':'implicit',"
                   "'authorizationUrl':'" +
                       url + "'}}");
  };
  CHECK(told(flow("u"), flow("v")) == expected{"info api-security-component-oauth-url-changed "
                                               "/securityDefinitions/o/authorizationUrl"});
}

TEST_CASE("a branch of a body's schema is judged as what lies within") {
  const auto body = [](const std::string& branch) {
    return with_operation("{'requestBody':{'content':{'a/json':{'schema':{'allOf':[" + branch +
                          "]}}}}}");
  };
  CHECK(told(body("{'title':'A','maxLength':9}"), body("{'title':'A','maxLength':8}")) ==
        expected{"error request-property-max-length-decreased /paths/~1a~1{id}/get/requestBody/"
                 "content/a~1json/schema/allOf/0/maxLength: GET /a/{id} request"});
}
