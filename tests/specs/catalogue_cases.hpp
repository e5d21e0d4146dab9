#pragma once

#include "specs/compat.hpp"

#include <initializer_list>
#include <set>
#include <string>
#include <vector>

/// Small pairs of versions, made from what the rules of the catalogue mean.
namespace apisync::specs::testing {

/// A pair of versions, and all that is told of it: `error request-body-removed POST /p`.
struct catalogue_case {
  std::set<std::string> expected;
  std::string before; ///< In the notation of `doc`.
  std::string after;
  compat_options how = {};
};

struct case_list {
  std::vector<catalogue_case> all = {};

  void add(std::set<std::string> expected, std::string before, std::string after,
           compat_options how = {}) {
    all.push_back({std::move(expected), std::move(before), std::move(after), std::move(how)});
  }
  void add_all(std::initializer_list<catalogue_case> more, const compat_options& how = {}) {
    for (const auto& each : more)
      add(each.expected, each.before, each.after, how);
  }
};

// -- places -----------------------------------------------------------------------------------

inline std::string document_with(const std::string& members) {
  return "{'openapi':'3.1.0'," + members + "}";
}

inline std::string with_operation(const std::string& members) {
  return document_with("'paths':{'/p':{'post':{" + members + "}}}");
}

inline std::string with_parameter(const std::string& members, const std::string& in = "query") {
  return with_operation("'parameters':[{'in':'" + in + "','name':'q'," + members + "}]");
}

inline std::string content(const std::string& schema,
                           const std::string& media = "application/json") {
  return "'content':{'" + media + "':{'schema':{" + schema + "}}}";
}

inline std::string with_body(const std::string& schema,
                             const std::string& media = "application/json") {
  return with_operation("'requestBody':{" + content(schema, media) + "}");
}

inline std::string with_response(const std::string& members) {
  return with_operation("'responses':{'200':{" + members + "}}");
}

inline std::string with_header(const std::string& members) {
  return with_response("'headers':{'X-H':{" + members + "}}");
}

inline std::string object_of(const std::string& schema) {
  return "'type':'object','properties':{'x':{" + schema + "}}";
}

// -- cases ------------------------------------------------------------------------------------

case_list
schema_keyword_cases();       ///< a change of a schema bears the rule and the level of its place
case_list value_list_cases(); ///< lists of values that come, go, grow and shrink
case_list type_cases();       ///< types that narrow, and types that a medium reads alike
case_list read_only_bound_cases(); ///< bounds of a property that only the response carries do not
                                   ///< bind who sends
case_list pattern_cases();         ///< a pattern that became one for everything is wider
case_list
parameter_schema_cases(); ///< a change of a parameter's schema bears the rule of parameters
case_list parameter_property_cases(); ///< a change within an object-valued parameter bears the rule
                                      ///< of its properties
case_list parameter_cases();          ///< parameters come and go, and become required or optional
case_list body_cases();               ///< bodies, responses, headers and media types come and go
case_list property_cases(); ///< properties come and go, and become required, readOnly or writeOnly
case_list removed_operation_cases(); ///< operations come and go, with and without notice
case_list
operation_lifecycle_cases(); ///< operations are deprecated, reactivated and moved towards their end
case_list
parameter_lifecycle_cases(); ///< parameters are deprecated, reactivated and moved towards their end
case_list property_lifecycle_cases(); ///< properties are deprecated and reactivated
case_list operation_label_cases();    ///< an operation's labels, stability and security
case_list document_cases();           ///< shared parts, webhooks and the version

} // namespace apisync::specs::testing
