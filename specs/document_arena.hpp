#pragma once

#include "specs/document.hpp"

#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace apisync::specs {

/// Where the nodes of one document live; private to document.cpp and document_builder.cpp.
///
/// The children of a container lie side by side, in document order, and before the container
/// itself; the root is the last record. Keys are kept once per document and known by a number.
/// Objects with more than `index_from` members also have a list of their members sorted by key
/// number.
struct document::arena {
  static constexpr std::uint32_t none = std::numeric_limits<std::uint32_t>::max();
  static constexpr std::uint32_t index_from = 16;

  struct record {
    std::uint64_t hash = 0;
    std::uint32_t start = 0; ///< Of the text in `text`, or of the children in `records`.
    std::uint32_t size = 0;  ///< Bytes of text, or number of children.
    std::uint32_t key = none;
    std::uint32_t line = 0;
    std::uint32_t column = 0;
    specs::kind kind = specs::kind::null;
    bool flag = false; ///< The value of a boolean.
  };
  static_assert(sizeof(record) == 32);

  struct name {
    std::uint64_t hash = 0;
    std::uint32_t start = 0;
    std::uint32_t size = 0;
  };

  struct entry {
    std::uint32_t key = 0;
    std::uint32_t child = 0;
  };

  struct index {
    std::uint32_t first_child = 0; ///< Of the object it belongs to; ascending over the indexes.
    std::uint32_t start = 0;       ///< In `entries`.
  };

  std::vector<record> records;
  std::string text;
  std::vector<name> names;
  std::vector<std::uint32_t> slots; ///< Open addressing over `names`; a power of two, or empty.
  std::vector<entry> entries;
  std::vector<index> indexes;

  [[nodiscard]] std::string_view text_of(const record& r) const {
    return std::string_view{text}.substr(r.start, r.size);
  }
  [[nodiscard]] std::string_view text_of(const name& n) const {
    return std::string_view{text}.substr(n.start, n.size);
  }

  /// Appends to `text` and returns where. @throws std::length_error beyond 4 GiB
  std::uint32_t add_text(std::string_view added);

  /// The number of a key, or `none`.
  [[nodiscard]] std::uint32_t key_number(std::string_view key) const;

  /// The number of a key, which is added where it is new. `hash` is `hash_text(key)`.
  std::uint32_t intern(std::string_view key, std::uint64_t hash);

  /// The child of an object that has that key number, or `none`.
  [[nodiscard]] std::uint32_t child_with(const record& object, std::uint32_t key) const;

private:
  [[nodiscard]] std::size_t slot_of(std::string_view key, std::uint64_t hash) const;
  void grow_slots();
};

/// Hashes of one process, seeded at its start: an attacker cannot prepare collisions.
[[nodiscard]] std::uint64_t hash_text(std::string_view text);
[[nodiscard]] std::uint64_t hash_pair(std::uint64_t a, std::uint64_t b);

} // namespace apisync::specs
