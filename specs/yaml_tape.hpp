#pragma once

#include "specs/flat_buffer.hpp"
#include "specs/parse_limits.hpp"

#include <deque>
#include <string>
#include <string_view>

namespace apisync::specs {

/// A YAML text as its flat list of nodes, before aliases and merge keys are followed: what an alias
/// means can only be written out where the node that it names is at hand.
///
/// The items of a container follow it, up to `end`; those of a mapping are key, value, key, value.
struct yaml_tape {
  enum class item_kind : std::uint8_t { scalar, sequence, mapping, alias };

  struct item {
    item_kind kind = item_kind::scalar;
    bool plain = false;       ///< A scalar without quotes: its text decides what it is.
    std::uint32_t end = 0;    ///< One past its last descendant.
    std::uint32_t target = 0; ///< Of an alias: the item it stands for, which is none itself.
    position where;
    std::string_view text; ///< Of a scalar; into the source text or `unfolded`.
  };

  flat_buffer<item> items;
  std::deque<std::string> unfolded; ///< Texts that do not stand in the source as they are.
};

/// Reads the one document of a YAML text. Counts what the aliases will expand to, and refuses where
/// that is over a limit of `target`; expands nothing.
/// @pre `text` is UTF-8 without a byte order mark, and outlives the tape
[[nodiscard]] result<yaml_tape> read_tape(std::string_view text, parse_target& target);

} // namespace apisync::specs
