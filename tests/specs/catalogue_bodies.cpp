#include "tests/specs/catalogue_cases.hpp"

namespace apisync::specs::testing {

case_list body_cases() {
  case_list cases;
  const auto body = [](const std::string& more) {
    return with_operation("'requestBody':{'content':{}" + more + "}");
  };
  const auto responses = [](const std::string& list) {
    return with_operation("'responses':{" + list + "}");
  };
  const auto media = [](const std::string& names) {
    return with_response("'content':{" + names + "}");
  };
  const auto none = with_operation("");
  const std::string text = "'type':'string'";
  cases.add_all({
      {{"info request-body-added-optional POST /p"}, none, body("")},
      {{"error request-body-added-required POST /p"}, none, body(",'required':true")},
      {{"error request-body-removed POST /p"}, body(""), none},
      {{"info request-body-became-optional POST /p"}, body(",'required':true"), body("")},
      {{"error request-body-became-required POST /p"}, body(""), body(",'required':true")},
      {{"info request-body-media-type-added POST /p"},
       with_operation("'requestBody':{'content':{'a/a':{}}}"),
       with_operation("'requestBody':{'content':{'a/a':{},'b/b':{}}}")},
      {{"error request-body-media-type-removed POST /p"},
       with_operation("'requestBody':{'content':{'a/a':{},'b/b':{}}}"),
       with_operation("'requestBody':{'content':{'a/a':{}}}")},
      {{"error request-body-media-type-schema-added POST /p"},
       with_operation("'requestBody':{'content':{'application/json':{}}}"),
       with_body(text)},
      {{"info request-body-media-type-schema-removed POST /p"},
       with_body(text),
       with_operation("'requestBody':{'content':{'application/json':{}}}")},
      {{"info response-body-media-type-schema-added POST /p"},
       media("'application/json':{}"),
       with_response(content(text))},
      {{"warning response-body-media-type-schema-removed POST /p"},
       with_response(content(text)),
       media("'application/json':{}")},
      {{"info response-media-type-added POST /p"}, media("'a/a':{}"), media("'a/a':{},'b/b':{}")},
      {{"error response-media-type-removed POST /p"},
       media("'a/a':{},'b/b':{}"),
       media("'a/a':{}")},
      {{"info response-media-type-name-changed POST /p"},
       media("'application/a+json':{}"),
       media("'application/b+json':{}")},
      {{"error response-media-type-name-generalized POST /p"},
       media("'application/a+json':{}"),
       media("'application/json':{}")},
      {{"info response-media-type-name-specialized POST /p"},
       media("'application/json':{}"),
       media("'application/a+json':{}")},
      {{"info response-success-status-added POST /p"}, responses(""), responses("'200':{}")},
      {{"error response-success-status-removed POST /p"}, responses("'200':{}"), responses("")},
      {{"info response-non-success-status-added POST /p"}, responses(""), responses("'404':{}")},
      {{"info response-non-success-status-removed POST /p"}, responses("'404':{}"), responses("")},
      {{"info response-header-added POST /p"}, with_response("'headers':{}"), with_header("")},
      {{"warning optional-response-header-removed POST /p"},
       with_header(""),
       with_response("'headers':{}")},
      {{"error required-response-header-removed POST /p"},
       with_header("'required':true"),
       with_response("'headers':{}")},
      {{"error response-header-became-optional POST /p"},
       with_header("'required':true"),
       with_header("")},
      {{"info response-header-became-not-nullable POST /p"},
       with_header("'schema':{'type':'string','nullable':true}"),
       with_header("'schema':{'type':'string'}")},
      {{"error response-header-became-nullable POST /p"},
       with_header("'schema':{'type':'string'}"),
       with_header("'schema':{'type':'string','nullable':true}")},
      {{"error response-header-type-changed POST /p"},
       with_header("'schema':{'type':'integer'}"),
       with_header("'schema':{'type':'string'}")},
      {{"info response-header-type-compatible POST /p"},
       with_header("'schema':{'type':'string'}"),
       with_header("'schema':{'type':'integer'}")},
      {{"error response-header-type-generalized POST /p"},
       with_header("'schema':{'type':'integer'}"),
       with_header("'schema':{'type':'number'}")},
      {{"info response-header-type-specialized POST /p"},
       with_header("'schema':{'type':'number'}"),
       with_header("'schema':{'type':'integer'}")},
  });
  return cases;
}

case_list property_cases() {
  case_list cases;
  const auto request = [](const std::string& schema) { return with_body(schema); };
  const auto response = [](const std::string& schema) { return with_response(content(schema)); };
  const std::string none = "'type':'object'";
  const std::string need = ",'required':['x']";
  const auto x = [](const std::string& more) { return object_of("'type':'string'" + more); };
  const std::string hidden = ",'writeOnly':true";
  cases.add_all({
      {{"info new-optional-request-property POST /p"}, request(none), request(x(""))},
      {{"error new-required-request-property POST /p"},
       request(none + need),
       request(x("") + need)},
      {{"error new-required-request-property-with-default POST /p"},
       request(none + need),
       request(x(",'default':'a'") + need)},
      {{"warning request-property-removed POST /p"}, request(x("")), request(none)},
      {{"error request-property-became-required POST /p"}, request(x("")), request(x("") + need)},
      {{"info request-property-became-optional POST /p"}, request(x("") + need), request(x(""))},
      {{"error request-property-became-required-with-default POST /p"},
       request(x(",'default':'a'")),
       request(x(",'default':'a'") + need)},
      {{"info response-optional-property-added POST /p"}, response(none), response(x(""))},
      {{"warning response-optional-property-removed POST /p"}, response(x("")), response(none)},
      {{"info response-required-property-added POST /p"},
       response(none + need),
       response(x("") + need)},
      {{"error response-required-property-removed POST /p"},
       response(x("") + need),
       response(none + need)},
      {{"info response-optional-write-only-property-added POST /p"},
       response(none),
       response(x(hidden))},
      {{"info response-optional-write-only-property-removed POST /p"},
       response(x(hidden)),
       response(none)},
      {{"info response-required-write-only-property-added POST /p"},
       response(none + need),
       response(x(hidden) + need)},
      {{"info response-required-write-only-property-removed POST /p"},
       response(x(hidden) + need),
       response(none + need)},
      {{"error response-property-became-optional POST /p"},
       response(x("") + need),
       response(x(""))},
      {{"info response-property-became-required POST /p"}, response(x("")), response(x("") + need)},
      {{"info response-write-only-property-became-optional POST /p"},
       response(x(hidden) + need),
       response(x(hidden))},
      {{"info response-write-only-property-became-required POST /p"},
       response(x(hidden)),
       response(x(hidden) + need)},
  });
  for (const std::string way : {"request", "response"}) {
    for (const std::string word : {"read", "write"}) {
      for (const std::string kept : {"optional", "required"}) {
        const auto in = [&](const std::string& flag) {
          const auto schema = x(flag) + (kept == "required" ? need : "");
          return way == "request" ? request(schema) : response(schema);
        };
        const auto flag = ",'" + word + "Only':true";
        const auto rule = way + "-" + kept + "-property-became-";
        // Clients that relied on a value never sent now get one.
        const std::string shown =
            rule == "response-required-property-became-" && word == "write" ? "warning " : "info ";
        cases.add({"info " + rule + word + "-only POST /p"}, in(""), in(flag));
        cases.add({shown + rule + "not-" + word + "-only POST /p"}, in(flag), in(""));
      }
    }
  }
  return cases;
}

} // namespace apisync::specs::testing
