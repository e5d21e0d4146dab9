#include "events/api_state.hpp"

#include "events/overload.hpp"

#include <algorithm>
#include <functional>

namespace apisync::events {

namespace {

using facts = std::vector<api_event>;

/// Moves a conflict from the open to the ended ones. A conflict that a rule decided at once was
/// never open, and is remembered as ended all the same.
void end_conflict(api_state& state, const std::string& id, conflict_state ending) {
  if (auto found = state.open.find(id); found != state.open.end()) {
    ending.detail = found->second->detail;
    ending.opened = found->second->opened;
    ending.updated = found->second->updated;
    ending.opinion = found->second->opinion;
    state.open.erase(found);
  }
  if (state.ended.size() == api_state::max_ended) state.ended.erase(state.ended.begin());
  state.ended.push_back(std::make_shared<const conflict_state>(std::move(ending)));
}

void apply_resolved(api_state& state, const conflict_resolved& fact, const stamp& when) {
  conflict_state ending;
  ending.detail.id = fact.id;
  ending.detail.pointer = fact.pointer;
  ending.detail.source = fact.source;
  ending.opened = when.time;
  ending.ended = when.time;
  ending.state = "resolved";
  ending.choice = fact.choice;
  ending.rule = fact.rule;
  ending.reason = fact.reason;
  ending.by = when.by;
  ending.value = fact.value;
  ending.decision_key = fact.decision_key;
  end_conflict(state, fact.id, std::move(ending));
}

void remember(api_state& state, const conflict_resolved& fact, const stamp& when) {
  if (!fact.decision_key) return;
  auto kept = *state.decisions;
  if (kept.size() >= api_state::max_decisions && !kept.contains(*fact.decision_key))
    kept.erase(std::min_element(kept.begin(), kept.end(), [](const auto& one, const auto& other) {
      return one.second.at < other.second.at;
    }));
  kept[*fact.decision_key] = {fact.choice, fact.value, when.by, when.sequence};
  state.decisions = std::make_shared<const decision_map>(std::move(kept));
}

/// A conflict that is open again was not decided.
void forget_decision(api_state& state, const std::string& id) {
  const auto last = std::find_if(state.ended.rbegin(), state.ended.rend(),
                                 [&](const auto& ended) { return ended->detail.id == id; });
  if (last == state.ended.rend() || !(*last)->decision_key ||
      !state.decisions->contains(*(*last)->decision_key))
    return;
  auto kept = *state.decisions;
  kept.erase(*(*last)->decision_key);
  state.decisions = std::make_shared<const decision_map>(std::move(kept));
}

void apply_refused(api_state& state, const content_refused& fact) {
  auto& contents = state.refused[fact.source];
  std::erase(contents, fact.content);
  if (contents.size() == api_state::max_refused) contents.erase(contents.begin());
  contents.push_back(fact.content);
}

void apply_closed(api_state& state, const conflict_closed& fact, const stamp& when) {
  conflict_state ending;
  ending.detail.id = fact.id;
  ending.opened = when.time;
  ending.ended = when.time;
  ending.state = "closed";
  ending.reason = fact.reason;
  ending.by = when.by;
  end_conflict(state, fact.id, std::move(ending));
}

/// The same three values at the place, as far as the record tells.
bool same_values(const conflict_detail& before, const conflict_detail& after) {
  return before.kind == after.kind && before.base == after.base &&
         before.current == after.current && before.incoming == after.incoming &&
         before.oversized.empty() && after.oversized.empty();
}

void apply_updated(api_state& state, const conflict_updated& fact, const stamp& when) {
  auto conflict = std::make_shared<conflict_state>();
  conflict->detail = fact.conflict;
  conflict->opened = when.time;
  if (auto found = state.open.find(fact.conflict.id); found != state.open.end()) {
    conflict->opened = found->second->opened;
    if (same_values(found->second->detail, fact.conflict))
      conflict->opinion = found->second->opinion;
  }
  conflict->updated = when.time;
  state.open[fact.conflict.id] = std::move(conflict);
}

/// Changes what is known of a model's opinion about an open conflict.
void with_opinion(api_state& state, const std::string& id,
                  const std::function<void(std::optional<model_opinion>&)>& change) {
  const auto found = state.open.find(id);
  if (found == state.open.end()) return;
  auto next = std::make_shared<conflict_state>(*found->second);
  change(next->opinion);
  found->second = std::move(next);
}

void apply_asked(api_state& state, const model_asked& fact) {
  for (const auto& conflict : fact.conflicts)
    with_opinion(state, conflict.id, [&](auto& opinion) {
      opinion.emplace();
      opinion->question = fact.question;
      opinion->model = fact.model;
    });
}

void add_cost(api_state& state, const model_answered& fact, const stamp& when) {
  const auto tokens = fact.prompt_tokens + fact.answer_tokens;
  const auto minute = std::chrono::floor<std::chrono::minutes>(when.time);
  std::erase_if(state.costs, [&](const model_cost& cost) {
    return cost.minute + std::chrono::hours{1} <= when.time;
  });
  if (fact.repeated || tokens == 0) return;
  if (state.costs.empty() || state.costs.back().minute != minute)
    state.costs.push_back({minute, 0});
  state.costs.back().tokens += tokens;
}

void remember_answer(api_state& state, const model_answered& fact, const stamp& when) {
  if (fact.repeated || !fact.answer) return;
  if (state.answers.size() >= api_state::max_answers)
    state.answers.erase(
        std::min_element(state.answers.begin(), state.answers.end(),
                         [](const auto& a, const auto& b) { return a.second.at < b.second.at; }));
  state.answers[fact.question] = {*fact.answer, fact.model, fact.format, when.sequence};
}

void apply_answered(api_state& state, const model_answered& fact, const stamp& when) {
  for (const auto& verdict : fact.verdicts)
    with_opinion(state, verdict.id, [&](auto& opinion) {
      // Values that have moved on since are a question of their own.
      const bool stale =
          std::any_of(verdict.checks.begin(), verdict.checks.end(),
                      [](const model_check& one) { return one.check == "fresh" && !one.passed; });
      if (stale) return opinion.reset();
      if (!opinion) opinion.emplace();
      opinion->question = fact.question;
      opinion->model = fact.model;
      opinion->answered = true;
      opinion->failure = fact.failure;
      opinion->reason = fact.reason;
      opinion->verdict = verdict;
    });
  add_cost(state, fact, when);
  remember_answer(state, fact, when);
}

} // namespace

void apply(api_state& state, api_event event, const stamp& when) {
  std::visit(overload{
                 [&](api_added& fact) {
                   state.overlays_due = !state.revisions.empty() &&
                                        fact.definition.overlays != state.definition.overlays;
                   state.definition = std::move(fact.definition);
                   state.exists = true;
                 },
                 [&](api_changed& fact) { state.definition = std::move(fact.definition); },
                 [&](const api_removed&) {
                   state.exists = false;
                   state.drifts.clear();
                   state.paused = false;
                   state.orphaned.reset();
                 },
                 [&](revision_added& fact) {
                   state.text = fact.text;
                   state.merged = fact.merged.value_or(fact.text);
                   state.overlays_due = false;
                   state.format = fact.format;
                   state.updated = when.time;
                   if (state.released && fact.released) {
                     state.released->head = fact.number;
                     state.released->compared = *fact.released;
                   }
                   state.revisions.push_back(std::make_shared<const revision>(
                       revision{std::move(fact), when.time, when.by, when.sequence}));
                 },
                 [&](const text_followed& fact) {
                   state.text = fact.text;
                   state.merged = fact.merged.value_or(fact.text);
                   state.overlays_due = false;
                   state.format = fact.format;
                 },
                 [&](base_moved& fact) {
                   state.moved[fact.source] = when.time;
                   auto& base = state.bases[fact.source];
                   base = std::move(fact);
                 },
                 [&](conflict_opened& fact) {
                   if (!fact.reason.empty()) forget_decision(state, fact.conflict.id);
                   auto conflict = std::make_shared<conflict_state>();
                   conflict->detail = std::move(fact.conflict);
                   conflict->opened = when.time;
                   state.open[conflict->detail.id] = std::move(conflict);
                 },
                 [&](const conflict_updated& fact) { apply_updated(state, fact, when); },
                 [&](const conflict_resolved& fact) {
                   apply_resolved(state, fact, when);
                   remember(state, fact, when);
                 },
                 [&](rule_learned& fact) { state.learned.push_back(std::move(fact.rule)); },
                 [&](const rule_forgotten& fact) { std::erase(state.learned, fact.rule); },
                 [&](const content_refused& fact) { apply_refused(state, fact); },
                 [&](const conflict_closed& fact) { apply_closed(state, fact, when); },
                 [&](const api_promoted& fact) {
                   state.released = {fact.revision, when.time, when.by,
                                     fact.reason,   fact.head, fact.compared};
                 },
                 [&](const api_paused&) { state.paused = true; },
                 [&](const api_resumed&) { state.paused = false; },
                 [&](const api_orphaned& fact) { state.orphaned = fact.since; },
                 [&](const api_found_again&) { state.orphaned.reset(); },
                 [&](const model_asked& fact) { apply_asked(state, fact); },
                 [&](const model_answered& fact) { apply_answered(state, fact, when); },
                 [&](drift_began& fact) {
                   const auto source = fact.drift.source;
                   state.drifts[source] = {std::move(fact.drift), when.time, when.time};
                 },
                 [&](drift_changed& fact) {
                   auto& known = state.drifts[fact.drift.source];
                   known.report = std::move(fact.drift);
                   known.changed = when.time;
                 },
                 [&](const drift_ended& fact) { state.drifts.erase(fact.source); },
                 [&](const contributions_dropped& fact) {
                   state.bases.erase(fact.source);
                   state.moved.erase(fact.source);
                   state.refused.erase(fact.source);
                 },
             },
             event);
}

namespace {

/// One event when drift begins, one when it ends, and one whenever the differences are others.
void decide_drift(const api_state& state, const comparison& compared, std::uint64_t revision,
                  facts& events) {
  const auto known = state.drifts.find(compared.source);
  if (!compared.drift) {
    if (known != state.drifts.end())
      events.emplace_back(
          drift_ended{compared.source, revision,
                      compared.reason.empty() ? "both are the same again" : compared.reason});
    return;
  }
  auto report = *compared.drift;
  report.revision = revision;
  if (known == state.drifts.end())
    events.emplace_back(drift_began{std::move(report)});
  else if (known->second.report.differences != report.differences)
    events.emplace_back(drift_changed{std::move(report)});
}

} // namespace

facts decide(const api_state& state, const integration& taken) {
  facts events;
  if (taken.answered) events.emplace_back(*taken.answered);
  if (taken.revision) {
    auto revision = *taken.revision;
    revision.number = state.revisions.size() + 1;
    revision.parent = state.revisions.size();
    events.emplace_back(std::move(revision));
  } else if (taken.text && state.head() != nullptr) {
    auto text = *taken.text;
    text.revision = state.revisions.size();
    if (text.text != state.text || text.merged.value_or(text.text) != state.merged)
      events.emplace_back(std::move(text));
  }
  for (const auto& resolved : taken.resolved)
    events.emplace_back(resolved);
  for (const auto& closed : taken.closed)
    events.emplace_back(closed);
  for (const auto& conflict : taken.conflicts) {
    const auto found = state.open.find(conflict.id);
    if (found == state.open.end())
      events.emplace_back(conflict_opened{conflict, taken.opened_because});
    else if (found->second->detail != conflict)
      events.emplace_back(conflict_updated{conflict});
  }
  for (const auto& learned : taken.learned)
    if (std::find(state.learned.begin(), state.learned.end(), learned.rule) ==
            state.learned.end() &&
        state.learned.size() < api_state::max_learned)
      events.emplace_back(learned);
  for (auto refused : taken.refused) {
    refused.revision = state.revisions.size() + (taken.revision ? 1 : 0);
    events.emplace_back(std::move(refused));
  }
  if (taken.promoted) events.emplace_back(*taken.promoted);
  if (taken.dropped) events.emplace_back(*taken.dropped);
  if (taken.base) {
    const auto found = state.bases.find(taken.base->source);
    if (found == state.bases.end() || found->second != *taken.base)
      events.emplace_back(*taken.base);
  }
  for (const auto& question : taken.asked)
    events.emplace_back(question);
  const auto revision = state.revisions.size() + (taken.revision ? 1 : 0);
  for (const auto& compared : taken.compared)
    decide_drift(state, compared, revision, events);
  return events;
}

namespace {

result<void> changeable(const api_state& state, declared_by who) {
  const auto& id = state.definition.id;
  if (!state.exists) return fail(errc::not_found, "there is no API '" + id + "'");
  if (who == declared_by::api && state.definition.declared == declared_by::file)
    return fail(errc::forbidden,
                "API '" + id + "' is declared by the configuration file; change it there");
  return {};
}

} // namespace

result<facts> decide_add(const api_state& state, const api_definition& definition) {
  if (state.exists)
    return fail(errc::already_exists, "there is an API '" + definition.id + "' already");
  if (auto valid = check(definition); !valid) return tl::unexpected{valid.error()};
  return facts{api_added{definition}};
}

result<facts> decide_change(const api_state& state, const api_definition& definition,
                            declared_by who, const std::optional<api_definition>& was) {
  if (auto allowed = changeable(state, who); !allowed) return tl::unexpected{allowed.error()};
  if (was && *was != state.definition)
    return fail(errc::conflict, "API '" + definition.id + "' was changed meanwhile");
  if (auto valid = check(definition); !valid) return tl::unexpected{valid.error()};
  if (definition == state.definition) return facts{};
  return facts{api_changed{definition}};
}

result<facts> decide_remove(const api_state& state, declared_by who) {
  if (auto allowed = changeable(state, who); !allowed) return tl::unexpected{allowed.error()};
  return facts{api_removed{}};
}

result<facts> decide_pause(const api_state& state, bool paused) {
  if (!state.exists) return fail(errc::not_found, "there is no API '" + state.definition.id + "'");
  if (state.paused == paused) return facts{};
  if (paused) return facts{api_paused{}};
  return facts{api_resumed{}};
}

facts decide_presence(const api_state& state, std::optional<timestamp> gone_since,
                      const std::string& source) {
  if (!state.exists || state.orphaned.has_value() == gone_since.has_value()) return {};
  if (gone_since) return {api_orphaned{*gone_since, source}};
  return {api_found_again{source}};
}

result<facts> decide_forget(const api_state& state, const rule_definition& rule) {
  if (std::find(state.learned.begin(), state.learned.end(), rule) == state.learned.end())
    return fail(errc::not_found, "no decision has made such a rule", "api/" + state.definition.id);
  return facts{rule_forgotten{rule}};
}

facts decide_source_removed(const api_state& state, const std::string& source) {
  facts events;
  for (const auto& [id, conflict] : state.open)
    if (conflict->detail.source == source)
      events.emplace_back(conflict_closed{id, "its source was removed"});
  if (state.drifts.contains(source))
    events.emplace_back(drift_ended{source, state.revisions.size(), "its source was removed"});
  return events;
}

} // namespace apisync::events
