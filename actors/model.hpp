#pragma once

#include "actors/environment.hpp"
#include "actors/model_budget.hpp"
#include "actors/model_interface.hpp"
#include "actors/views_keeper.hpp"

#include <caf/typed_event_based_actor.hpp>

#include <cstdint>
#include <deque>
#include <map>
#include <memory>

namespace apisync::actors {

/// A request has ended. `token` says whose.
struct model_request_ended {
  std::uint64_t token = 0;
  std::shared_ptr<const sources::model_outcome> outcome;
};

/// The pause that an endpoint asked for is over.
struct model_pause_over {
  std::uint64_t token = 0;
};

using model_self_actor =
    model_actor::extend<caf::reacts_to<model_request_ended>, caf::reacts_to<model_pause_over>>;

} // namespace apisync::actors

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(apisync::actors::model_request_ended)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(apisync::actors::model_pause_over)

namespace apisync::actors {

struct model_parts {
  std::shared_ptr<sources::model_client> client; ///< Null: no question can be asked.
  std::shared_ptr<snapshot_box> box;             ///< For what was spent before.
  wall_clock now;
  queue_limits limits;
};

/// Asks in the order in which it is asked. A question whose budget is used up is answered at once;
/// an endpoint that asks for patience is asked once more, if the pause is short enough.
class model_actor_state {
public:
  static inline constexpr auto name = "model";

  explicit model_actor_state(model_self_actor::pointer self) : self_{self} {}

  void open(model_parts parts);
  caf::result<model_said> ask(const ask_model& order);
  void ended(const model_request_ended& message);
  void pause_over(const model_pause_over& message);
  void fail_all(const error& problem);

private:
  struct question {
    ask_model order;
    caf::typed_response_promise<model_said> reply;
    events::timestamp since;
    std::uint64_t reserved = 0;                         ///< Tokens.
    std::uint64_t prompt_tokens = 0, answer_tokens = 0; ///< Of attempts before the last.
    std::uint32_t requests = 0;                         ///< Likewise.
    bool repeated = false;
  };

  void start_next();
  void send(std::uint64_t token, const question& of);
  void finish(std::uint64_t token, sources::model_outcome outcome);
  void answer(question& of, sources::model_outcome outcome) const;

  model_self_actor::pointer self_;
  model_parts parts_;
  model_budget budget_;
  std::deque<question> waiting_;
  std::map<std::uint64_t, question> asking_; ///< By token.
  std::uint64_t tokens_ = 0;
};

model_self_actor::behavior_type
model_behavior(model_self_actor::stateful_pointer<model_actor_state> self, model_parts parts);

} // namespace apisync::actors
