#pragma once

#include "specs/document.hpp"
#include "specs/source_map.hpp"
#include "specs/text_layout.hpp"
#include "specs/text_style.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace apisync::specs {

/// A text without byte order mark, its parts, and how it is written.
struct text_source {
  std::string_view text;
  source_map map;
  text_style style;
};

/// A value of a document and where it is written.
struct written_value {
  node value; ///< No node: there is none.
  std::uint32_t span = 0;
  std::uint32_t after = 0; ///< One past its parent's colon or dash; 0 for the root.

  explicit operator bool() const { return static_cast<bool>(value); }
};

/// The children of a written container, as they are written and as the document has them: names
/// given twice and merge keys (`<<`) are written but are no children; what a merge key brings is a
/// child but not written here.
struct written_children {
  static constexpr std::size_t elsewhere = static_cast<std::size_t>(-1);

  written_container layout;
  std::vector<std::size_t> written; ///< By child of the document: in `layout.children`.
  std::vector<std::size_t> child;   ///< By written child: in the document; or `elsewhere`.
  bool all_written = true;          ///< No child of the document is written elsewhere.

  [[nodiscard]] written_value value_of(node container, std::size_t child_index) const;
};

/// Nothing where the container is not written here as one that `lay_out` knows.
[[nodiscard]] std::optional<written_children> find_children(const text_source& source,
                                                            const written_value& container);

/// The text with every line but the first moved from one margin to another, and its line ends made
/// `line_end`; nothing where a line does not begin with the margin. Blank lines have none.
[[nodiscard]] std::optional<std::string> shifted(std::string_view text, std::string_view from,
                                                 std::string_view to, std::string_view line_end);

} // namespace apisync::specs
