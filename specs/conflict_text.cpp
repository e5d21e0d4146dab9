#include "specs/conflict_text.hpp"

#include "specs/resolve.hpp"

#include <algorithm>
#include <vector>

namespace apisync::specs {

namespace {

/// The merged document with one version's value at every contested place.
result<document_ptr> with_values(const merge_result& merged, node conflict::*side,
                                 const document* order) {
  auto made = merged.merged;
  for (const auto& open : merged.conflicts) {
    auto next = set_value(made, open.identity, open.*side, order);
    if (!next) return next;
    made = std::move(*next);
  }
  return made;
}

} // namespace

result<std::string> mark_conflicts(const std::string& text, const merge_result& merged,
                                   const merge_texts& of, const marker_style& style) {
  if (merged.conflicts.empty()) return text;
  parse_options how;
  how.format = of.current.format == syntax::json ? syntax_choice::json : syntax_choice::yaml;
  how.repeated = repeated_names::keep_last;
  how.max_bytes = std::max(how.max_bytes, text.size());
  how.max_depth = hard_max_depth;
  const auto read = parse(text, how);
  if (!read) return tl::unexpected{read.error()};
  const auto* base = of.base != nullptr ? of.base->document.get() : nullptr;
  const auto theirs = with_values(merged, &conflict::incoming, of.incoming.document.get());
  if (!theirs) return tl::unexpected{theirs.error()};
  const auto before = with_values(merged, &conflict::base, base);
  if (!before) return tl::unexpected{before.error()};

  const written_document ours{text, read->document, read->format};
  std::vector<written_document> others{of.incoming};
  if (of.base != nullptr) others.insert(others.begin(), *of.base);
  const auto base_text = rewrite(ours, *before, others);
  std::reverse(others.begin(), others.end());
  return mark_differences(base_text.text, text, rewrite(ours, *theirs, others).text, style);
}

} // namespace apisync::specs
