#pragma once

#include "actors/interfaces.hpp"
#include "storage/event_log.hpp"

namespace apisync::actors {

/// Makes the questions about open conflicts as they stand now, and what to record of each; those
/// that the log has the answer to are marked, and not recorded again.
result<integrated> make_questions(const take_question& task,
                                  const storage::document_store& documents);

/// Looks at what a model answered. What of it passes every check and the mode lets count is
/// decided and published, all in one; the rest is left to people, with what was wrong. Never an
/// error for what the model wrote.
result<integrated> take_model_answer(const take_answer& task,
                                     const storage::document_store& documents);

} // namespace apisync::actors
