#pragma once

#include "actors/interfaces.hpp"
#include "sources/model.hpp"

#include <caf/typed_actor.hpp>

#include <chrono>
#include <memory>
#include <string>

namespace apisync::actors {

/// A question of an API, to be asked once and for all.
struct ask_model {
  std::string api;
  std::shared_ptr<const model_prompt> prompt;
  std::shared_ptr<const events::model_definition> model;
};

/// How it ended. `requests` and the tokens of all attempts are in the outcome.
struct model_reply {
  sources::model_outcome outcome;
  std::chrono::milliseconds latency{}; ///< From the order to the end.
};
using model_said = std::shared_ptr<const model_reply>;

/// The MODEL: asks what is asked of it, within the configured concurrency and budgets. Whatever
/// happens is an answer, and comes in bounded time.
using model_actor = caf::typed_actor<caf::replies_to<ask_model>::with<model_said>>;

} // namespace apisync::actors

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(apisync::actors::ask_model)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(apisync::actors::model_said)
