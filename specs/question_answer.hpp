#pragma once

#include "specs/question.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace apisync::specs {

/// What was answered for one place.
struct place_answer {
  std::string alias;
  std::string choice; ///< `current`, `incoming`, `base` or `value`.
  document_ptr value; ///< For `value`, as it was answered: marks stand in it.
  std::string reason; ///< At most `reason_max` bytes.
  unsigned confidence_percent = 0;
  std::string problem; ///< Why this one does not count; empty where it may.

  static constexpr std::size_t reason_max = 1'000;
};

/// Reads an answer strictly: one JSON object (alone, or alone in one code fence) with exactly the
/// members that the question's schema asks for, about the places of the question and no others,
/// each at most once. What is wrong with one place alone stands in its `problem`: a value where
/// none may be given or that is no JSON. Places that nothing was said of are missing. Errors:
/// `parse_error` with what is wrong; `limit_exceeded` for more than `answer_bytes_max`.
[[nodiscard]] result<std::vector<place_answer>>
parse_answer(std::string_view text, const std::vector<asked_place>& places);

constexpr std::size_t answer_bytes_max = 262'144;

} // namespace apisync::specs
