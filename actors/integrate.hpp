#pragma once

#include "actors/document_cache.hpp"
#include "actors/interfaces.hpp"
#include "storage/event_log.hpp"

namespace apisync::actors {

/// Does the work on documents of one task: parse, compare, merge, decide conflicts by rule, judge,
/// print. A function of the task and the stored documents, on any thread. What is wrong with a
/// fetched document is an outcome (`refused`); an error means that the task could not be done:
/// `invalid_argument` or `parse_error` for what a person sent, `not_found` for an unknown conflict,
/// `corrupt` for a stored document that cannot be read.
result<integrated> integrate(const integrate_task& task, const document_reader& documents);

/// Bytes of memory that a task is expected to need, for the budget: a fixed multiple of the largest
/// text that it will hold. One that cannot be read does not count; the task will say so.
std::size_t estimated_memory(const integrate_task& task, const storage::document_store& documents);

} // namespace apisync::actors
