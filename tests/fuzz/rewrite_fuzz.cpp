#include "specs/merge.hpp"
#include "specs/print.hpp"
#include "specs/rewrite.hpp"
#include "tests/fuzz/edits.hpp"
#include "tests/fuzz/fuzz.hpp"

#include <optional>

namespace apisync::fuzz {

namespace {

using namespace specs;

parse_options small() {
  parse_options options;
  options.max_nodes = 500;
  options.max_text_bytes = 64 << 10;
  options.max_depth = 30;
  return options;
}

std::optional<written_document> written(std::string_view text) {
  const auto outcome = parse(text, small());
  if (!outcome) return std::nullopt;
  return written_document{text, outcome->document, outcome->format};
}

/// That a text reads as what it was to be, in the syntax of `like`.
void reads_as(const rewritten& made, const document_ptr& wanted, syntax like) {
  auto options = small();
  options.format = like == syntax::json ? syntax_choice::json : syntax_choice::yaml;
  options.max_nodes *= 100;
  options.max_text_bytes *= 100;
  options.max_depth *= 4;
  const auto again = parse(made.text, options);
  require(again.has_value(), "what was rewritten reads");
  require(to_json(again->document->root()) == to_json(wanted->root()),
          "what was rewritten reads as what was wanted");
}

} // namespace

void rewrite(std::string_view input) {
  const auto current = written(part(input, 0));
  if (!current) return;
  const auto same = specs::rewrite(*current, current->document);
  require(same.text == current->text, "a document that did not change keeps its text");
  require(same.how == rewritten::kept::all, "and says so");

  const auto wanted = edited(*current->document, part(input, 1));
  reads_as(specs::rewrite(*current, wanted), wanted, current->format);

  const auto incoming = written(part(input, 2));
  if (!incoming || incoming->format != current->format) return;
  reads_as(specs::rewrite(*current, wanted, {{*incoming}}), wanted, current->format);
  const auto merged = specs::merge(nullptr, current->document, incoming->document).merged;
  reads_as(rewrite_merge(nullptr, *current, *incoming, merged), merged, current->format);
  const auto base = written(part(input, 3));
  if (!base || base->format != current->format) return;
  const auto result = specs::merge(base->document, current->document, incoming->document).merged;
  reads_as(rewrite_merge(&*base, *current, *incoming, result), result, current->format);
}

} // namespace apisync::fuzz
