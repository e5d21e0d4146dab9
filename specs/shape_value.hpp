#pragma once

#include "specs/rule.hpp"
#include "specs/shape.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace apisync::specs {

/// `a string`, `a list`, ...
[[nodiscard]] std::string_view noun_of(kind which);

/// `OpenAPI 3.1`
[[nodiscard]] std::string_view version_name(versions one);

[[nodiscard]] bool equal_any_case(std::string_view a, std::string_view b);

/// What is wrong with a plain value.
struct value_flaw {
  bool wrong_type = false;
  std::string expected; ///< `a string`; for a wrong type.
  severity level = severity::error;
  std::string_view rule;
  std::string message; ///< Without its subject: `must be one of ...`.
  std::string advice;
};

/// Whether a value is what a plain part asks for; `words` are the values that a text may have.
[[nodiscard]] std::optional<value_flaw> value_problem(node at, part which, std::string_view words);

/// What is wrong with a name that people choose.
struct name_flaw {
  std::string_view rule;
  std::string message;
  std::string advice;
};

[[nodiscard]] std::optional<name_flaw> name_problem(std::string_view name, free_names rule,
                                                    versions version);

/// The one of `names` that differs from `name` by a slip or two; empty where none does.
[[nodiscard]] std::string_view most_similar(std::string_view name,
                                            const std::vector<std::string_view>& names);

} // namespace apisync::specs
