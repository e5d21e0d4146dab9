#pragma once

#include "events/event.hpp"
#include "specs/compat.hpp"
#include "specs/document.hpp"
#include "storage/event_log.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace apisync::actors {

/// A specification read from its text, with the hashes that name it.
struct read_text {
  specs::document_ptr document;
  std::shared_ptr<const std::string> bytes;
  digest text_hash; ///< SHA-256 of the bytes.
  digest content, canonical;
  std::string format; ///< `json` or `yaml`
  std::uint32_t operations = 0;
  std::vector<std::string> warnings;
};

/// Reads a document and makes sure that it is an OpenAPI specification. The error names the place.
result<read_text>
read_document(std::shared_ptr<const std::string> bytes, const std::string& name,
              std::uint64_t max_bytes,
              events::duplicate_names duplicates = events::duplicate_names::refuse);

/// Reads a stored text; only its hash, bytes and format are filled in beside the document.
result<read_text> load_text(const storage::document_store& documents, const digest& text,
                            const std::string& name, std::uint64_t max_bytes);

/// The text of a merge (specs/rewrite.hpp), of documents in one syntax.
[[nodiscard]] std::string merged_text(const read_text& base, const read_text& current,
                                      const read_text& incoming, const specs::document_ptr& merged);

/// A judged change as it is recorded.
[[nodiscard]] events::change to_change(const specs::finding& finding);

/// What is to become the current document. What is served are the bytes, where there are any;
/// otherwise the document is written over the current text, whatever others have in their words.
struct next_text {
  specs::document_ptr document;
  std::shared_ptr<const std::string> bytes;
  std::string format;
  std::optional<read_text> base; ///< Of a merge of whole documents.
  std::vector<read_text> others; ///< Texts that parts of the document are from.
};

/// A revision before its number is known, and its text.
struct made_revision {
  events::revision_added fact;
  std::shared_ptr<const std::string> text;
};

/// Compares with the current document and judges the changes. Nothing where the content is the
/// same.
result<std::optional<made_revision>> make_revision(const next_text& next, const read_text* current,
                                                   events::revision_cause cause,
                                                   std::vector<std::string> flaws,
                                                   const std::string& today);

} // namespace apisync::actors
