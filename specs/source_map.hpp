#pragma once

#include "specs/document.hpp"
#include "specs/parse.hpp"

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace apisync::specs {

/// How a value or a name is written.
enum class spelling : std::uint8_t {
  plain, ///< Without quotes; every JSON number and word too.
  single_quoted,
  double_quoted,
  literal, ///< A block that begins with `|`.
  folded,  ///< A block that begins with `>`.
  block,   ///< An array or object by indentation.
  flow,    ///< An array or object in brackets; every JSON one.
  alias,
};

/// Where one value, name or alias stands in its text. Those in a sequence follow it, those in a
/// mapping as name, value, name, value.
struct source_span {
  std::uint32_t begin = 0; ///< Of its anchor or tag, where it has one.
  std::uint32_t end = 0;   ///< One past its last byte. Of a block: of its last content.
  std::uint32_t next = 0;  ///< The index of the first span after its descendants.
  spelling style = spelling::plain;
  bool is_mapping = false; ///< Of `block` and `flow`: else a sequence.

  [[nodiscard]] bool is_container() const {
    return style == spelling::block || style == spelling::flow;
  }
};

/// Where the parts of a text stand. Made beside the document, by a second pass and only for those
/// who write a text back; the document itself knows no more than lines and columns.
struct source_map {
  struct anchor {
    std::uint32_t span = 0;
    std::string_view name; ///< Into the text.
  };
  struct alias {
    std::uint32_t span = 0;
    std::uint32_t target = 0; ///< The span of the anchor that it means.
  };

  std::vector<source_span> spans; ///< The root is the first.
  std::vector<anchor> anchors;    ///< Ascending, as are the aliases.
  std::vector<alias> aliases;
  std::vector<std::uint32_t> lines; ///< Where each line begins.

  /// The byte at a place that the document tells; nothing for one beyond the text or made.
  [[nodiscard]] std::optional<std::uint32_t> offset(position where) const;

  /// The anchor that an alias means. @pre there is an alias
  [[nodiscard]] std::uint32_t target_of(std::uint32_t alias_span) const;

  /// @pre there is an anchor
  [[nodiscard]] std::string_view name_of(std::uint32_t anchor_span) const;

  /// An anchor or an alias is written somewhere in the spans [from, to).
  [[nodiscard]] bool has_anchor(std::uint32_t from, std::uint32_t to) const;
  [[nodiscard]] bool has_alias(std::uint32_t from, std::uint32_t to) const;
};

/// Finds the parts of a text that `parse` has read in that syntax. Nothing for one of more than
/// 2 GiB. @pre `text` is without a byte order mark, and outlives the map
[[nodiscard]] std::optional<source_map> map_source(std::string_view text, syntax format);

/// The passes over one syntax each; they fill in all but the lines.
[[nodiscard]] std::optional<source_map> map_json(std::string_view text);
[[nodiscard]] std::optional<source_map> map_yaml(std::string_view text);

} // namespace apisync::specs
