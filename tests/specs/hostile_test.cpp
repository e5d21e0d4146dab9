#include "specs/canonical.hpp"
#include "specs/openapi.hpp"
#include "specs/parse.hpp"
#include "specs/print.hpp"
#include "specs/validate.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <random>
#include <string>

using namespace apisync;
using namespace apisync::specs;

namespace {

constexpr std::string_view json_sample =
    R"({"openapi":"3.0.3","info":{"title":"A \"b\" \u00e9\ud83d\ude00\n","version":"1.0"},)"
    R"("paths":{"/a/{id}":{"get":{"tags":["x"],"responses":{"200":{"description":"d"}}}}},)"
    R"("x":[1.5e-3,-0,true,false,null,[],{}]})";

constexpr std::string_view yaml_sample = R"(openapi: 3.0.3
info: &i {title: "A \"b\" \xe9", version: '1.''0'}
paths:
  /a/{id}:
    get: # comment
      <<: *i
      tags: [x, *i]
      description: |
        one

          two
      summary: >-
        folded
        text
      ? long key
      : - - 1
        - !!str 2
)";

parse_options options_for(syntax_choice format) {
  parse_options options;
  options.format = format;
  options.max_nodes = 10'000;
  return options;
}

/// Whatever a text is, reading it ends with an error that names a place, or with a document that
/// every other function takes and both prints bring back.
void survives(const std::string& text, syntax_choice format) {
  const auto outcome = parse(text, options_for(format));
  if (!outcome) {
    CHECK_FALSE(outcome.error().message.empty());
    CHECK(outcome.error().where.starts_with("document"));
    return;
  }
  const auto& doc = *outcome->document;
  const auto compact = to_json(doc.root());
  const auto again = parse(to_yaml(doc.root()), options_for(syntax_choice::yaml));
  INFO(text);
  REQUIRE(again);
  CHECK(to_json(again->document->root()) == compact);
  if (recognise(doc)) CHECK(validate(doc, 5).size() <= 5);
  CHECK(canonical_hash(doc) == canonical_hash(*again->document));
}

std::string mutated(std::string_view sample, std::mt19937& random) {
  constexpr std::array<std::string_view, 16> pieces{"[",  "{",  "\"",  "'",    "\n", ": ",
                                                    "- ", "*i", "&i ", "<<: ", "\\", "\xFF",
                                                    "\t", "#",  "|",   ","};
  std::string text{sample};
  for (auto edits = 1 + random() % 4; edits > 0; --edits) {
    const auto at = random() % (text.size() + 1);
    const auto length = std::min<std::size_t>(random() % 6, text.size() - at);
    text.replace(at, length, random() % 2 == 0 ? pieces[random() % pieces.size()] : "");
  }
  return text;
}

} // namespace

TEST_CASE("A JSON text that is cut off anywhere is refused") {
  for (std::size_t length = 0; length < json_sample.size(); ++length) {
    INFO(length);
    CHECK_FALSE(parse(json_sample.substr(0, length), options_for(syntax_choice::json)));
  }
  CHECK(parse(json_sample, options_for(syntax_choice::json)));
}

TEST_CASE("A YAML text that is cut off anywhere is refused or read") {
  for (std::size_t length = 0; length <= yaml_sample.size(); ++length)
    survives(std::string{yaml_sample.substr(0, length)}, syntax_choice::yaml);
  const auto whole = parse(yaml_sample, options_for(syntax_choice::yaml));
  CHECK(whole);
}

TEST_CASE("Damaged texts are refused or read") {
  std::mt19937 random{4711};
  for (int i = 0; i < 3000; ++i) {
    survives(mutated(json_sample, random), syntax_choice::json);
    survives(mutated(yaml_sample, random), syntax_choice::yaml);
  }
}

TEST_CASE("No option allows nesting without a bound") {
  parse_options options = options_for(syntax_choice::json);
  options.max_depth = 1'000'000;
  CHECK(parse(std::string(1000, '[') + std::string(1000, ']'), options));
  const auto outcome = parse(std::string(100'000, '['), options);
  REQUIRE_FALSE(outcome);
  CHECK(outcome.error().code == errc::limit_exceeded);
}
