#include "events/opinion_json.hpp"

#include "events/json_object.hpp"

#include <algorithm>

namespace apisync::events {

std::string_view state_of(const model_opinion& of) {
  if (!of.answered) return "asking";
  if (!of.failure.empty()) return "failed";
  if (of.verdict.outcome == "resolved") return "resolved";
  if (of.verdict.outcome != "proposed") return "unusable";
  const bool good = std::all_of(of.verdict.checks.begin(), of.verdict.checks.end(),
                                [](const model_check& one) { return one.passed; });
  return good ? "proposed" : "refused";
}

std::string opinion_json(const model_opinion& of) {
  json_object out;
  out.member("model", of.model).member("state", state_of(of)).member("question", of.question);
  if (!of.answered) return out.finish().text;
  const auto& verdict = of.verdict;
  out.optional("failure", of.failure).optional("why", of.reason).optional("choice", verdict.choice);
  if (verdict.value) out.member("value", *verdict.value);
  out.optional("reason", verdict.reason);
  if (!verdict.choice.empty()) out.member("confidencePercent", verdict.confidence_percent);
  out.optional("checks", verdict.checks);
  return out.finish().text;
}

} // namespace apisync::events
