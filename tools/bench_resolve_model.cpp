#include "tools/bench_resolve_model.hpp"

#include "events/model_verdict.hpp"
#include "specs/merge.hpp"
#include "specs/parse.hpp"
#include "specs/resolve.hpp"

#include <algorithm>
#include <chrono>
#include <future>
#include <utility>

namespace apisync::tools {
namespace {

sources::model_request to_request(const specs::question& asked,
                                  const events::model_definition& model) {
  sources::model_request out;
  out.endpoint.url = model.url;
  out.endpoint.model = model.model;
  out.endpoint.key = model.key;
  out.endpoint.azure_key = model.key_header == events::model_key_header::api_key;
  out.endpoint.api_version = model.api_version;
  out.endpoint.temperature = model.temperature;
  out.endpoint.seed = model.seed;
  out.endpoint.answer_tokens = model.answer_tokens;
  out.endpoint.answer_bytes = model.answer_bytes;
  out.endpoint.timeout = model.timeout;
  out.endpoint.allow_addresses = model.allow_addresses;
  out.system = asked.system;
  out.user = asked.user;
  out.schema = asked.schema;
  return out;
}

sources::model_outcome wait_for(sources::model_client& client, sources::model_request request) {
  auto promise = std::make_shared<std::promise<sources::model_outcome>>();
  auto answer = promise->get_future();
  client.ask(std::move(request),
             [promise](sources::model_outcome said) { promise->set_value(std::move(said)); });
  return answer.get();
}

/// The questions of one merge, one after the other.
class merge_scorer {
public:
  merge_scorer(const merged_versions& of, sources::model_client& client,
               const events::model_definition& model)
      : of_{of},
        client_{client},
        model_{model},
        rules_{specs::redaction_rules::parse(model.redact).value_or(specs::redaction_rules{})},
        checker_{of.base, of.ours, of.theirs, {}} {}

  model_score run() {
    const auto merge = specs::merge(of_.base, of_.ours, of_.theirs);
    std::vector<specs::contested_place> places;
    for (auto const& one : merge.conflicts)
      places.push_back({one.id, std::string{to_string(one.kind)}, one.pointer, one.identity,
                        one.base, one.current, one.incoming, of_.base, of_.ours, of_.theirs});
    score_.conflicts = places.size();
    specs::question_limits limits;
    limits.bytes_max = static_cast<std::size_t>(model_.question_bytes);
    now_ = merge.merged;
    std::size_t first = 0;
    for (auto const& asked : specs::make_questions(places, rules_, limits)) {
      ask(asked, {places.begin() + static_cast<std::ptrdiff_t>(first),
                  places.begin() + static_cast<std::ptrdiff_t>(first + asked.places.size())});
      first += asked.places.size();
    }
    return std::move(score_);
  }

private:
  void ask(const specs::question& asked, const std::vector<specs::contested_place>& places) {
    ++score_.questions;
    auto const start = std::chrono::steady_clock::now();
    auto const said = wait_for(client_, to_request(asked, model_));
    score_.seconds +=
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    auto const count = [&](auto const& end) {
      score_.requests += end.requests;
      score_.prompt_tokens += end.prompt_tokens;
      score_.answer_tokens += end.answer_tokens;
    };
    said ? count(*said) : count(said.error());
    if (!said) return ++score_.failed[said.error().kind], void();
    auto const answers = specs::parse_answer(said->text, asked.places);
    if (!answers) return ++score_.failed["schema"], void();
    for (std::size_t i = 0; i < places.size(); ++i) {
      auto const found =
          std::ranges::find(*answers, asked.places[i].alias, &specs::place_answer::alias);
      if (found == answers->end() || !found->problem.empty())
        ++score_.refused["schema"];
      else
        judge(places[i], *found);
    }
  }

