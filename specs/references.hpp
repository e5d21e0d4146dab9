#pragma once

#include "specs/document.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace apisync::specs {

/// The target of a `$ref` within the document (`#`, `#/components/...`), with `%` and `~` escapes
/// undone, or no node: also for references to other documents and to anchors.
[[nodiscard]] node resolve_reference(const document& doc, std::string_view reference);

/// The node itself, or where its chain of `$ref` ends; no node where the chain dangles, leaves the
/// document or goes in a circle.
[[nodiscard]] node follow(const document& doc, node start);

/// A `$ref` of a document, in a place where the standard gives it a meaning.
struct reference {
  std::string pointer;     ///< Of the object that holds the `$ref`.
  std::string_view target; ///< As written; lives as long as the document.
  node holder;

  bool operator==(const reference&) const = default;
};

/// Every reference, in document order. Examples, defaults and extensions are data, and have none.
[[nodiscard]] std::vector<reference> references(const document& doc);

/// The references into this document that lead nowhere. A circle is no such thing.
[[nodiscard]] std::vector<reference> dangling_references(const document& doc);

} // namespace apisync::specs
