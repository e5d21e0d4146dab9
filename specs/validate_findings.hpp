#pragma once

#include "specs/openapi_roles.hpp"
#include "specs/validate.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace apisync::specs {

/// What is wrong, and what to do about it.
struct sentence {
  std::string message;
  std::string advice;
};

/// Collects findings up to a limit.
class finding_list {
public:
  explicit finding_list(std::size_t limit) : limit_{limit} {}

  void add(severity level, std::string_view rule, std::string pointer, node at, sentence text) {
    if (found_.size() < limit_)
      found_.push_back({level, rule, std::move(pointer), at.where(), std::move(text.message),
                        std::move(text.advice)});
  }
  void error(std::string_view rule, std::string pointer, node at, sentence text) {
    add(severity::error, rule, std::move(pointer), at, std::move(text));
  }
  void warning(std::string_view rule, std::string pointer, node at, sentence text) {
    add(severity::warning, rule, std::move(pointer), at, std::move(text));
  }

  [[nodiscard]] bool full() const { return found_.size() >= limit_; }
  [[nodiscard]] std::vector<flaw> take() && { return std::move(found_); }

private:
  std::vector<flaw> found_;
  std::size_t limit_;
};

/// Whether the document has the form that its version prescribes (specs/shape.hpp).
void check_shape(const document& doc, finding_list& found);

/// Paths that are the same or malformed, and parameters that do not fit their path.
void check_paths(const document& doc, finding_list& found);

/// References that lead nowhere, round in a circle, or to a part of another kind.
void check_references(const document& doc, finding_list& found);

/// Operation ids and tags given twice, and links and security requirements that name what is not
/// there.
void check_names(const document& doc, finding_list& found);

/// Server variables, discriminators and schemas whose members do not fit together.
void check_meaning(const document& doc, finding_list& found);

/// `'word'`
[[nodiscard]] inline std::string quoted(std::string_view word) {
  std::string text{"'"};
  text += word;
  text += '\'';
  return text;
}

} // namespace apisync::specs
