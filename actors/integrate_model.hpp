#pragma once

#include "actors/document_cache.hpp"
#include "actors/interfaces.hpp"

namespace apisync::actors {

/// Makes the questions about open conflicts as they stand now, and what to record of each; those
/// that the log has the answer to are marked, and not recorded again.
result<integrated> make_questions(const take_question& task, const document_reader& documents);

/// Looks at what a model answered. What of it passes every check and the mode lets count is
/// decided and published, all in one; the rest is left to people, with what was wrong. Never an
/// error for what the model wrote.
result<integrated> take_model_answer(const take_answer& task, const document_reader& documents);

} // namespace apisync::actors
