#include "actors/integrate_model.hpp"

#include "actors/conflict_record.hpp"
#include "actors/place_reader.hpp"
#include "actors/publication.hpp"
#include "events/model_verdict.hpp"
#include "specs/resolve.hpp"

#include <algorithm>
#include <utility>

namespace apisync::actors {

namespace {

/// Takes the answer to one question, conflict by conflict: what counts changes the document that
/// the next ones are checked against.
class answer_taker {
public:
  answer_taker(const take_answer& task, const document_reader& documents)
      : task_{task}, documents_{documents}, reader_{task.api, documents} {}

  result<integrated> run() {
    out_.taken.answered = task_.come;
    auto& fact = *out_.taken.answered;
    auto current = reader_.current();
    if (!current) return tl::unexpected{current.error()};
    now_ = current->document;
    if (fact.status == "failed") return without_answer(fact, *current);
    if (auto text = answered_text(); !text) return tl::unexpected{text.error()};
    auto rules = specs::redaction_rules::parse(task_.model->redact);
    if (!rules) return tl::unexpected{rules.error()};
    rules_ = std::move(*rules);
    const auto answers = specs::parse_answer(text_, asked_places());
    if (!answers) {
      fact.status = "failed";
      fact.failure = "schema";
      fact.reason = answers.error().message;
      fact.where = answers.error().where;
      return without_answer(fact, *current);
    }
    for (std::size_t i = 0; i < task_.asked.conflicts.size(); ++i)
      if (auto done = take(task_.asked.conflicts[i], alias(i), *answers); !done)
        return tl::unexpected{done.error()};
    return publish(*current);
  }

private:
  static std::string alias(std::size_t index) { return 'c' + std::to_string(index + 1); }

  [[nodiscard]] std::vector<specs::asked_place> asked_places() const {
    std::vector<specs::asked_place> out;
    for (std::size_t i = 0; i < task_.asked.conflicts.size(); ++i) {
      const auto& asked = task_.asked.conflicts[i];
      out.push_back({asked.id, alias(i), !asked.choice_only, asked.withheld});
    }
    return out;
  }

  /// The text that came, kept; or that of the log.
  result<void> answered_text() {
    auto& fact = *out_.taken.answered;
    if (fact.repeated) {
      auto known = documents_.load(fact.answer.value_or(digest{}));
      if (!known) return tl::unexpected{known.error()};
      text_ = std::move(*known);
      return {};
    }
    text_ = task_.text;
    auto stored = documents_.encode(text_, std::nullopt);
    if (!stored) return tl::unexpected{stored.error()};
    fact.answer = stored->hash;
    out_.documents.push_back(std::move(*stored));
    return {};
  }

  /// No answer counts: each conflict goes to the rules after the one that asked, or to people.
  result<integrated> without_answer(events::model_answered& fact, const read_text& current) {
    for (const auto& asked : task_.asked.conflicts) {
      auto& verdict = fact.verdicts.emplace_back();
      verdict.id = asked.id;
      verdict.outcome = "open";
      if (fact.failure == "schema") note(verdict, "schema", fact.reason);
      if (auto done = fall_back(asked, verdict); !done) return tl::unexpected{done.error()};
    }
    return publish(current);
  }

  /// What the rules say of a conflict that the model had no answer for.
  result<void> fall_back(const events::asked_conflict& asked, events::model_verdict& verdict) {
    const auto* detail = reader_.detail(asked.id);
    if (detail == nullptr) return {};
    auto place = reader_.place(*detail);
    if (!place) return tl::unexpected{place.error()};
    if (values_of(*place) != asked.values) return {}; // a question of its own
    const auto ruling = rule_without_model(*detail, *place);
    if (ruling.decided == ruling::choice::open) return {};
    auto changed = after_ruling(now_, to_conflict(*place), ruling);
    if (!changed) return tl::unexpected{changed.error()};
    if (!held(**changed).empty()) return {};
    now_ = std::move(*changed);
    keep_words(*detail, std::string{to_string(ruling.decided)});
    verdict.outcome = "fallback";
    auto fact = record_of(ruling, detail->id, detail->pointer, detail->source);
    fact.reason += "; the model had no usable answer";
    out_.taken.resolved.push_back(std::move(fact));
    return {};
  }

  static specs::conflict to_conflict(const specs::contested_place& place) {
    specs::conflict out;
    out.id = place.id;
    out.pointer = place.pointer;
    out.identity = place.identity;
    out.kind = specs::conflict_kind_of(place.kind).value_or(specs::conflict_kind::edit_edit);
    out.base = place.base;
    out.current = place.current;
    out.incoming = place.incoming;
    return out;
  }

  [[nodiscard]] ruling rule_without_model(const events::conflict_detail& detail,
                                          const specs::contested_place& place) const {
    const auto conflict = to_conflict(place);
    const auto context =
        ruling_context_for(task_.api, detail.source, repository_of(task_.api, detail.source),
                           conflict, now_, documents_, stored_bytes_max);
    return decide_without_model(conflict, context, detail.ai_rule);
  }

