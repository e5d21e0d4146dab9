#pragma once

#include "specs/document.hpp"
#include "specs/flat_buffer.hpp"

#include <cstdint>
#include <limits>
#include <string_view>

namespace apisync::specs {

/// Where the nodes of one document live; private to document.cpp and document_writer.hpp.
///
/// The children of a container lie side by side, in document order, and before the container
/// itself; the root is the last record. Keys are kept once per document and known by a number.
/// Objects with more than `index_from` members also have a list of their members sorted by key
/// number. The nodes within a container are all those from its first descendant to its last child.
struct document::arena {
  static constexpr std::uint32_t none = std::numeric_limits<std::uint32_t>::max();
  static constexpr std::uint32_t index_from = 16;
  static constexpr std::string_view reference_name = "$ref"; ///< The first text of every document.
  static constexpr std::uint32_t reference_key = 0;          ///< Its number as a key.

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

  flat_buffer<record> records;
  flat_buffer<char> text;
  flat_buffer<name> names;
  flat_buffer<std::uint32_t> slots; ///< Open addressing over `names`; a power of two, or empty.
  flat_buffer<entry> entries;
  flat_buffer<index> indexes;
  flat_buffer<std::uint32_t> references; ///< Texts with the key `$ref`, ascending.

  arena();

  [[nodiscard]] std::string_view text_of(const record& r) const {
    return {text.data() + r.start, r.size};
  }
  [[nodiscard]] std::string_view text_of(const name& n) const {
    return {text.data() + n.start, n.size};
  }

  /// Appends to `text` and returns where. @throws std::length_error beyond 4 GiB
  std::uint32_t add_text(std::string_view added) {
    if (added.size() > none - text.size()) refuse_text();
    const auto start = static_cast<std::uint32_t>(text.size());
    text.append(added.data(), added.size());
    return start;
  }

  /// The child of an object that has that name, or `none`.
  [[nodiscard]] std::uint32_t find(const record& object, std::string_view wanted) const;

  /// The number of a key, or `none`.
  [[nodiscard]] std::uint32_t key_number(std::string_view key) const;

  /// The number of a key, which is added where it is new. `hash` is `hash_text(key)`.
  std::uint32_t intern(std::string_view key, std::uint64_t hash) {
    if (2 * (names.size() + 1) > slots.size()) grow_slots();
    auto& slot = slots[slot_of(key, hash)];
    if (slot == none) {
      slot = static_cast<std::uint32_t>(names.size());
      names.push_back({hash, add_text(key), static_cast<std::uint32_t>(key.size())});
    }
    return slot;
  }

  /// The first of the nodes within a container.
  [[nodiscard]] std::uint32_t first_within(const record& container) const;

  /// The child of an object that has that key number, or `none`.
  [[nodiscard]] std::uint32_t child_with(const record& object, std::uint32_t key) const;

private:
  /// Few names are longer than two words, which are compared at once.
  [[nodiscard]] bool is_named(const name& n, std::string_view text_given) const {
    constexpr std::size_t word = 8;
    if (n.size != text_given.size()) return false;
    const auto* const own = text.data() + n.start;
    if (n.size < word || n.size > 2 * word) return std::string_view{own, n.size} == text_given;
    const auto load = [](const char* from) {
      std::uint64_t value = 0;
      std::memcpy(&value, from, word);
      return value;
    };
    const auto last = n.size - word;
    return load(own) == load(text_given.data()) &&
           load(own + last) == load(text_given.data() + last);
  }

  [[nodiscard]] std::size_t slot_of(std::string_view key, std::uint64_t hash) const {
    const auto mask = slots.size() - 1;
    for (auto at = static_cast<std::size_t>(hash) & mask;; at = (at + 1) & mask) {
      if (slots[at] == none) return at;
      const auto& found = names[slots[at]];
      if (found.hash == hash && is_named(found, key)) return at;
    }
  }
  void grow_slots();
  [[noreturn]] static void refuse_text();
};

} // namespace apisync::specs
