#include "specs/canonical.hpp"
#include "specs/openapi.hpp"
#include "specs/parse.hpp"
#include "specs/print.hpp"
#include "specs/validate.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace apisync::fuzz {

namespace {

using namespace specs;

void print_and_read_again(const document& doc, const parse_options& as) {
  const auto compact = to_json(doc.root());
  auto again = as;
  again.max_text_bytes *= 2;
  again.format = syntax_choice::yaml;
  const auto from_yaml = parse(to_yaml(doc.root()), again);
  require(from_yaml.has_value(), "printed YAML reads");
  require(to_json(from_yaml->document->root()) == compact, "printed YAML reads as the same");
  again.format = syntax_choice::json;
  for (const auto indent : {0U, 2U}) {
    const auto from_json = parse(to_json(doc.root(), indent), again);
    require(from_json.has_value(), "printed JSON reads");
    require(to_json(from_json->document->root()) == compact, "printed JSON reads as the same");
  }
  require(same_content(doc.root(), from_yaml->document->root()), "equal texts, equal hashes");
  require(canonical_hash(doc) == canonical_hash(*from_yaml->document),
          "printing keeps the canonical hash");
}

void survive(std::string_view input, syntax_choice format) {
  parse_options options;
  options.format = format;
  options.max_nodes = 10'000;
  options.max_text_bytes = 1 << 20;
  const auto outcome = parse(input, options);
  if (!outcome) {
    require(!outcome.error().message.empty(), "an error has a message");
    require(outcome.error().where.starts_with("document"), "an error has a place");
    options.repeated = repeated_names::keep_last;
    static_cast<void>(parse(input, options));
    return;
  }
  print_and_read_again(*outcome->document, options);
  if (recognise(*outcome->document))
    require(validate(*outcome->document, 5).size() <= 5, "findings are bounded");
}

} // namespace

void json(std::string_view input) {
  survive(input, syntax_choice::json);
}

void yaml(std::string_view input) {
  survive(input, syntax_choice::yaml);
}

} // namespace apisync::fuzz
