#pragma once

#include "specs/openapi_roles.hpp"
#include "specs/validate.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace apisync::specs {

/// Collects findings up to a limit.
class finding_list {
public:
  explicit finding_list(std::size_t limit) : limit_{limit} {}

  void add(severity level, std::string_view rule, std::string pointer, node at,
           std::string message) {
    if (found_.size() < limit_)
      found_.push_back({level, rule, std::move(pointer), at.where(), std::move(message)});
  }
  void error(std::string_view rule, std::string pointer, node at, std::string message) {
    add(severity::error, rule, std::move(pointer), at, std::move(message));
  }
  void warning(std::string_view rule, std::string pointer, node at, std::string message) {
    add(severity::warning, rule, std::move(pointer), at, std::move(message));
  }

  [[nodiscard]] std::vector<flaw> take() && { return std::move(found_); }

private:
  std::vector<flaw> found_;
  std::size_t limit_;
};

/// Members of the main objects that are missing or of the wrong type.
void check_shape(const document& doc, finding_list& found);

/// Paths that are the same or malformed, and parameters that do not fit their path.
void check_paths(const document& doc, finding_list& found);

/// References that lead nowhere.
void check_references(const document& doc, finding_list& found);

/// Operation ids that are not unique.
void check_operation_ids(const document& doc, finding_list& found);

} // namespace apisync::specs
