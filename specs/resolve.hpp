#pragma once

#include "specs/diff.hpp"
#include "specs/document.hpp"
#include "specs/error.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace apisync::specs {

/// The value at an identity path (docs/merge.md) in any version of a document, or no node. A JSON
/// pointer without array indexes is an identity path as well.
[[nodiscard]] node find_identity(const document& in, std::string_view identity);

/// The JSON pointer of the place at an identity path, where the document has it.
[[nodiscard]] std::optional<std::string> pointer_of(const document& in, std::string_view identity);

/// The identity path of a change; of the list that it lies in, where the elements of that have no
/// names.
[[nodiscard]] std::string identity_of(const change& made);

/// The document with the value at an identity path replaced, added or (no node) removed; the rest
/// unchanged. Objects missing on the way are made. An added member takes the value's own name
/// (`value.key()`) where that means the same as the path's last segment, so that a path template
/// keeps its parameters' names. Removing what is not there changes nothing.
///
/// Errors: `invalid_argument` for text that is no identity path; for removing the root; for a path
/// through something that is neither object nor list, or through a list element that is not there;
/// for a new path template whose parameters have no names.
///
/// @param order where a member is added to an object: the version in whose order it goes; without
///        one it goes last
[[nodiscard]] result<document_ptr> set_value(const document_ptr& in, std::string_view identity,
                                             node value, const document* order = nullptr);

} // namespace apisync::specs
