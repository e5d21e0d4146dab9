#pragma once

#include "actors/describe.hpp"
#include "actors/document_cache.hpp"
#include "actors/interfaces.hpp"

#include <optional>
#include <string>
#include <vector>

namespace apisync::actors {

/// A source's document and the API's, as they meet. What is named must outlive the merge.
struct source_sides {
  const std::string& source;
  std::string repository;              ///< Of a git source.
  const read_text& current;            ///< What merges go on from.
  specs::document_ptr base;            ///< `selected_base`; null at a source's first document.
  std::optional<digest> base_text;     ///< Of the whole base.
  const read_text& incoming;           ///< Whole.
  const specs::document_ptr& selected; ///< Of incoming.
  std::uint64_t max_bytes;             ///< Of other sources' documents that are looked at.
};

/// What a source's document makes of the API's, and what became of the conflicts.
struct source_merge {
  specs::document_ptr merged;
  std::vector<events::conflict_detail> conflicts; ///< Stay open.
  std::vector<events::conflict_resolved> resolved;
  std::vector<events::conflict_closed> closed;
  std::vector<std::string> flaws; ///< For the revision's warnings.

  /// Moves what became of the conflicts to what is to be recorded.
  void add_to(events::integration& taken);
};

/// Merges a source's document into the API's: three ways, with the API's pins and with what other
/// sources declare still, conflicts decided by rule where one does. Fails where a decided value
/// does not fit in, and as the document store does.
result<source_merge> merge_source(const api_context& api, const document_reader& documents,
                                  const source_sides& sides);

/// The part of a base that a merge starts from: of what is selected now, what was selected when it
/// was taken in. So what a selection drops is no deletion, and what it adds is new.
[[nodiscard]] specs::document_ptr
selected_base(const specs::document_ptr& base,
              const std::optional<events::selection_definition>& taken_with,
              const std::optional<events::selection_definition>& select);

} // namespace apisync::actors
