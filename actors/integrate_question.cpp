#include "actors/integrate_model.hpp"
#include "actors/place_reader.hpp"
#include "specs/print.hpp"

#include <map>
#include <utility>

namespace apisync::actors {

namespace {

std::string parameters_of(const events::model_definition& model) {
  std::string out = "{\"url\":";
  specs::append_json_string(out, model.url);
  if (model.temperature) out += ",\"temperatureThousandths\":" + std::to_string(*model.temperature);
  if (model.seed) out += ",\"seed\":" + std::to_string(*model.seed);
  return out + ",\"answerTokens\":" + std::to_string(model.answer_tokens) + '}';
}

/// The text of a question for the document store, where people can read what was sent.
std::string prompt_text(const specs::question& of) {
  return of.system + "\n\n" + of.user + "\n\n" + of.schema + '\n';
}

model_prompt to_prompt(specs::question of, const events::model_definition& model,
                       const std::map<std::string, digest>& values) {
  model_prompt out;
  auto& asked = out.asked;
  const auto text = prompt_text(of);
  asked.model = model.model;
  asked.parameters.text = parameters_of(model);
  asked.prompt = sha256::of(text);
  asked.prompt_bytes = text.size();
  sha256 hash;
  hash.update(model.model).update("\n").update(asked.parameters.text).update("\n");
  asked.question = hash.update(text).finish();
  for (const auto& place : of.places)
    asked.conflicts.push_back({place.id, values.at(place.id), !place.may_propose,
                               static_cast<std::uint32_t>(place.withheld)});
  out.system = std::move(of.system);
  out.user = std::move(of.user);
  out.schema = std::move(of.schema);
  return out;
}

} // namespace

result<integrated> make_questions(const take_question& task, const document_reader& documents) {
  const auto rules = specs::redaction_rules::parse(task.model->redact);
  if (!rules) return tl::unexpected{rules.error()};
  place_reader reader{task.api, documents};
  std::vector<specs::contested_place> places;
  std::map<std::string, digest> values;
  for (const auto& id : task.ids) {
    const auto* detail = reader.detail(id);
    if (detail == nullptr) continue; // ended meanwhile
    auto place = reader.place(*detail);
    if (!place) return tl::unexpected{place.error()};
    values.emplace(id, values_of(*place));
    places.push_back(std::move(*place));
  }
  specs::question_limits limits;
  limits.bytes_max = static_cast<std::size_t>(task.model->question_bytes);
  integrated out;
  for (auto& question : specs::make_questions(places, *rules, limits)) {
    const auto text = prompt_text(question);
    auto prompt = to_prompt(std::move(question), *task.model, values);
    const auto known = task.known.find(prompt.asked.question);
    // The text of an answer may have been erased since.
    if (known != task.known.end() && documents.contains(known->second.answer).value_or(false)) {
      prompt.known = known->second;
    } else {
      auto stored = documents.encode(text, std::nullopt);
      if (!stored) return tl::unexpected{stored.error()};
      out.documents.push_back(std::move(*stored));
      out.taken.asked.push_back(prompt.asked);
    }
    out.prompts.push_back(std::move(prompt));
  }
  return out;
}

} // namespace apisync::actors
