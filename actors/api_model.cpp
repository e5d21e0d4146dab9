#include "actors/api.hpp"

#include <algorithm>

namespace apisync::actors {

namespace {

constexpr std::size_t questions_max = 8;  // of one API, that an answer is waited for
constexpr std::size_t conflicts_max = 64; // that questions are made of at once

events::model_answered to_fact(const events::model_asked& asked, const model_reply& reply) {
  events::model_answered out;
  out.question = asked.question;
  out.model = asked.model;
  out.latency = reply.latency;
  const auto count = [&](const auto& end) {
    out.requests = end.requests;
    out.prompt_tokens = end.prompt_tokens;
    out.answer_tokens = end.answer_tokens;
  };
  if (reply.outcome) {
    count(*reply.outcome);
    out.format = to_string(reply.outcome->format);
    return out;
  }
  const auto& failure = reply.outcome.error();
  count(failure);
  out.status = "failed";
  out.failure = failure.kind;
  out.reason = failure.problem.message;
  out.where = failure.problem.where;
  return out;
}

} // namespace

/// Open conflicts that a rule gives to the model, and whose values it has not been asked about, or
/// was when the process ended.
std::vector<std::string> api_actor_state::unasked() const {
  std::vector<std::string> out;
  for (const auto& [id, conflict] : core_.state().open) {
    if (conflict->detail.ai_rule.empty() || passed_over_.contains(id)) continue;
    if (asking_.contains(id) || (conflict->opinion && conflict->opinion->answered)) continue;
    out.push_back(id);
    if (out.size() == conflicts_max) break;
  }
  return out;
}

/// Has questions made of what was not asked yet. Nothing waits for the answers: syncs and people go
/// on, and an answer is taken in when its turn has come.
void api_actor_state::consider_model() {
  if (!parts_.model || making_questions_ || !core_.state().exists) return;
  if (questions_ >= questions_max) return;
  auto ids = unasked();
  if (ids.empty()) return;
  making_questions_ = true;
  auto begin = [this, ids]() -> result<integrate_task> {
    if (!parts_.model) return fail(errc::cancelled, "the model was switched off", core_.stream());
    return take_question{context(), ids, parts_.model, core_.state().answers};
  };
  auto done = [this, ids](const result<integrated_ptr>& outcome, const change_result& change) {
    making_questions_ = false;
    if (outcome && change) return ask_all((*outcome)->prompts);
    pass_over(ids, outcome ? change.error() : outcome.error());
  };
  enqueue({std::move(begin), std::move(done), {}});
}

void api_actor_state::ask_all(const std::vector<model_prompt>& prompts) {
  for (const auto& prompt : prompts) {
    ++questions_;
    for (const auto& conflict : prompt.asked.conflicts)
      asking_.insert(conflict.id);
    if (!prompt.known) {
      ask(prompt);
      continue;
    }
    events::model_answered known;
    known.question = prompt.asked.question;
    known.model = prompt.known->model;
    known.answer = prompt.known->answer;
    known.format = prompt.known->format;
    known.repeated = true;
    answered(prompt.asked, std::move(known), {});
  }
}

void api_actor_state::ask(const model_prompt& prompt) {
  const auto failed = [this, asked = prompt.asked](const std::string& why) {
    events::model_answered come;
    come.question = asked.question;
    come.model = asked.model;
    come.status = "failed";
    come.failure = "unreachable";
    come.reason = why;
    answered(asked, std::move(come), {});
  };
  const auto model = parts_.entities->model();
  if (!model || !parts_.model) return failed("the part that asks models is not running");
  self_
      ->request(model, caf::infinite,
                ask_model{core_.state().definition.id, std::make_shared<const model_prompt>(prompt),
                          parts_.model})
      .then(
          [this, asked = prompt.asked](const model_said& said) {
            // At a stop nothing is known: it is asked again at the next start.
            if (!said->outcome && said->outcome.error().kind == "cancelled") return;
            answered(asked, to_fact(asked, *said), said->outcome ? said->outcome->text : "");
          },
          [failed](const caf::error& problem) { failed(from_caf(problem).message); });
}

void api_actor_state::answered(const events::model_asked& asked, events::model_answered come,
                               std::string text) {
  asked_by who;
  if (come.status == "answered") who.from.by = "model:" + asked.model;
  auto begin = [this, asked, come = std::move(come),
                text = std::move(text)]() -> result<integrate_task> {
    if (!parts_.model) return fail(errc::cancelled, "the model was switched off", core_.stream());
    return take_answer{context(), asked, parts_.model, come, text};
  };
  auto done = [this, asked](const result<integrated_ptr>& outcome, const change_result& change) {
    --questions_;
    std::vector<std::string> ids;
    for (const auto& conflict : asked.conflicts)
      ids.push_back(conflict.id);
    for (const auto& id : ids)
      asking_.erase(id);
    if (outcome && change) return;
    pass_over(ids, outcome ? change.error() : outcome.error());
  };
  enqueue({std::move(begin), std::move(done), std::move(who)});
}

/// What cannot be asked about (a document that cannot be read, say) is left to people until the
/// next start or configuration; what there was only no room for is asked about later.
void api_actor_state::pass_over(const std::vector<std::string>& ids, const error& why) {
  if (why.code == errc::overloaded) return;
  passed_over_.insert(ids.begin(), ids.end());
}

} // namespace apisync::actors
