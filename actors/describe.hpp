#pragma once

#include "events/event.hpp"
#include "specs/document.hpp"
#include "specs/rewrite.hpp"
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

/// What is stored was within limits once.
constexpr std::uint64_t stored_bytes_max = 1ULL << 30;

/// Reads a document and makes sure that it is an OpenAPI specification. The error names the place.
result<read_text>
read_document(std::shared_ptr<const std::string> bytes, const std::string& name,
              std::uint64_t max_bytes,
              events::duplicate_names duplicates = events::duplicate_names::refuse);

/// Reads a stored text; only its hash, bytes and format are filled in beside the document.
result<read_text> load_text(const storage::document_store& documents, const digest& text,
                            const std::string& name, std::uint64_t max_bytes);

/// The text with its document, for specs/rewrite.hpp. @pre the text outlives it
[[nodiscard]] specs::written_document written(const read_text& text);

/// The text of a merge (specs/rewrite.hpp), of documents in one syntax.
[[nodiscard]] std::string merged_text(const read_text& base, const read_text& current,
                                      const read_text& incoming, const specs::document_ptr& merged);

} // namespace apisync::actors
