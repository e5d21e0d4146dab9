#include "tests/specs/catalogue_cases.hpp"

namespace apisync::specs::testing {

case_list parameter_schema_cases() {
  case_list cases;
  const auto changed = [&](const std::string& level_and_rule, const std::string& before,
                           const std::string& after) {
    cases.add({level_and_rule + " POST /p"}, with_parameter("'schema':{" + before + "}"),
              with_parameter("'schema':{" + after + "}"));
  };
  const std::string text = "'type':'string'";
  const std::string number = "'type':'number'";
  const std::string list = "'type':'array'";
  changed("error request-parameter-became-not-nullable", text + ",'nullable':true", text);
  changed("info request-parameter-became-nullable", text, text + ",'nullable':true");
  changed("error request-parameter-default-value-added", text, text + ",'default':'a'");
  changed("error request-parameter-default-value-changed", "'default':'a'", "'default':'b'");
  changed("error request-parameter-default-value-removed", text + ",'default':'a'", text);
  changed("info request-parameter-enum-value-added", "'enum':['a']", "'enum':['a','b']");
  changed("error request-parameter-enum-value-removed", "'enum':['a','b']", "'enum':['a']");
  changed("error request-parameter-exclusive-max-decreased", "'exclusiveMaximum':9",
          "'exclusiveMaximum':8");
  changed("info request-parameter-exclusive-max-increased", "'exclusiveMaximum':8",
          "'exclusiveMaximum':9");
  changed("warning request-parameter-exclusive-max-set", number, number + ",'exclusiveMaximum':9");
  changed("info request-parameter-exclusive-min-decreased", "'exclusiveMinimum':9",
          "'exclusiveMinimum':8");
  changed("error request-parameter-exclusive-min-increased", "'exclusiveMinimum':8",
          "'exclusiveMinimum':9");
  changed("warning request-parameter-exclusive-min-set", number, number + ",'exclusiveMinimum':9");
  changed("error request-parameter-list-of-types-narrowed",
          "'anyOf':[{'type':'string'},{'type':'object'}]", "'anyOf':[{'type':'string'}]");
  changed("info request-parameter-list-of-types-widened", "'anyOf':[{'type':'string'}]",
          "'anyOf':[{'type':'string'},{'type':'object'}]");
  changed("error request-parameter-max-decreased", "'maximum':9", "'maximum':8");
  changed("info request-parameter-max-increased", "'maximum':8", "'maximum':9");
  changed("warning request-parameter-max-set", number, number + ",'maximum':9");
  changed("error request-parameter-max-items-decreased", "'maxItems':9", "'maxItems':8");
  changed("info request-parameter-max-items-increased", "'maxItems':8", "'maxItems':9");
  changed("error request-parameter-max-length-decreased", "'maxLength':9", "'maxLength':8");
  changed("info request-parameter-max-length-increased", "'maxLength':8", "'maxLength':9");
  changed("warning request-parameter-max-length-set", text, text + ",'maxLength':9");
  changed("info request-parameter-min-decreased", "'minimum':9", "'minimum':8");
  changed("error request-parameter-min-increased", "'minimum':8", "'minimum':9");
  changed("warning request-parameter-min-set", number, number + ",'minimum':9");
  changed("info request-parameter-min-items-decreased", "'minItems':9", "'minItems':8");
  changed("error request-parameter-min-items-increased", list, list + ",'minItems':9");
  changed("info request-parameter-min-length-decreased", "'minLength':9", "'minLength':8");
  changed("error request-parameter-min-length-increased", "'minLength':8", "'minLength':9");
  changed("error request-parameter-pattern-added", text, text + ",'pattern':'a'");
  changed("warning request-parameter-pattern-changed", "'pattern':'a'", "'pattern':'b'");
  changed("info request-parameter-pattern-removed", text + ",'pattern':'a'", text);
  changed("error request-parameter-type-changed", text, "'type':'object'");
  changed("info request-parameter-type-generalized", "'type':'integer'", number);
  changed("error request-parameter-x-extensible-enum-value-removed",
          "'x-extensible-enum':['a','b']", "'x-extensible-enum':['a']");
  cases.add({"error request-parameter-became-enum POST /p",
             "info request-parameter-enum-value-added POST /p"},
            with_parameter("'schema':{'type':'string'}"),
            with_parameter("'schema':{'type':'string','enum':['a']}"));
  return cases;
}

case_list parameter_property_cases() {
  case_list cases;
  const auto within = [](const std::string& schema, const std::string& in = "query") {
    return with_parameter("'schema':{" + object_of(schema) + "}", in);
  };
  const auto changed = [&](const std::string& level_and_rule, const std::string& before,
                           const std::string& after) {
    cases.add({level_and_rule + " POST /p"}, within(before), within(after));
  };
  const std::string text = "'type':'string'";
  const std::string number = "'type':'number'";
  changed("error request-parameter-property-became-not-nullable", text + ",'nullable':true", text);
  changed("info request-parameter-property-became-nullable", text, text + ",'nullable':true");
  changed("info request-parameter-property-enum-value-added", "'enum':['a']", "'enum':['a','b']");
  changed("error request-parameter-property-enum-value-removed", "'enum':['a','b']",
          "'enum':['a']");
  changed("error request-parameter-property-list-of-types-narrowed",
          "'anyOf':[{'type':'string'},{'type':'object'}]", "'anyOf':[{'type':'string'}]");
  changed("info request-parameter-property-list-of-types-widened", "'anyOf':[{'type':'string'}]",
          "'anyOf':[{'type':'string'},{'type':'object'}]");
  changed("warning request-parameter-property-type-changed", text, "'type':'object'");
  changed("info request-parameter-property-type-generalized", "'type':'integer'", number);
  changed("error request-parameter-property-type-specialized", number, "'type':'integer'");
  cases.add({"error request-header-property-became-enum POST /p",
             "info request-parameter-property-enum-value-added POST /p"},
            within(text, "header"), within(text + ",'enum':['a']", "header"));
  cases.add({"error request-header-property-became-required POST /p"},
            with_parameter("'schema':{" + object_of(text) + "}", "header"),
            with_parameter("'schema':{" + object_of(text) + ",'required':['x']}", "header"));
  cases.add({"error new-required-request-header-property POST /p"},
            with_parameter("'schema':{'type':'object','required':['x']}", "header"),
            with_parameter("'schema':{" + object_of(text) + ",'required':['x']}", "header"));
  return cases;
}

case_list parameter_cases() {
  case_list cases;
  const auto query = [](const std::string& more) {
    return with_operation("'parameters':[{'in':'query','name':'q'" + more + "}]");
  };
  const auto shared = [](const std::string& parameters) {
    return document_with("'paths':{'/p':{'parameters':[" + parameters + "],'post':{}}}");
  };
  const auto at_path = [](const std::string& parameters) {
    return document_with("'paths':{'/p/{id}':{'post':{'parameters':[" + parameters + "]}}}");
  };
  const auto none = with_operation("'parameters':[]");
  cases.add_all({
      {{"error new-required-request-parameter POST /p"}, none, query(",'required':true")},
      {{"info new-optional-request-parameter POST /p"}, none, query("")},
      {{"error new-required-request-default-parameter-to-existing-path POST /p"},
       shared(""),
       shared("{'in':'query','name':'q','required':true}")},
      {{"info new-optional-request-default-parameter-to-existing-path POST /p"},
       shared(""),
       shared("{'in':'query','name':'q'}")},
      {{"error new-request-path-parameter POST /p/{id}"},
       at_path(""),
       at_path("{'in':'path','name':'id','required':true}")},
      {{"warning request-parameter-removed POST /p"}, query(""), none},
      {{"info request-parameter-removed-with-deprecation POST /p"},
       query(",'deprecated':true"),
       none},
      {{"error request-parameter-became-required POST /p"}, query(""), query(",'required':true")},
      {{"info request-parameter-became-optional POST /p"}, query(",'required':true"), query("")},
  });
  return cases;
}

} // namespace apisync::specs::testing
