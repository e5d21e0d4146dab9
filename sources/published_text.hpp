#pragma once

#include "sources/publish.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace apisync::sources {

/// What a place is to have.
struct published_text {
  std::string bytes;
  bool verbatim = true; ///< The document's own text.
  bool found = false;   ///< The place has it already.
};

/// The bytes of a document at a place. In the format that the place asks for, else the one of what
/// is there, else what the file's name promises, else the document's own: the document's own text
/// where nobody else's is there, and otherwise written over what is there, so that its order,
/// comments and layout stay. What says the same stays as it is.
///
/// @param there what the place has; nothing where it has nothing
/// Errors: `conflict` where a source reads there and what is there was changed since it was last
/// synced; `parse_error` for a document that cannot be read.
result<published_text> text_for(const publish_order& order, std::string text,
                                const std::optional<std::string>& there);

} // namespace apisync::sources
