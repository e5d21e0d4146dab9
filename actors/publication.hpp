#pragma once

#include "actors/describe.hpp"
#include "actors/document_cache.hpp"
#include "actors/interfaces.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace apisync::actors {

/// What is to become the current document, before overlays. Its text are the bytes, where there are
/// any; otherwise the document is written over the current text, whatever others have in their
/// words.
struct next_text {
  specs::document_ptr document;
  std::shared_ptr<const std::string> bytes;
  std::string format;
  std::optional<read_text> base = {};  ///< Of a merge of whole documents.
  std::vector<read_text> others = {};  ///< Texts that parts of the document are from.
  bool words_count = false;            ///< The bytes count where only comments and layout differ.
  bool relay = false;                  ///< The overlays have changed.
  std::vector<std::string> flaws = {}; ///< Warnings of the revision.
};

/// What is recorded of a document that becomes the current one: a revision before its number is
/// known, or new words of the revision there is, or neither; and the texts.
struct publication {
  std::optional<events::revision_added> revision;
  std::optional<events::text_followed> text;
  std::vector<storage::stored_document> documents;
};

/// Writes the document, lays the API's overlays on it, compares with what is served and judges the
/// changes. `current` is what merges went on from; null before the first revision. Fails with
/// `invalid_argument` or `limit_exceeded` where overlays make no specification of it, and as the
/// document store does.
result<publication> prepare(const api_context& api, const document_reader& documents,
                            const next_text& next, const read_text* current,
                            events::revision_cause cause);

/// A judged change as it is recorded.
[[nodiscard]] events::change to_change(const specs::finding& finding);

/// What a revision's document means for those who use an earlier one.
result<events::baseline_verdict> compare_with(const api_context& api,
                                              const document_reader& documents,
                                              const events::revision_added& earlier,
                                              const specs::document& later);

/// Makes a revision the released one, and compares the newest with it.
result<integrated> integrate_promotion(const take_promotion& task,
                                       const document_reader& documents);

/// Encodes a text for the store, unless it is there already or among those waiting.
result<void> store_text(const document_reader& documents, std::string_view bytes,
                        const std::optional<digest>& previous,
                        std::vector<storage::stored_document>& into);

/// Makes a document the current one: its revision and texts are added to `out`.
result<integrated> publish(const api_context& api, const document_reader& documents,
                           const next_text& next, events::revision_cause cause,
                           std::uint64_t max_bytes, integrated out);

} // namespace apisync::actors
