#pragma once

#include "specs/document.hpp"
#include "specs/rule.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace apisync::specs {

/// A flaw of a document, and where it is. docs/validation.md lists the rules.
struct flaw {
  specs::severity severity = severity::error;
  std::string_view rule; ///< A fixed word, such as `dangling-reference`.
  std::string pointer;
  position where;
  std::string message; ///< A sentence without a full stop.
  std::string advice;  ///< What to do, likewise.

  bool operator==(const flaw&) const = default;
};

/// What breaks the form that the document's version of OpenAPI prescribes (members unknown,
/// missing, of the wrong type or value), and the rules that no schema can say (references that lead
/// nowhere, operation ids given twice, path parameters), sorted by place. At most `max_findings`.
/// @pre `recognise(doc)` succeeded
[[nodiscard]] std::vector<flaw> validate(const document& doc, std::size_t max_findings = 1000);

} // namespace apisync::specs
