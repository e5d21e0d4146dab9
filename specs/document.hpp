#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace apisync::specs {

/// What a node of a document is. Numbers keep their source text, so a 64-bit id or `1.10` survives.
enum class kind : std::uint8_t { null, boolean, number, string, array, object };

/// A place in the source text, 1-based; line 0 means that the node was made, not read.
struct position {
  std::uint32_t line = 0;
  std::uint32_t column = 0; ///< In bytes.

  bool operator==(const position&) const = default;
};

class document;

/// A cursor to one node of a document: two words, copied freely, valid as long as its document.
/// A default-made cursor is "no node": false, with no children, no text.
class node {
public:
  node() = default;

  explicit operator bool() const { return document_ != nullptr; }
  [[nodiscard]] specs::kind kind() const;
  [[nodiscard]] bool is(specs::kind expected) const { return *this && kind() == expected; }
  [[nodiscard]] bool is_object() const { return is(specs::kind::object); }
  [[nodiscard]] bool is_array() const { return is(specs::kind::array); }
  [[nodiscard]] bool is_string() const { return is(specs::kind::string); }

  /// The value of a boolean; false for every other node.
  [[nodiscard]] bool boolean() const;

  /// The value of a string, the source text of a number; empty for every other node.
  [[nodiscard]] std::string_view text() const;

  /// The number of members of an object or elements of an array; 0 for every other node.
  [[nodiscard]] std::size_t size() const;

  /// The i-th member's value or element, in document order. @pre i < size()
  [[nodiscard]] node operator[](std::size_t i) const;

  /// The name of this node in its parent object; empty for elements and the root.
  [[nodiscard]] std::string_view key() const;

  /// The member of that name, or no node (also where this is not an object). O(1) or O(log n).
  [[nodiscard]] node find(std::string_view name) const;

  /// The place of the member of that name among the members, or nothing. As fast as `find`.
  [[nodiscard]] std::optional<std::size_t> index_of(std::string_view name) const;

  /// A hash of the content, blind to the order of members and to positions, but not to the order of
  /// elements. Seeded per process: compare within a process, never store it.
  [[nodiscard]] std::uint64_t hash() const;

  /// Calls `visit(reference)` for every text member named `$ref` in this node, at any depth and
  /// wherever it stands, until it answers true; whether it did. Found without a walk: the cost
  /// grows with their number. In no particular order.
  template <class Visit>
  bool any_reference(Visit visit) const {
    for (const auto index : references_within())
      if (visit(node{document_, index})) return true;
    return false;
  }

  /// Where the node stands in its source text; a member of an object stands where its name does.
  [[nodiscard]] position where() const;

  /// The same node of the same document.
  bool operator==(const node&) const = default;

  class iterator;
  [[nodiscard]] iterator begin() const;
  [[nodiscard]] iterator end() const;

private:
  friend class document;
  friend class document_writer;
  node(const document* owner, std::uint32_t index) : document_{owner}, index_{index} {}

  [[nodiscard]] std::span<const std::uint32_t> references_within() const;

  const document* document_ = nullptr;
  std::uint32_t index_ = 0;
};

/// Walks the children of a node in document order.
class node::iterator {
public:
  using value_type = node;
  using difference_type = std::ptrdiff_t;
  using iterator_category = std::input_iterator_tag;
  using pointer = const node*;
  using reference = node;

  iterator() = default;
  iterator(node parent, std::size_t at) : parent_{parent}, at_{at} {}
  node operator*() const { return parent_[at_]; }
  iterator& operator++() {
    ++at_;
    return *this;
  }
  iterator operator++(int) {
    auto before = *this;
    ++at_;
    return before;
  }
  bool operator==(const iterator&) const = default;

private:
  node parent_;
  std::size_t at_ = 0;
};

inline node::iterator node::begin() const {
  return {*this, 0};
}
inline node::iterator node::end() const {
  return {*this, size()};
}

/// Equal content (member order aside), decided by the hashes.
[[nodiscard]] bool same_content(node a, node b);

/// Both absent, or both there with the same content.
[[nodiscard]] bool same_value(node a, node b);

/// An immutable specification: one arena of nodes, interned keys and text. Thread-safe to read.
class document {
public:
  document();
  ~document();
  document(const document&) = delete;
  document& operator=(const document&) = delete;

  [[nodiscard]] node root() const;

  /// The node at a JSON pointer (RFC 6901), or no node.
  [[nodiscard]] node at(std::string_view pointer) const;

  /// Bytes held in memory, for budgets.
  [[nodiscard]] std::size_t memory() const;

  /// The number of nodes.
  [[nodiscard]] std::size_t node_count() const;

private:
  friend class node;
  friend class document_writer;
  struct arena;
  std::unique_ptr<arena> arena_;
};

using document_ptr = std::shared_ptr<const document>;

/// A name that an object has twice, and where both stand.
struct repeated_name {
  std::string_view name;
  position first;
  position second;
};

/// Makes a document from events in document order, as a parser or a merge produces them. Misuse (a
/// value without a key in an object, an unbalanced end) is a programming error and asserted.
class document_builder {
public:
  document_builder();
  ~document_builder();
  document_builder(document_builder&&) noexcept;
  document_builder& operator=(document_builder&&) noexcept;

  void begin_object(position where = {});
  /// Ends the object. Where a name was given twice, the last value is kept, and the first repeated
  /// name is told; its view is valid until the next call.
  std::optional<repeated_name> end_object();
  void begin_array(position where = {});
  void end_array();
  /// The name of the next value.
  void key(std::string_view name);
  void string(std::string_view value, position where = {});
  void number(std::string_view source_text, position where = {});
  void boolean(bool value, position where = {});
  void null(position where = {});
  /// Copies a whole subtree of any document, positions included.
  void copy(node from);

  /// Values so far, and bytes of text in them: for limits.
  [[nodiscard]] std::size_t node_count() const;
  [[nodiscard]] std::size_t text_bytes() const;

  /// Ends the document; the builder is then empty, and may be used again. @pre exactly one root
  /// value, everything closed
  [[nodiscard]] document_ptr finish();

private:
  struct state;
  std::unique_ptr<state> state_;
};

} // namespace apisync::specs
