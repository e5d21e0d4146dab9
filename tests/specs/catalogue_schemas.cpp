#include "tests/specs/catalogue_cases.hpp"

namespace apisync::specs::testing {

case_list value_list_cases() {
  case_list cases;
  const auto* const free = "'type':'string'";
  const auto* const one = "'type':'string','enum':['a']";
  const auto* const two = "'type':'string','enum':['a','b']";
  const auto response = [](const std::string& schema) { return with_response(content(schema)); };
  cases.add_all({
      {{"error request-body-became-enum POST /p"}, with_body(free), with_body(one)},
      {{"error request-property-became-enum POST /p",
        "info request-property-enum-value-added POST /p"},
       with_body(object_of(free)),
       with_body(object_of(one))},
      {{"error request-body-enum-value-removed POST /p"}, with_body(two), with_body(one)},
      {{"error request-property-enum-value-removed POST /p"},
       with_body(object_of(two)),
       with_body(object_of(one))},
      {{"info response-mediatype-enum-value-removed POST /p"}, response(two), response(one)},
      {{"info response-property-enum-value-removed POST /p"},
       response(object_of(two)),
       response(object_of(one))},
      {{"info request-read-only-property-enum-value-removed POST /p"},
       with_body(object_of(std::string{two} + ",'readOnly':true")),
       with_body(object_of(std::string{one} + ",'readOnly':true"))},
      {{"info response-write-only-property-enum-value-added POST /p"},
       response(object_of(std::string{one} + ",'writeOnly':true")),
       response(object_of(std::string{two} + ",'writeOnly':true"))},
  });
  return cases;
}

case_list type_cases() {
  case_list cases;
  const auto response = [](const std::string& schema) { return with_response(content(schema)); };
  const auto* const number = "'type':'number'";
  const auto* const integer = "'type':'integer'";
  const auto* const text = "'type':'string'";
  const auto* const xml = "application/xml";
  cases.add_all({
      {{"error request-body-type-changed POST /p"}, with_body(number), with_body(integer)},
      {{"error request-property-type-changed POST /p"},
       with_body(object_of(number)),
       with_body(object_of(integer))},
      {{"info response-body-type-specialized POST /p"}, response(number), response(integer)},
      {{"info response-property-type-specialized POST /p"},
       response(object_of(number)),
       response(object_of(integer))},
      {{"info request-body-type-compatible POST /p"},
       with_body(integer, xml),
       with_body(text, xml)},
      {{"info request-property-type-compatible POST /p"},
       with_body(object_of(integer), xml),
       with_body(object_of(text), xml)},
      {{"info response-body-type-compatible POST /p"},
       with_response(content(text, xml)),
       with_response(content(integer, xml))},
      {{"info response-property-type-compatible POST /p"},
       with_response(content(object_of(text), xml)),
       with_response(content(object_of(integer), xml))},
      {{"error request-body-wrapped-in-one-of POST /p"},
       with_body(object_of(text)),
       with_body("'oneOf':[{" + object_of(text) + "},{'type':'array'}]")},
      {{"error response-body-wrapped-in-one-of POST /p"},
       response(object_of(text)),
       response("'oneOf':[{" + object_of(text) + "},{'type':'array'}]")},
  });
  return cases;
}

case_list read_only_bound_cases() {
  case_list cases;
  const auto changed = [&](const std::string& rule, const std::string& before,
                           const std::string& after) {
    cases.add({"info request-read-only-property-" + rule + " POST /p"},
              with_body(object_of("'readOnly':true," + before)),
              with_body(object_of("'readOnly':true," + after)));
  };
  changed("exclusive-max-decreased", "'exclusiveMaximum':9", "'exclusiveMaximum':8");
  changed("exclusive-min-increased", "'exclusiveMinimum':8", "'exclusiveMinimum':9");
  changed("max-decreased", "'maximum':9", "'maximum':8");
  changed("max-length-decreased", "'maxLength':9", "'maxLength':8");
  changed("min-increased", "'minimum':8", "'minimum':9");
  return cases;
}

case_list pattern_cases() {
  case_list cases;
  const auto before = "'type':'string','pattern':'^a'";
  const auto after = "'type':'string','pattern':'.*'";
  cases.add({"info request-property-pattern-generalized POST /p"}, with_body(object_of(before)),
            with_body(object_of(after)));
  cases.add({"info request-parameter-pattern-generalized POST /p"},
            with_parameter("'schema':{" + std::string{before} + "}"),
            with_parameter("'schema':{" + std::string{after} + "}"));
  return cases;
}

} // namespace apisync::specs::testing
