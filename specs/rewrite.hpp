#pragma once

#include "specs/parse.hpp"

#include <span>
#include <string>
#include <string_view>

namespace apisync::specs {

/// A text and the document that `parse` read from it.
struct written_document {
  std::string_view text;
  document_ptr document;
  syntax format = syntax::yaml;
};

/// A document written over the text of another version of it.
struct rewritten {
  enum class kept : std::uint8_t {
    all,   ///< The text as it was: the document is the same.
    most,  ///< All but what differs.
    style, ///< The whole text had to be printed: indentation, quotes and line ends are like it.
  };
  std::string text;
  kept how = kept::all;
};

/// Writes `wanted` as a change of the text of `current`: what did not change stands byte for byte
/// (comments, quotes, indentation, order, blank lines, line ends); what did is taken from the first
/// of `others` that has exactly that, with its comments, else printed in the style around it. An
/// alias whose anchor changed otherwise than itself is written out.
///
/// The result always reads as `wanted`, the order of names included: it is read again, and where a
/// part comes out differently, that part is printed as a whole.
///
/// @param others versions in the same syntax; what they have and `wanted` has not is not looked at
/// @pre `current` and `others` have been read without an error
[[nodiscard]] rewritten rewrite(const written_document& current, const document_ptr& wanted,
                                std::span<const written_document> others = {});

/// The text of a merge. Where merging the texts line by line makes exactly `merged`, that is it,
/// and so holds what both sides changed in comments and layout; elsewhere `merged` is written over
/// the text of `current`, with the words of `incoming`.
///
/// @param base null where there is none
[[nodiscard]] rewritten rewrite_merge(const written_document* base, const written_document& current,
                                      const written_document& incoming, const document_ptr& merged);

} // namespace apisync::specs
