#include "events/model_verdict.hpp"

#include "specs/print.hpp"

#include <utility>

namespace apisync::events {

namespace {

/// Looks at one answer; each step notes what it found and says whether to go on.
class answer_judge {
public:
  answer_judge(const specs::contested_place& place, const specs::place_answer& answer,
               const model_definition& model)
      : place_{place}, answer_{answer}, model_{model} {
    auto& verdict = out_.verdict;
    verdict.choice = answer.choice;
    verdict.reason = answer.reason;
    verdict.confidence_percent = answer.confidence_percent;
    verdict.outcome = "open";
  }

  judged_answer run(const specs::redaction_rules& rules, specs::proposal_checker& checker,
                    const specs::document_ptr& in) {
    if (!find_value(rules)) return std::move(out_);
    out_.verdict.outcome = "proposed";
    auto checked = checker.check(in, place_.identity, value_);
    for (const auto& one : checked.findings)
      note(out_.verdict, std::string{one.check}, one.what);
    if (checked.passed() && own_words() && sure_enough() && counts_in_mode(checked.safe)) {
      out_.verdict.outcome = "resolved";
      out_.document = std::move(checked.document);
    }
    return std::move(out_);
  }

private:
  bool find_value(const specs::redaction_rules& rules) {
    value_ = answer_.choice == "current"    ? place_.current
             : answer_.choice == "incoming" ? place_.incoming
                                            : place_.base;
    if (answer_.choice != "value") return true;
    auto whole = specs::shown_values(place_, rules, answer_.alias).put_back(answer_.value->root());
    if (!whole) return failed("place", whole.error().message);
    own_ = std::move(*whole);
    value_ = own_->root();
    auto text = specs::to_json(value_);
    if (text.size() > model_verdict::max_inline)
      return failed("place", "the value is longer than " +
                                 std::to_string(model_verdict::max_inline) + " bytes");
    out_.verdict.value = raw_json{std::move(text)};
    return true;
  }

  /// A value that counts by itself only puts together what was there.
  bool own_words() {
    if (!own_) return true;
    return passed("words",
                  specs::foreign_word(value_, {place_.base, place_.current, place_.incoming}));
  }

  bool sure_enough() {
    const auto bar = model_.confidence_percent;
    const auto sure = out_.verdict.confidence_percent;
    return passed("confidence", sure >= bar ? ""
                                            : "the model is sure to " + std::to_string(sure) +
                                                  " percent, and " + std::to_string(bar) +
                                                  " are asked for");
  }

  bool counts_in_mode(bool safe) {
    switch (model_.mode) {
    case model_mode::auto_checked:
      return passed("mode", "");
    case model_mode::auto_safe:
      if (own_) return failed("mode", "a value of the model's own needs a person to confirm it");
      return passed("mode", safe ? "" : "it may break clients, so that a person is to confirm it");
    case model_mode::propose:
      return false;
    }
    return false;
  }

  bool passed(std::string check, std::string what) {
    note(out_.verdict, std::move(check), std::move(what));
    return out_.verdict.checks.back().passed;
  }

  bool failed(std::string check, std::string what) {
    return passed(std::move(check), std::move(what));
  }

  const specs::contested_place& place_;
  const specs::place_answer& answer_;
  const model_definition& model_;
  specs::document_ptr own_; ///< A value of the model's own.
  specs::node value_;
  judged_answer out_;
};

} // namespace

void note(model_verdict& verdict, std::string check, std::string what) {
  verdict.checks.push_back({std::move(check), what.empty(), std::move(what)});
}

judged_answer judge_answer(const specs::contested_place& place, const specs::place_answer& answer,
                           const specs::redaction_rules& rules, specs::proposal_checker& checker,
                           const specs::document_ptr& in, const model_definition& model) {
  return answer_judge{place, answer, model}.run(rules, checker, in);
}

} // namespace apisync::events
