#pragma once

#include "specs/document.hpp"
#include "specs/error.hpp"
#include "specs/references.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace apisync::specs {

/// What a specification says about itself.
struct openapi_info {
  std::string version; ///< Of the standard: `2.0`, `3.0.3`, `3.1.0`.
  std::string title;
  std::string api_version; ///< `info.version`.
  std::size_t operations = 0;

  bool operator==(const openapi_info&) const = default;
};

/// Whether the document is an OpenAPI document (2.0, 3.0, 3.1, 3.2) at all. Fails with parse_error
/// and a sentence about what it is instead, or unsupported for another version.
[[nodiscard]] result<openapi_info> recognise(const document& doc);

/// Whether a member of a path item of that name is an operation (`get`, ..., `query`).
[[nodiscard]] bool is_method(std::string_view name);

/// Calls `visit(method, operation)` for each operation of a path item, `additionalOperations` (3.2)
/// among them.
template <class Visit>
void for_each_operation(node item, Visit&& visit) {
  if (!item.is_object()) return;
  for (const auto member : item)
    if (is_method(member.key()) && member.is_object()) visit(member.key(), member);
  for (const auto member : item.find("additionalOperations"))
    if (member.is_object()) visit(member.key(), member);
}

/// Calls `visit(method, path, operation)` for each operation under `paths`, in document order, also
/// of path items by reference and of `additionalOperations` (3.2).
template <class Visit>
void for_each_operation(const document& doc, Visit&& visit) {
  for (const auto path : doc.root().find("paths")) {
    for_each_operation(follow(doc, path), [&](std::string_view method, node operation) {
      visit(method, path.key(), operation);
    });
  }
}

} // namespace apisync::specs