  result<void> take(const events::asked_conflict& asked, const std::string& name,
                    const std::vector<specs::place_answer>& answers) {
    auto& verdict = out_.taken.answered->verdicts.emplace_back();
    verdict.id = asked.id;
    verdict.outcome = "open";
    const auto found = std::find_if(answers.begin(), answers.end(),
                                    [&](const auto& one) { return one.alias == name; });
    const auto problem = found == answers.end() ? "nothing was answered for it" : found->problem;
    note(verdict, "schema", problem);
    if (!problem.empty()) return fall_back(asked, verdict);
    const auto* detail = reader_.detail(asked.id);
    if (detail == nullptr) {
      note(verdict, "fresh", "it is not open any more");
      return {};
    }
    auto place = reader_.place(*detail);
    if (!place) return tl::unexpected{place.error()};
    const bool fresh = values_of(*place) == asked.values;
    note(verdict, "fresh", fresh ? "" : "its values have changed since it was asked");
    if (fresh) check(*detail, *place, *found, verdict);
    return {};
  }

  void check(const events::conflict_detail& detail, const specs::contested_place& place,
             const specs::place_answer& answer, events::model_verdict& verdict) {
    auto judged = judge_answer(place, answer, rules_, checker_for(place), now_, *task_.model);
    judged.verdict.id = verdict.id;
    judged.verdict.checks.insert(judged.verdict.checks.begin(), verdict.checks.begin(),
                                 verdict.checks.end());
    verdict = std::move(judged.verdict);
    if (verdict.outcome != "resolved") return;
    if (task_.api.guard) {
      note(verdict, "guard", held(*judged.document));
      if (!verdict.checks.back().passed) {
        verdict.outcome = "proposed";
        return;
      }
    }
    now_ = judged.document;
    keep_words(detail, answer.choice);
    events::conflict_resolved fact;
    fact.id = detail.id;
    fact.pointer = detail.pointer;
    fact.source = detail.source;
    fact.choice = answer.choice;
    fact.rule = detail.ai_rule;
    fact.reason = answer.reason;
    fact.value = verdict.value;
    fact.question = task_.asked.question;
    out_.taken.resolved.push_back(std::move(fact));
  }

  /// What the sides have wrong already is found out once where conflicts are of one merge.
  specs::proposal_checker& checker_for(const specs::contested_place& place) {
    const std::pair sides{place.base_in, place.incoming_in};
    if (!checker_ || checked_sides_ != sides) {
      checker_.emplace(place.base_in, place.current_in, place.incoming_in, task_.api.today);
      checked_sides_ = sides;
    }
    return *checker_;
  }

  /// Why the API's guard keeps a document from being published without a person; empty: it does
  /// not.
  [[nodiscard]] std::string held(const specs::document& next) const {
    const auto& guard = task_.api.guard;
    if (!guard) return {};
    const auto gravest = gravest_change(*now_, next, task_.api.judged());
    if (!gravest || *gravest > *guard) return {};
    return "the API's guard holds changes of level " + std::string{to_string(*gravest)};
  }

  /// Values bring the words and layout of the text that they are from.
  void keep_words(const events::conflict_detail& detail, const std::string& choice) {
    if (choice == "current" || choice == "value") return;
    const auto& text = choice == "base" ? detail.base_document : detail.incoming_document;
    auto read = reader_.text_of(text, choice);
    if (!read) return; // then it is laid out anew
    const auto known = std::any_of(others_.begin(), others_.end(), [&](const read_text& other) {
      return other.text_hash == read->text_hash;
    });
    if (!known) others_.push_back(std::move(*read));
  }

  result<integrated> publish(const read_text& current) {
    next_text next;
    next.document = now_;
    next.format = current.format;
    next.others = std::move(others_);
    events::revision_cause cause;
    cause.kind = "resolution";
    const bool answered = out_.taken.answered->status == "answered";
    if (answered) cause.author = "model:" + task_.come.model;
    cause.message = answered ? "decided by a model" : "decided by a rule, without the model";
    return actors::publish(task_.api, documents_, next, std::move(cause), stored_bytes_max,
                           std::move(out_));
  }

  const take_answer& task_;
  const document_reader& documents_;
  place_reader reader_;
  specs::redaction_rules rules_;
  std::string text_;
  specs::document_ptr now_; ///< With what counted so far.
  std::optional<specs::proposal_checker> checker_;
  std::pair<specs::document_ptr, specs::document_ptr> checked_sides_;
  std::vector<read_text> others_;
  integrated out_;
};

} // namespace

result<integrated> take_model_answer(const take_answer& task, const document_reader& documents) {
  return answer_taker{task, documents}.run();
}

} // namespace apisync::actors
