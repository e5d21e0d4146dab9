#pragma once

#include "events/event.hpp"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace apisync::events {

/// A revision with its record's time and author. Immutable, shared between snapshots.
struct revision {
  revision_added fact;
  timestamp time;
  std::string by;
  events::sequence sequence = 0;
};

/// What a model was asked about a conflict, and what it said.
struct model_opinion {
  model_opinion() = default;

  digest question;
  std::string model;
  bool answered = false;       ///< Otherwise it is being asked, or was when the process ended.
  std::string failure, reason; ///< Why there is no answer; empty where there is one.
  model_verdict verdict;       ///< Where it is answered.
};

/// A conflict from its opening to its end.
struct conflict_state {
  conflict_detail detail;
  timestamp opened;
  std::optional<timestamp> updated, ended;
  std::string state = "open"; ///< `open`, `resolved`, `closed`
  std::string choice, rule, by, reason;
  std::optional<raw_json> value;        ///< For the choice `value`.
  std::optional<digest> decision_key;   ///< Of a person's decision.
  std::optional<model_opinion> opinion; ///< Of the values as they are now.
};

/// How a source differs from the canonical document.
struct drift_state {
  drift_report report;
  timestamp since, changed;
};

/// A question that was answered, so that it need not be asked again.
struct known_answer {
  digest answer; ///< Key in the document store.
  std::string model, format;
  sequence at = 0;
};

/// Tokens that questions cost in one minute.
struct model_cost {
  timestamp minute;
  std::uint64_t tokens = 0;
};

/// What a person decided about a place and three values.
struct decision {
  std::string choice;            ///< `current`, `incoming`, `base` or `value`
  std::optional<raw_json> value; ///< For `value`.
  std::string by;
  sequence at = 0;
};

using decision_map = std::map<digest, decision>;

/// The revision that users have.
struct release {
  std::uint64_t revision = 0;
  timestamp time;
  std::string by, reason;
  std::uint64_t head = 0;    ///< That `compared` is about.
  baseline_verdict compared; ///< Of the newest revision with this one.
};

/// The fold of stream `api/ID`: the line of revisions, the bases of its sources, its conflicts.
struct api_state {
  static constexpr std::size_t max_ended = 1'000;      ///< Ended conflicts that are remembered.
  static constexpr std::size_t max_decisions = 10'000; ///< The oldest are forgotten first.
  static constexpr std::size_t max_refused = 100;      ///< Contents of one source, likewise.
  static constexpr std::size_t max_learned = 1'000;    ///< Rules; more are refused.
  static constexpr std::size_t max_answers = 500;      ///< Answered questions, likewise.

  api_state() = default;

  api_definition definition;
  bool exists = false;
  std::vector<std::shared_ptr<const revision>> revisions; ///< By number, from 1.
  digest text;        ///< What is served now; meaningful where there are revisions.
  digest merged;      ///< The text without its overlays: what merges go on from.
  std::string format; ///< Of the text.
  std::optional<timestamp> updated;
  std::optional<release> released;
  bool paused = false;
  bool overlays_due = false;         ///< They were declared anew with the API, and not laid yet.
  std::optional<timestamp> orphaned; ///< Since when its document has been gone everywhere.
  std::map<std::string, base_moved> bases; ///< By source.
  std::map<std::string, timestamp> moved;  ///< When each base moved last, by source.
  std::map<std::string, std::shared_ptr<const conflict_state>> open; ///< By conflict id.
  std::vector<std::shared_ptr<const conflict_state>> ended;          ///< Oldest first.
  std::vector<rule_definition> learned; ///< From decisions; they follow the declared ones.
  /// By `conflict_resolved::decision_key`. Immutable, shared with the work under way.
  std::shared_ptr<const decision_map> decisions = std::make_shared<const decision_map>();
  std::map<std::string, std::vector<digest>> refused; ///< By source, contents, oldest first.
  std::map<digest, known_answer> answers;             ///< By question; at most `max_answers`.
  std::vector<model_cost> costs;                      ///< Of the last hour, oldest first.
  std::map<std::string, drift_state> drifts;          ///< By source; those that differ.

  [[nodiscard]] const revision* head() const {
    return revisions.empty() ? nullptr : revisions.back().get();
  }
};

/// Takes over one fact.
void apply(api_state& state, api_event event, const stamp& when);

/// What comparing a source with the canonical document came to.
struct comparison {
  std::string source;
  std::optional<drift_report> drift; ///< Nothing: no difference. The revision is the decision's.
  std::string reason = {};           ///< Of an end, where it is not that they agree.
};

/// What taking in one document, an edit or a resolution came to: computed beside the actor, from
/// values, and turned into events by `decide`.
struct integration {
  std::optional<base_moved> base;          ///< Where a source's document was taken in.
  std::optional<revision_added> revision;  ///< Number and parent are the decision's.
  std::optional<text_followed> text;       ///< New bytes, same meaning; the revision is the head.
  std::vector<conflict_detail> conflicts;  ///< Stay open, or were open and moved on.
  std::vector<conflict_resolved> resolved; ///< By rule, or by the one who asked.
  std::vector<conflict_closed> closed;
  std::vector<rule_learned> learned;
  std::vector<content_refused> refused; ///< The revision is the decision's.
  std::optional<api_promoted> promoted;
  std::optional<contributions_dropped> dropped;
  std::string opened_because;             ///< Of conflicts that are open again.
  std::vector<model_asked> asked;         ///< Questions that are about to be sent.
  std::optional<model_answered> answered; ///< What led to `resolved`.
  std::vector<comparison> compared;       ///< Of the sources for which either side changed.
};

/// The events of an integration; none where everything is as it was.
std::vector<api_event> decide(const api_state& state, const integration& taken);

/// Adds, or adds again after a removal (the line of revisions goes on). `already_exists` for an id
/// in use.
result<std::vector<api_event>> decide_add(const api_state& state, const api_definition& definition);
/// `conflict` where the declaration is no longer what it `was` when the change was thought of.
result<std::vector<api_event>> decide_change(const api_state& state,
                                             const api_definition& definition, declared_by who,
                                             const std::optional<api_definition>& was = {});
result<std::vector<api_event>> decide_remove(const api_state& state, declared_by who);

/// Pausing starts no sync of the API's sources; people's edits go on.
result<std::vector<api_event>> decide_pause(const api_state& state, bool paused);

/// Whether the API's document is gone from everywhere since a time, or is back: as `source` found.
std::vector<api_event> decide_presence(const api_state& state, std::optional<timestamp> gone_since,
                                       const std::string& source);

/// `not_found` where no decision has made such a rule.
result<std::vector<api_event>> decide_forget(const api_state& state, const rule_definition& rule);

/// The conflicts of a removed source close, and its drift ends; its contribution stays.
std::vector<api_event> decide_source_removed(const api_state& state, const std::string& source);

} // namespace apisync::events
