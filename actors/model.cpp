#include "actors/model.hpp"

#include <caf/send.hpp>

#include <algorithm>
#include <utility>

namespace apisync::actors {

namespace {

constexpr std::chrono::seconds usual_pause{1}; // before an endpoint that names none is asked again

sources::model_outcome no_answer(std::string kind, errc code, std::string what,
                                 const std::string& where) {
  sources::model_failure out;
  out.kind = std::move(kind);
  out.problem = {code, std::move(what), where};
  out.requests = 0;
  return tl::unexpected(std::move(out));
}

sources::model_request to_request(const ask_model& order) {
  const auto& model = *order.model;
  sources::model_request out;
  auto& endpoint = out.endpoint;
  endpoint.url = model.url;
  endpoint.model = model.model;
  endpoint.key = model.key;
  endpoint.azure_key = model.key_header == events::model_key_header::api_key;
  endpoint.api_version = model.api_version;
  endpoint.temperature = model.temperature;
  endpoint.seed = model.seed;
  endpoint.answer_tokens = model.answer_tokens;
  endpoint.answer_bytes = model.answer_bytes;
  endpoint.timeout = model.timeout;
  endpoint.allow_addresses = model.allow_addresses;
  out.system = order.prompt->system;
  out.user = order.prompt->user;
  out.schema = order.prompt->schema;
  return out;
}

/// What a question may cost, guessed from its length: three bytes a token are few.
std::uint64_t most_tokens(const ask_model& order) {
  const auto& prompt = *order.prompt;
  return (prompt.system.size() + prompt.user.size() + prompt.schema.size()) / 3 +
         order.model->answer_tokens;
}

/// How long to wait before the same is asked again; nothing where it makes no sense.
std::optional<std::chrono::milliseconds> pause_before_again(const sources::model_failure& of,
                                                            std::chrono::milliseconds longest) {
  const bool may_pass = of.kind == "rate-limited" || (of.kind == "server-error" && of.retry_after);
  if (!may_pass) return std::nullopt;
  const std::chrono::milliseconds pause = of.retry_after.value_or(usual_pause);
  if (pause > longest) return std::nullopt;
  return pause;
}

} // namespace

void model_actor_state::open(model_parts parts) {
  parts_ = std::move(parts);
  parts_.box->get()->each_api(
      [&](const events::api_state& api) { budget_.remember(api.definition.id, api.costs); });
}

caf::result<model_said> model_actor_state::ask(const ask_model& order) {
  auto reply = self_->make_response_promise<model_said>();
  question asked{order, reply, parts_.now()};
  if (!parts_.client) {
    answer(asked,
           no_answer("unreachable", errc::unavailable,
                     "this program was started without a client for models", order.model->url));
    return reply;
  }
  if (waiting_.size() >= parts_.limits.commands_pending) {
    answer(asked, no_answer("overloaded", errc::overloaded, "too many questions wait for the model",
                            order.model->url));
    return reply;
  }
  waiting_.push_back(std::move(asked));
  start_next();
  return reply;
}

void model_actor_state::start_next() {
  while (!waiting_.empty() && asking_.size() < waiting_.front().order.model->concurrency) {
    auto next = std::move(waiting_.front());
    waiting_.pop_front();
    next.reserved = most_tokens(next.order);
    if (auto refused =
            budget_.reserve(next.order.api, next.reserved, *next.order.model, parts_.now())) {
      answer(next,
             no_answer("budget", errc::limit_exceeded, std::move(*refused), next.order.model->url));
      continue;
    }
    const auto token = ++tokens_;
    const auto& started = asking_.emplace(token, std::move(next)).first->second;
    send(token, started);
  }
}

void model_actor_state::send(std::uint64_t token, const question& of) {
  auto me = caf::actor_cast<caf::actor>(self_);
  parts_.client->ask(to_request(of.order), [me, token](sources::model_outcome outcome) {
    caf::anon_send(me, model_request_ended{token, std::make_shared<const sources::model_outcome>(
                                                      std::move(outcome))});
  });
}

void model_actor_state::ended(const model_request_ended& message) {
  const auto found = asking_.find(message.token);
  if (found == asking_.end()) return;
  auto& of = found->second;
  const auto& outcome = *message.outcome;
  if (outcome || of.repeated) return finish(message.token, outcome);
  const auto pause = pause_before_again(outcome.error(), of.order.model->retry_within);
  if (!pause) return finish(message.token, outcome);
  of.repeated = true;
  of.requests += outcome.error().requests;
  of.prompt_tokens += outcome.error().prompt_tokens;
  of.answer_tokens += outcome.error().answer_tokens;
  self_->delayed_send(self_, *pause, model_pause_over{message.token});
}

void model_actor_state::pause_over(const model_pause_over& message) {
  if (const auto found = asking_.find(message.token); found != asking_.end())
    send(message.token, found->second);
}

void model_actor_state::finish(std::uint64_t token, sources::model_outcome outcome) {
  auto of = std::move(asking_.extract(token).mapped());
  const auto add = [&](auto& end) {
    end.requests += of.requests;
    end.prompt_tokens += of.prompt_tokens;
    end.answer_tokens += of.answer_tokens;
    budget_.settle(of.order.api, of.reserved, end.prompt_tokens + end.answer_tokens, parts_.now());
  };
  outcome ? add(*outcome) : add(outcome.error());
  answer(of, std::move(outcome));
  start_next();
}

void model_actor_state::answer(question& of, sources::model_outcome outcome) const {
  const auto took = std::chrono::floor<std::chrono::milliseconds>(parts_.now() - of.since);
  of.reply.deliver(
      model_said{std::make_shared<const model_reply>(model_reply{std::move(outcome), took})});
}

void model_actor_state::fail_all(const error& problem) {
  for (auto& [token, of] : asking_)
    of.reply.deliver(to_caf(problem));
  for (auto& of : waiting_)
    of.reply.deliver(to_caf(problem));
  asking_.clear();
  waiting_.clear();
}

model_self_actor::behavior_type
model_behavior(model_self_actor::stateful_pointer<model_actor_state> self, model_parts parts) {
  self->set_exit_handler([self](const caf::exit_msg& message) {
    self->state.fail_all({errc::unavailable, "the service is shutting down", {}});
    self->quit(message.reason);
  });
  self->state.open(std::move(parts));
  return {
      [self](const ask_model& order) { return self->state.ask(order); },
      [self](const model_request_ended& message) { self->state.ended(message); },
      [self](const model_pause_over& message) { self->state.pause_over(message); },
  };
}

} // namespace apisync::actors
