#include "tests/specs/catalogue_cases.hpp"

namespace apisync::specs::testing {

case_list operation_label_cases() {
  case_list cases;
  const auto op = with_operation;
  const auto level = [](const std::string& word) {
    return with_operation("'x-stability-level':'" + word + "'");
  };
  const auto global = [](const std::string& list) {
    return document_with("'paths':{},'security':[" + list + "]");
  };
  cases.add_all({
      {{"info api-operation-id-added POST /p"}, op(""), op("'operationId':'a'")},
      {{"info api-operation-id-removed POST /p"}, op("'operationId':'a'"), op("")},
      {{"info api-tag-added POST /p"}, op("'tags':['a']"), op("'tags':['a','b']")},
      {{"info api-tag-removed POST /p"}, op("'tags':['a','b']"), op("'tags':['a']")},
      {{"error api-stability-decreased POST /p"}, level("stable"), level("beta")},
      {{"info api-stability-increased POST /p"}, level("beta"), level("stable")},
      {{"error api-invalid-stability-level POST /p"}, level("stable"), level("ready")},
      {{"info api-security-added POST /p"},
       op("'security':[{'a':[]}]"),
       op("'security':[{'a':[]},{'b':[]}]")},
      {{"info api-security-removed POST /p"},
       op("'security':[{'a':[]},{'b':[]}]"),
       op("'security':[{'a':[]}]")},
      {{"info api-security-scope-added POST /p"},
       op("'security':[{'a':['x']}]"),
       op("'security':[{'a':['x','y']}]")},
      {{"info api-security-scope-removed POST /p"},
       op("'security':[{'a':['x','y']}]"),
       op("'security':[{'a':['x']}]")},
      {{"info api-global-security-added"}, global("{'a':[]}"), global("{'a':[]},{'b':[]}")},
      {{"info api-global-security-removed"}, global("{'a':[]},{'b':[]}"), global("{'a':[]}")},
      {{"info api-global-security-scope-added"}, global("{'a':[]}"), global("{'a':['x']}")},
      {{"info api-global-security-scope-removed"}, global("{'a':['x']}"), global("{'a':[]}")},
  });
  return cases;
}

case_list document_cases() {
  case_list cases;
  const auto schemas = [](const std::string& list) {
    return document_with("'paths':{},'components':{'schemas':{" + list + "}}");
  };
  const auto schemes = [](const std::string& list) {
    return document_with("'paths':{},'components':{'securitySchemes':{" + list + "}}");
  };
  const auto flow = [&](const std::string& members) {
    return schemes("'o':{'type':'oauth2','flows':{'implicit':{" + members + "}}}");
  };
  const auto hooks = [](const std::string& list) {
    return document_with("'webhooks':{" + list + "}");
  };
  const auto version = [](const std::string& number, const std::string& operation) {
    return "{'openapi':'3.1.0','info':{'version':'" + number + "'},'paths':{'/p':{'post':{" +
           operation + "}}}}";
  };
  const std::string kept = "'operationId':'a'";
  const std::string broken = kept + ",'parameters':[{'in':'query','name':'q','required':true}]";
  const std::string error = "error new-required-request-parameter POST /p";
  cases.add_all({
      {{"info api-schema-removed"}, schemas("'A':{}"), schemas("")},
      {{"info api-security-component-added"}, schemes(""), schemes("'a':{'type':'http'}")},
      {{"info api-security-component-removed"}, schemes("'a':{'type':'http'}"), schemes("")},
      {{"info api-security-component-type-changed"},
       schemes("'a':{'type':'http'}"),
       schemes("'a':{'type':'apiKey'}")},
      {{"info api-security-component-oauth-scope-added"},
       flow("'scopes':{}"),
       flow("'scopes':{'x':'X'}")},
      {{"info api-security-component-oauth-scope-removed"},
       flow("'scopes':{'x':'X'}"),
       flow("'scopes':{}")},
      {{"info api-security-component-oauth-scope-changed"},
       flow("'scopes':{'x':'X'}"),
       flow("'scopes':{'x':'Y'}")},
      {{"info api-security-component-oauth-url-changed"},
       flow("'authorizationUrl':'a'"),
       flow("'authorizationUrl':'b'")},
      {{"info api-security-component-oauth-token-url-changed"},
       flow("'tokenUrl':'a'"),
       flow("'tokenUrl':'b'")},
      {{"info webhook-added"}, hooks(""), hooks("'w':{'post':{}}")},
      {{"error webhook-removed"}, hooks("'w':{'post':{}}"), hooks("")},
      {{error, "info api-version-not-bumped"}, version("1.0.0", kept), version("1.0.0", broken)},
      {{error, "info api-version-decreased"}, version("1.1.0", kept), version("1.0.0", broken)},
      {{error, "info api-major-version-not-bumped"},
       version("1.0.0", kept),
       version("1.1.0", broken)},
      {{error}, version("1.0.0", kept), version("2.0.0", broken)},
  });
  return cases;
}

} // namespace apisync::specs::testing
