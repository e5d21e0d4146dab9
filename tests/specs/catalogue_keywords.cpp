#include "tests/specs/catalogue_cases.hpp"

#include <array>

namespace apisync::specs::testing {

namespace {

/// The four places that have the most rules.
struct schema_place {
  const char* prefix;
  std::string (*document)(const std::string& schema);
};

const std::array schema_places{
    schema_place{"request-body-", [](const std::string& s) { return with_body(s); }},
    schema_place{"request-property-", [](const std::string& s) { return with_body(object_of(s)); }},
    schema_place{"response-body-", [](const std::string& s) { return with_response(content(s)); }},
    schema_place{"response-property-",
                 [](const std::string& s) { return with_response(content(object_of(s))); }},
};

std::string level_of(char letter) {
  return letter == 'E' ? "error " : letter == 'W' ? "warning " : "info ";
}

/// A change of a schema, with the level of its rule in each of the four places: Error, Warning,
/// Info; - where there is no such rule, and nothing is told.
struct schema_change {
  const char* rule;
  const char* levels;
  const char* before;
  const char* after;
};

const std::vector<schema_change> schema_changes{
    {"all-of-added", "EEII", "'allOf':[{'minLength':1}]",
     "'allOf':[{'minLength':1},{'maxLength':9}]"},
    {"all-of-removed", "WWII", "'allOf':[{'minLength':1},{'maxLength':9}]",
     "'allOf':[{'minLength':1}]"},
    {"all-of-added-annotation-only", "IIII", "'allOf':[{'minLength':1}]",
     "'allOf':[{'minLength':1},{'description':'text'}]"},
    {"all-of-removed-annotation-only", "IIII", "'allOf':[{'minLength':1},{'description':'text'}]",
     "'allOf':[{'minLength':1}]"},
    {"any-of-added", "IIII", "'anyOf':[{'minLength':1}]",
     "'anyOf':[{'minLength':1},{'pattern':'a'}]"},
    {"any-of-removed", "EEII", "'anyOf':[{'minLength':1},{'pattern':'a'}]",
     "'anyOf':[{'minLength':1}]"},
    {"one-of-added", "IIEE", "'oneOf':[{'minLength':1}]",
     "'oneOf':[{'minLength':1},{'pattern':'a'}]"},
    {"one-of-removed", "EEII", "'oneOf':[{'minLength':1},{'pattern':'a'}]",
     "'oneOf':[{'minLength':1}]"},
    {"became-nullable", "IIEE", "'type':'string'", "'type':'string','nullable':true"},
    {"became-nullable", "IIEE", "'type':'string'", "'type':['string','null']"},
    {"became-not-nullable", "EEII", "'type':'string','nullable':true", "'type':'string'"},
    {"became-not-nullable", "EEII", "'type':['string','null']", "'type':'string'"},
    {"const-added", "EEII", "'type':'string'", "'type':'string','const':'a'"},
    {"const-changed", "EEEE", "'const':'a'", "'const':'b'"},
    {"const-removed", "IIEE", "'type':'string','const':'a'", "'type':'string'"},
    {"contains-added", "EEII", "'type':'array'", "'type':'array','contains':{'const':1}"},
    {"contains-removed", "IIEE", "'type':'array','contains':{'const':1}", "'type':'array'"},
    {"content-encoding-changed", "EEEE", "'type':'string','contentEncoding':'base64'",
     "'type':'string','contentEncoding':'base32'"},
    {"content-media-type-changed", "EEEE", "'type':'string','contentMediaType':'image/png'",
     "'type':'string','contentMediaType':'image/gif'"},
    {"content-schema-added", "EEII", "'type':'string'",
     "'type':'string','contentSchema':{'type':'object'}"},
    {"content-schema-removed", "IIEE", "'type':'string','contentSchema':{'type':'object'}",
     "'type':'string'"},
    {"default-value-added", "IIII", "'type':'string'", "'type':'string','default':'a'"},
    {"default-value-changed", "IIII", "'type':'string','default':'a'",
     "'type':'string','default':'b'"},
    {"default-value-removed", "IIII", "'type':'string','default':'a'", "'type':'string'"},
    {"dependent-required-added", "EEII", "'type':'object'",
     "'type':'object','dependentRequired':{'a':['b']}"},
    {"dependent-required-changed", "EEEE", "'type':'object','dependentRequired':{'a':['b']}",
     "'type':'object','dependentRequired':{'a':['b','c']}"},
    {"dependent-required-removed", "IIEE", "'type':'object','dependentRequired':{'a':['b']}",
     "'type':'object'"},
    {"dependent-schema-added", "EEII", "'type':'object'",
     "'type':'object','dependentSchemas':{'a':{'minProperties':2}}"},
    {"dependent-schema-removed", "IIEE",
     "'type':'object','dependentSchemas':{'a':{'minProperties':2}}", "'type':'object'"},
    {"discriminator-added", "IIII", "'type':'object'",
     "'type':'object','discriminator':{'propertyName':'k'}"},
    {"discriminator-removed", "IIII", "'type':'object','discriminator':{'propertyName':'k'}",
     "'type':'object'"},
    {"discriminator-property-name-changed", "IIII",
     "'type':'object','discriminator':{'propertyName':'k'}",
     "'type':'object','discriminator':{'propertyName':'l'}"},
    {"discriminator-mapping-added", "IIII",
     "'type':'object','discriminator':{'propertyName':'k','mapping':{'a':'#/a'}}",
     "'type':'object','discriminator':{'propertyName':'k','mapping':{'a':'#/a','b':'#/b'}}"},
    {"discriminator-mapping-changed", "IIII",
     "'type':'object','discriminator':{'propertyName':'k','mapping':{'a':'#/a'}}",
     "'type':'object','discriminator':{'propertyName':'k','mapping':{'a':'#/b'}}"},
    {"discriminator-mapping-deleted", "IIII",
     "'type':'object','discriminator':{'propertyName':'k','mapping':{'a':'#/a','b':'#/b'}}",
     "'type':'object','discriminator':{'propertyName':'k','mapping':{'a':'#/a'}}"},
    {"else-added", "EEII", "'if':{'const':1},'then':{'const':1}",
     "'if':{'const':1},'then':{'const':1},'else':{'const':2}"},
    {"else-removed", "IIEE", "'if':{'const':1},'then':{'const':1},'else':{'const':2}",
     "'if':{'const':1},'then':{'const':1}"},
    {"enum-value-added", "-I-W", "'enum':['a']", "'enum':['a','b']"},
    {"exclusive-max-decreased", "EE--", "'exclusiveMaximum':9", "'exclusiveMaximum':8"},
    {"exclusive-max-increased", "IIEE", "'exclusiveMaximum':8", "'exclusiveMaximum':9"},
    {"exclusive-max-set", "WW--", "'type':'number'", "'type':'number','exclusiveMaximum':9"},
    {"exclusive-min-decreased", "IIEE", "'exclusiveMinimum':9", "'exclusiveMinimum':8"},
    {"exclusive-min-increased", "EE--", "'exclusiveMinimum':8", "'exclusiveMinimum':9"},
    {"exclusive-min-set", "WW--", "'type':'number'", "'type':'number','exclusiveMinimum':9"},
    {"if-added", "EEII", "'then':{'const':1}", "'if':{'const':1},'then':{'const':1}"},
    {"if-removed", "IIEE", "'if':{'const':1},'then':{'const':1}", "'then':{'const':1}"},
    {"then-added", "EEII", "'if':{'const':1}", "'if':{'const':1},'then':{'const':1}"},
    {"then-removed", "IIEE", "'if':{'const':1},'then':{'const':1}", "'if':{'const':1}"},
    {"list-of-types-narrowed", "EEII", "'anyOf':[{'type':'string'},{'type':'integer'}]",
     "'anyOf':[{'type':'string'}]"},
    {"list-of-types-widened", "IIEE", "'oneOf':[{'type':'string'}]",
     "'oneOf':[{'type':'string'},{'type':'integer'}]"},
    {"max-contains-decreased", "EEII", "'contains':{'const':1},'maxContains':3",
     "'contains':{'const':1},'maxContains':2"},
    {"max-contains-increased", "IIEE", "'contains':{'const':1},'maxContains':2",
     "'contains':{'const':1},'maxContains':3"},
    {"min-contains-decreased", "IIEE", "'contains':{'const':1},'minContains':3",
     "'contains':{'const':1},'minContains':2"},
    {"min-contains-increased", "EEII", "'contains':{'const':1},'minContains':2",
     "'contains':{'const':1},'minContains':3"},
    {"max-decreased", "EE--", "'maximum':9", "'maximum':8"},
    {"max-increased", "IIEE", "'maximum':8", "'maximum':9"},
    {"max-set", "WW--", "'type':'number'", "'type':'number','maximum':9"},
    {"min-decreased", "IIEE", "'minimum':9", "'minimum':8"},
    {"min-increased", "EE--", "'minimum':8", "'minimum':9"},
    {"min-set", "WW--", "'type':'number'", "'type':'number','minimum':9"},
    {"max-length-decreased", "EE--", "'maxLength':9", "'maxLength':8"},
    {"max-length-increased", "IIEE", "'maxLength':8", "'maxLength':9"},
    {"max-length-set", "WW--", "'type':'string'", "'type':'string','maxLength':9"},
    {"max-length-unset", "--EE", "'type':'string','maxLength':9", "'type':'string'"},
    {"min-length-decreased", "IIEE", "'minLength':9", "'minLength':8"},
    {"min-length-increased", "EE--", "'minLength':8", "'minLength':9"},
    {"min-length-increased", "EE--", "'type':'string'", "'type':'string','minLength':1"},
    {"max-items-decreased", "----", "'maxItems':9", "'maxItems':8"},
    {"max-items-increased", "----", "'maxItems':8", "'maxItems':9"},
    {"min-items-decreased", "--EE", "'minItems':9", "'minItems':8"},
    {"min-items-decreased", "--EE", "'type':'array','minItems':9", "'type':'array'"},
    {"min-items-increased", "EE--", "'minItems':8", "'minItems':9"},
    {"min-items-increased", "EE--", "'type':'array'", "'type':'array','minItems':9"},
    {"pattern-added", "-E-I", "'type':'string'", "'type':'string','pattern':'a'"},
    {"pattern-changed", "-W-I", "'pattern':'a'", "'pattern':'b'"},
    {"pattern-removed", "-I-I", "'type':'string','pattern':'a'", "'type':'string'"},
    {"pattern-property-added", "EEII", "'type':'object'",
     "'type':'object','patternProperties':{'^a':{'type':'string'}}"},
    {"pattern-property-removed", "IIEE",
     "'type':'object','patternProperties':{'^a':{'type':'string'}}", "'type':'object'"},
    {"prefix-items-added", "IIEE", "'prefixItems':[{'type':'string'}]",
     "'prefixItems':[{'type':'string'},{'type':'number'}]"},
    {"prefix-items-removed", "EEII", "'prefixItems':[{'type':'string'},{'type':'number'}]",
     "'prefixItems':[{'type':'string'}]"},
    {"property-names-added", "EEII", "'type':'object'",
     "'type':'object','propertyNames':{'pattern':'a'}"},
    {"property-names-removed", "IIEE", "'type':'object','propertyNames':{'pattern':'a'}",
     "'type':'object'"},
    {"type-changed", "EEEE", "'type':'string'", "'type':'object'"},
    {"type-generalized", "IIEE", "'type':'integer'", "'type':'number'"},
    {"unevaluated-items-added", "EEII", "'type':'array'",
     "'type':'array','unevaluatedItems':false"},
    {"unevaluated-items-removed", "IIEE", "'type':'array','unevaluatedItems':false",
     "'type':'array'"},
    {"unevaluated-properties-added", "EEII", "'type':'object'",
     "'type':'object','unevaluatedProperties':{'type':'string'}"},
    {"unevaluated-properties-removed", "IIEE",
     "'type':'object','unevaluatedProperties':{'type':'string'}", "'type':'object'"},
    {"x-extensible-enum-value-removed", "-E--", "'x-extensible-enum':['a','b']",
     "'x-extensible-enum':['a']"},
};

} // namespace

case_list schema_keyword_cases() {
  case_list cases;
  for (const auto& change : schema_changes) {
    for (std::size_t i = 0; i < schema_places.size(); ++i) {
      const auto& place = schema_places.at(i);
      const auto before = place.document(change.before);
      const auto after = place.document(change.after);
      const char letter = change.levels[i];
      if (letter == '-')
        cases.add({}, before, after);
      else
        cases.add({level_of(letter) + place.prefix + change.rule + " POST /p"}, before, after);
    }
  }
  return cases;
}

} // namespace apisync::specs::testing
