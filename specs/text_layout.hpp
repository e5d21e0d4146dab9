#pragma once

#include "specs/source_map.hpp"

#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>
#include <vector>

namespace apisync::specs {

/// How a member or an element stands in its text: what separates it from the one before (comments
/// and blank lines above it included), its name or dash, its value, the comment behind it.
struct written_child {
  static constexpr std::uint32_t no_name = std::numeric_limits<std::uint32_t>::max();

  std::uint32_t gap = 0;   ///< Where the separation begins; it ends at `begin`.
  std::uint32_t begin = 0; ///< Of the name (or the `? ` before it), the dash, or the element.
  std::uint32_t after = 0; ///< One past the colon or the dash; of a bare element, its begin.
  std::uint32_t end = 0;   ///< One past the value and, in a block, the comments that belong to it.
  std::uint32_t name = no_name;
  std::uint32_t value = 0; ///< Like the name, a span.
};

/// How an array or object that is not empty stands in its text. The children's gaps and the
/// children cover [begin, end) without a hole.
struct written_container {
  bool flow = false;
  bool is_mapping = false;
  bool on_the_line = false; ///< Of a block: its first child stands on the line of what it is in.
  std::uint32_t begin = 0;  ///< Of the first gap.
  std::uint32_t end = 0;    ///< One past the last child.
  std::uint32_t column = 0; ///< Of a block: the bytes before each child in its line.
  std::vector<written_child> children;
};

/// Finds how a container is written, or nothing for the few ways that are not worth keeping
/// (no colon, or `? `, in a flow mapping; tabs) and for an empty one.
///
/// @param after where the text that belongs to the container's parent ends: one past its colon
[[nodiscard]] std::optional<written_container> lay_out(std::string_view text, const source_map& map,
                                                       std::uint32_t span, std::uint32_t after);

/// Where the comments begin that a gap ends with, and that so belong to what follows: behind the
/// last blank line, as an offset in the gap; after the first line break, at the latest.
[[nodiscard]] std::size_t attached_comments(std::string_view gap);

/// The bytes from the begin of the line to a place.
[[nodiscard]] std::uint32_t column_of(std::string_view text, std::uint32_t at);

} // namespace apisync::specs
