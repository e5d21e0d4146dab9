#pragma once

#include "events/api_state.hpp"

#include <string>

namespace apisync::events {

/// How a model stands to a conflict: `asking`, `resolved`, `proposed`, `refused` (a check failed; a
/// person may confirm it all the same),
/// `unusable` (nothing can be confirmed) or `failed` (there is no answer).
std::string_view state_of(const model_opinion& of);

/// What a model said of a conflict, as one JSON object in the shape of docs/http-api.md: `model`,
/// `state`, `choice`, `value`, `reason`, `confidencePercent`, `checks`, `failure`, `why`,
/// `question`.
std::string opinion_json(const model_opinion& of);

} // namespace apisync::events
