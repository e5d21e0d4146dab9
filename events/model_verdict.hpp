#pragma once

#include "events/model_event.hpp"
#include "specs/proposal_check.hpp"
#include "specs/question_answer.hpp"

#include <string>

namespace apisync::events {

/// What an answer for one place comes to.
struct judged_answer {
  model_verdict verdict; ///< Its `id` is the caller's to set.
  /// The document with it: where the outcome is `resolved`.
  specs::document_ptr document = {};
};

/// Records what a check found; an empty `what` is a pass.
void note(model_verdict& verdict, std::string check, std::string what);

/// Looks at an answer that was well formed and is about values that still stand: whether it may
/// stand in `in`, and whether it counts under the model's mode and bar. docs/ai.md has the checks.
/// `propose` never makes it count, and notes nothing against it.
judged_answer judge_answer(const specs::contested_place& place, const specs::place_answer& answer,
                           const specs::redaction_rules& rules, specs::proposal_checker& checker,
                           const specs::document_ptr& in, const model_definition& model);

} // namespace apisync::events
