// Every rule of the catalogue, each tried on a small pair of versions made from what it means, or
// named below with the reason why no pair can lead to it.
#include "specs/rule.hpp"
#include "tests/specs/catalogue_cases.hpp"
#include "tests/specs/text_document.hpp"

#include <catch2/catch.hpp>

using namespace apisync::specs;
using namespace apisync::specs::testing;

namespace {

using rows = std::set<std::string>;

rows told(const catalogue_case& of) {
  rows made;
  for (const auto& each : judge(*doc(of.before), *doc(of.after), of.how).findings) {
    if (!each.judged) continue;
    const auto head = std::string{to_string(each.level)} + " " + each.rule;
    if (each.operations.empty()) made.insert(head);
    for (const auto& operation : each.operations)
      made.insert(head + " " + operation.method + " " + operation.path);
  }
  return made;
}

void check(const case_list& cases) {
  REQUIRE_FALSE(cases.all.empty());
  for (const auto& each : cases.all) {
    INFO(each.before << "\n" << each.after);
    CHECK(told(each) == each.expected);
  }
}

std::string rule_of(const std::string& row) {
  const auto rule = row.substr(row.find(' ') + 1);
  return rule.substr(0, rule.find(' '));
}

} // namespace

TEST_CASE("a change of a schema bears the rule and the level of its place") {
  check(schema_keyword_cases());
}

TEST_CASE("lists of values that come, go, grow and shrink") {
  check(value_list_cases());
}

TEST_CASE("types that narrow, and types that a medium reads alike") {
  check(type_cases());
}

TEST_CASE("bounds of a property that only the response carries do not bind who sends") {
  check(read_only_bound_cases());
}

TEST_CASE("a pattern that became one for everything is wider") {
  check(pattern_cases());
}

TEST_CASE("a change of a parameter's schema bears the rule of parameters") {
  check(parameter_schema_cases());
}

TEST_CASE("a change within an object-valued parameter bears the rule of its properties") {
  check(parameter_property_cases());
}

TEST_CASE("parameters come and go, and become required or optional") {
  check(parameter_cases());
}

TEST_CASE("bodies, responses, headers and media types come and go") {
  check(body_cases());
}

TEST_CASE("properties come and go, and become required, readOnly or writeOnly") {
  check(property_cases());
}

TEST_CASE("operations come and go, with and without notice") {
  check(removed_operation_cases());
}

TEST_CASE("operations are deprecated, reactivated and moved towards their end") {
  check(operation_lifecycle_cases());
}

TEST_CASE("parameters are deprecated, reactivated and moved towards their end") {
  check(parameter_lifecycle_cases());
}

TEST_CASE("properties are deprecated and reactivated") {
  check(property_lifecycle_cases());
}

TEST_CASE("an operation's labels, stability and security") {
  check(operation_label_cases());
}

TEST_CASE("shared parts, webhooks and the version") {
  check(document_cases());
}

TEST_CASE("every rule of the catalogue has a case, or a reason why it cannot be met") {
  rows met;
  for (auto* const cases :
       {&schema_keyword_cases, &value_list_cases, &type_cases, &read_only_bound_cases,
        &pattern_cases, &parameter_schema_cases, &parameter_property_cases, &parameter_cases,
        &body_cases, &property_cases, &removed_operation_cases, &operation_lifecycle_cases,
        &parameter_lifecycle_cases, &property_lifecycle_cases, &operation_label_cases,
        &document_cases})
    for (const auto& each : cases().all)
      for (const auto& row : each.expected)
        met.insert(rule_of(row));
  // An absent minItems is a minItems of 0: from and to it, the bound is raised or lowered.
  const rows never{
      "request-body-min-items-set",        "request-property-min-items-set",
      "request-parameter-min-items-set",   "response-body-min-items-unset",
      "response-property-min-items-unset",
  };
  std::size_t rules = 0;
  for (const auto& each : rule_catalogue()) {
    INFO(each.id);
    rules += each.shared ? 1 : 0;
    CHECK((met.contains(std::string{each.id}) || never.contains(std::string{each.id})) ==
          each.shared);
  }
  CHECK(rules == 509);
}
