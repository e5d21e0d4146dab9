#pragma once

#include "specs/source_map.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace apisync::specs {

/// How a text is written: what is added to it looks like the rest.
struct text_style {
  syntax format = syntax::yaml;
  std::string line_end = "\n";

  std::size_t step = 2;          ///< YAML: the columns by which the inside of an object stands in.
  std::size_t sequence_step = 2; ///< YAML: the same of a list in an object; 0 is usual, too.
  char quote = '\'';             ///< YAML: around strings that need quotes.

  bool lines = true;         ///< JSON: each member has a line of its own, and
  std::string indent = "  "; ///< this stands before it once more than before its parent.
  std::string comma = ", ";  ///< JSON: between what stands on one line.
  std::string colon = ": ";  ///< JSON
};

/// Looks at how a text is written.
[[nodiscard]] text_style style_of(std::string_view text, const source_map& map, syntax format);

/// Appends a value that is not empty in block style: its first member or element where `out` ends,
/// the others in lines of their own with `column` spaces before them. No final line end.
void append_block(std::string& out, node container, std::size_t column, const text_style& style);

/// Appends what stands behind a colon or a dash: a space and a scalar, the lines of a block.
///
/// @param column of the name or dash
void append_block_value(std::string& out, node value, std::size_t column, bool behind_name,
                        const text_style& style);

/// Appends a value on one line of YAML, within brackets.
void append_flow(std::string& out, node value, const text_style& style);

/// Appends a name of a block.
void append_block_name(std::string& out, std::string_view name, std::size_t column,
                       const text_style& style);

/// Appends a value as JSON; `margin` stands before the line that it begins on.
void append_json(std::string& out, node value, std::string_view margin, const text_style& style);

} // namespace apisync::specs
