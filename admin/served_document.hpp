#pragma once

#include "admin/message.hpp"
#include "specs/parse.hpp"
#include "storage/event_log.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace apisync::admin {

/// A stored document that a reader asks for.
struct document_text {
  digest hash;             ///< Of its bytes.
  std::string_view format; ///< Of its bytes: `json` or `yaml`.
};

/// A stored document with its bytes.
struct stored_text {
  std::string bytes;
  specs::parsed read;
};

/// Reads a document that was stored, within the limits of its time, names given twice included.
/// `name` is for messages.
result<stored_text> read_stored(const storage::document_store& documents, const digest& text,
                                const std::string& name);

/// The format that a reader prefers: of `application/json` and the names of YAML in `Accept`, the
/// one with the higher weight (RFC 9110 §12.5.1); `written` where there is none, or a tie.
std::string_view preferred_format(std::string_view accept, std::string_view written);

/// The document in a format: as it is stored where that is the asked one, else printed anew. The
/// `ETag` is the stored hash, with the format for what was printed anew. 304 where the reader has
/// it.
result<response> document_answer(const request& asked, const storage::document_store& documents,
                                 const document_text& text, std::string_view format);

/// The hash in a tag of `document_answer`, whichever the format; nothing for another tag.
std::optional<digest> hash_in_etag(std::string_view etag);

} // namespace apisync::admin
