#pragma once

#include "specs/digest.hpp"
#include "specs/error.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace apisync::storage {

/// The largest document that is stored, in bytes.
inline constexpr std::size_t document_bytes_max = std::size_t{64} << 20U;

/// What a stored document's bytes say of themselves. docs/log-format.md has the layout.
struct document_header {
  std::optional<digest> base; ///< The document that this one is a delta against.
  std::uint16_t depth = 0;    ///< Deltas to undo before the bytes are there; 0 for a whole one.
  std::uint64_t raw_bytes = 0;
};

/// Compresses `bytes` alone, or against `base` (the text of `header.base`), and frames them.
/// `header.raw_bytes` is filled in.
result<std::string> encode_document(document_header header, std::string_view bytes,
                                    std::string_view base);

/// Reads the header; `corrupt` where the frame or its checksum is damaged.
result<document_header> read_document_header(std::string_view encoded);

/// Undoes the compression, given the base's text (empty for a whole one).
result<std::string> decode_document(std::string_view encoded, std::string_view base);

} // namespace apisync::storage