  void judge(const specs::contested_place& place, const specs::place_answer& answer) {
    auto const judged = judge_answer(place, answer, rules_, checker_, now_, model_);
    ++score_.answered;
    ++score_.choices[answer.choice];
    bool const agrees = as_committed(place, judged);
    score_.as_people += agrees ? 1 : 0;
    for (auto const& check : judged.verdict.checks)
      if (!check.passed) ++score_.refused[check.check];
    if (judged.verdict.outcome != "resolved") return;
    ++score_.counted;
    score_.counted_people += agrees ? 1 : 0;
    now_ = judged.document;
  }

  [[nodiscard]] bool as_committed(const specs::contested_place& place,
                                  const events::judged_answer& judged) const {
    auto const theirs = specs::find_identity(*of_.merged, place.identity);
    auto const& choice = judged.verdict.choice;
    if (choice == "current") return same_value(place.current, theirs);
    if (choice == "incoming") return same_value(place.incoming, theirs);
    if (choice == "base") return same_value(place.base, theirs);
    if (!judged.verdict.value) return false;
    auto const own = specs::parse(judged.verdict.value->text);
    return own && same_value(own->document->root(), theirs);
  }

  const merged_versions& of_;
  sources::model_client& client_;
  const events::model_definition& model_;
  specs::redaction_rules rules_;
  specs::proposal_checker checker_;
  specs::document_ptr now_; ///< With what counted so far.
  model_score score_;
};

double share(std::size_t part, std::size_t whole) {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

void add_all(std::map<std::string, std::size_t>& into,
             const std::map<std::string, std::size_t>& from) {
  for (auto const& [name, count] : from)
    into[name] += count;
}

} // namespace

void model_score::add(const model_score& other) {
  conflicts += other.conflicts;
  answered += other.answered;
  as_people += other.as_people;
  counted += other.counted;
  counted_people += other.counted_people;
  add_all(refused, other.refused);
  add_all(failed, other.failed);
  add_all(choices, other.choices);
  questions += other.questions;
  requests += other.requests;
  prompt_tokens += other.prompt_tokens;
  answer_tokens += other.answer_tokens;
  seconds += other.seconds;
}

model_score score_merge(const merged_versions& of, sources::model_client& client,
                        const events::model_definition& model) {
  return merge_scorer{of, client, model}.run();
}

std::vector<bench_result> results_of(const model_score& score, const token_prices& prices) {
  std::vector<bench_result> out;
  auto const number = [](auto value) { return static_cast<double>(value); };
  out.push_back({"model, conflicts", number(score.conflicts), "conflicts"});
  out.push_back({"model, answered", share(score.answered, score.conflicts), "share"});
  out.push_back(
      {"model, answered as people decided", share(score.as_people, score.answered), "share"});
  out.push_back({"model, counted", share(score.counted, score.conflicts), "share"});
  out.push_back(
      {"model, counted as people decided", share(score.counted_people, score.counted), "share"});
  for (auto const& [choice, count] : score.choices)
    out.push_back({"model, chose " + choice, share(count, score.answered), "share"});
  for (auto const& [check, count] : score.refused)
    out.push_back({"model, refused by " + check, share(count, score.conflicts), "share"});
  for (auto const& [kind, count] : score.failed)
    out.push_back({"model, questions failed: " + kind, number(count), "questions"});
  out.push_back({"model, questions", number(score.questions), "questions"});
  out.push_back({"model, requests", number(score.requests), "requests"});
  out.push_back({"model, tokens sent", number(score.prompt_tokens), "tokens"});
  out.push_back({"model, tokens received", number(score.answer_tokens), "tokens"});
  if (score.questions > 0)
    out.push_back({"model, time of a question", score.seconds / number(score.questions), "s"});
  if (prices.prompt > 0 || prices.answer > 0)
    out.push_back({"model, cost",
                   (number(score.prompt_tokens) * prices.prompt +
                    number(score.answer_tokens) * prices.answer) /
                       1e6,
                   "units"});
  return out;
}

} // namespace apisync::tools
