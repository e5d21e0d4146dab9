#pragma once

#include "specs/document.hpp"
#include "specs/rule.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace apisync::specs {

/// A flaw of a document, and where it is.
struct flaw {
  specs::severity severity = severity::error;
  std::string_view rule; ///< A fixed word, such as `dangling-reference`.
  std::string pointer;
  position where;
  std::string message; ///< A sentence without a full stop.

  bool operator==(const flaw&) const = default;
};

/// The flaws that the standard's own schema does not see (references that lead nowhere, operation
/// ids given twice, path parameters) and the coarse ones that it does (members missing or of the
/// wrong type in the main objects), sorted by place. At most `max_findings`.
/// @pre `recognise(doc)` succeeded
[[nodiscard]] std::vector<flaw> validate(const document& doc, std::size_t max_findings = 1000);

} // namespace apisync::specs
