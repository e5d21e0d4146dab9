#include "actors/integrate_decision.hpp"

#include "actors/conflict_record.hpp"
#include "actors/publication.hpp"
#include "specs/parse.hpp"
#include "specs/print.hpp"
#include "specs/resolve.hpp"

#include <algorithm>
#include <map>

namespace apisync::actors {

namespace {

/// Documents that conflicts name, each read once.
class named_documents {
public:
  explicit named_documents(const document_reader& documents) : documents_{documents} {}

  /// Null where there is no name: the empty document.
  result<const read_text*> get(const std::optional<digest>& name) {
    if (!name) return nullptr;
    auto found = read_.find(*name);
    if (found == read_.end()) {
      auto read = load_text(documents_, *name, name->hex(), stored_bytes_max);
      if (!read) return tl::unexpected{read.error()};
      found = read_.emplace(*name, std::move(*read)).first;
    }
    return &found->second;
  }

  result<specs::node> value(const std::optional<digest>& name, std::string_view identity) {
    const auto text = get(name);
    if (!text) return tl::unexpected{text.error()};
    return *text == nullptr ? specs::node{} : specs::find_identity(*(*text)->document, identity);
  }

  /// All that were read, for their words.
  [[nodiscard]] std::vector<read_text> all() const {
    std::vector<read_text> made;
    for (const auto& [name, text] : read_)
      made.push_back(text);
    return made;
  }

private:
  const document_reader& documents_;
  std::map<digest, read_text> read_;
};

/// The three values of an open conflict, with what current has now.
result<specs::conflict> as_it_is(const events::conflict_detail& open, const std::string& identity,
                                 const specs::document& current, named_documents& documents) {
  specs::conflict made;
  made.identity = identity;
  made.pointer = open.pointer;
  made.kind = specs::conflict_kind_of(open.kind).value_or(specs::conflict_kind::edit_edit);
  const auto base = documents.value(open.base_document, identity);
  if (!base) return tl::unexpected{base.error()};
  const auto incoming = documents.value(open.incoming_document, identity);
  if (!incoming) return tl::unexpected{incoming.error()};
  made.base = *base;
  made.current = specs::find_identity(current, identity);
  made.incoming = *incoming;
  return made;
}

/// What is to be done about one conflict.
struct decided_choice {
  std::string choice;
  std::optional<std::string> value;
  std::string reason;
  std::optional<digest> question; ///< Whose answer it is.
};

/// A confirmed proposal is what the model chose.
decided_choice choice_for(const take_resolution& task, const std::string& id) {
  if (task.choice != "proposal") return {task.choice, task.value, task.reason, std::nullopt};
  const auto& opinion = task.proposals.at(id);
  const auto& verdict = opinion.verdict;
  decided_choice out{verdict.choice, std::nullopt, task.reason, opinion.question};
  if (verdict.value) out.value = verdict.value->text;
  if (out.reason.empty()) out.reason = verdict.reason;
  return out;
}

/// Carries out what somebody decided, one conflict after the other.
class decisions {
public:
  decisions(const api_context& api, const document_reader& documents, read_text current)
      : api_{api},
        store_{documents},
        documents_{documents},
        current_{std::move(current)},
        document_{current_.document} {}

  result<void> carry_out(const take_resolution& task) {
    for (const auto& id : task.ids) {
      const auto open = std::find_if(api_.open.begin(), api_.open.end(),
                                     [&](const auto& conflict) { return conflict.id == id; });
      if (open == api_.open.end())
        return fail(errc::not_found, "there is no open conflict '" + id + "'", api_.api);
      auto done = open->places.empty() ? one(task, *open) : many(task, *open);
      if (!done) return done;
    }
    return {};
  }

  result<void> undo(const events::conflict_state& decided) {
    const auto& detail = decided.detail;
    const auto places =
        detail.places.empty() ? std::vector<std::string>{detail.path} : detail.places;
    for (const auto& place : places) {
      const auto chosen = value_chosen(decided, place);
      if (!chosen) return tl::unexpected{chosen.error()};
      if (!same_value(specs::find_identity(*document_, place), *chosen))
        return fail(errc::conflict,
                    "what stands at " + place +
                        " has changed since it was decided; nothing was "
                        "undone",
                    api_.api);
      const auto before = documents_.value(detail.current_document, place);
      if (!before) return tl::unexpected{before.error()};
      if (auto set = put(place, *before); !set) return set;
    }
    out_.taken.conflicts.push_back(detail);
    return {};
  }

  /// Decides what the rules say something about.
  result<void> by_rule(const events::conflict_detail& open) {
    auto conflict = as_it_is(open, open.path, *current_.document, documents_);
    if (!conflict) return tl::unexpected{conflict.error()};
    if (same_value(conflict->current, conflict->incoming)) return {};
    const auto context = ruling_context_for(api_, open.source, repository_of(api_, open.source),
                                            *conflict, document_, store_, stored_bytes_max);
    const auto ruling = decide_conflict(*conflict, context);
    if (ruling.decided == ruling::choice::open) return hand_over(open, ruling);
    auto changed = after_ruling(document_, *conflict, ruling);
    if (!changed) return tl::unexpected{changed.error()};
    document_ = std::move(*changed);
    out_.taken.resolved.push_back(record_of(ruling, open.id, open.pointer, open.source));
    return {};
  }

  /// A conflict that stays open may have become the model's, or people's again.
  result<void> hand_over(events::conflict_detail open, const ruling& decided) {
    open.ai_rule = decided.asks_model ? decided.rule : std::string{};
    out_.taken.conflicts.push_back(std::move(open)); // recorded where that is new
    return {};
  }

  result<integrated> finish(const std::string& kind, const std::string& message) {
    next_text next{document_, nullptr, current_.format};
    next.others = documents_.all();
    events::revision_cause cause;
    cause.kind = kind;
    cause.message = message;
    return publish(api_, store_, next, std::move(cause), stored_bytes_max, std::move(out_));
  }

  void open_because(std::string reason) { out_.taken.opened_because = std::move(reason); }

private:
  result<void> put(const std::string& place, specs::node value,
                   const specs::document* order = nullptr) {
    auto changed = specs::set_value(document_, place, value, order);
    if (!changed) return tl::unexpected{changed.error()};
    document_ = std::move(*changed);
    return {};
  }

  result<void> one(const take_resolution& asked, const events::conflict_detail& open) {
    const auto task = choice_for(asked, open.id);
    if (task.choice == "review")
      return fail(errc::invalid_argument, "this conflict is about one place; choose a value for it",
                  api_.api);
    const auto conflict = as_it_is(open, open.path, *document_, documents_);
    if (!conflict) return tl::unexpected{conflict.error()};
    events::conflict_resolved fact;
    fact.id = open.id;
    fact.pointer = open.pointer;
    fact.source = open.source;
    fact.choice = task.choice;
    fact.reason = task.reason;
    fact.decision_key = decision_key(*conflict);
    fact.question = task.question;
    if (task.choice == "value") {
      auto parsed = specs::parse(task.value.value_or(""), {.name = "the value"});
      if (!parsed) return tl::unexpected{parsed.error()};
      fact.value = events::raw_json{specs::to_json(parsed->document->root())};
      if (auto set = put(open.path, parsed->document->root()); !set) return set;
    } else if (task.choice != "current") {
      const bool base = task.choice == "base";
      const auto order = documents_.get(base ? open.base_document : open.incoming_document);
      if (!order) return tl::unexpected{order.error()};
      auto set = put(open.path, base ? conflict->base : conflict->incoming,
                     *order == nullptr ? nullptr : (*order)->document.get());
      if (!set) return set;
    }
    if (asked.always)
      if (auto learned = learn(asked, open); !learned) return learned;
    out_.taken.resolved.push_back(std::move(fact));
    return {};
  }

  result<void> learn(const take_resolution& task, const events::conflict_detail& open) {
    if (task.choice != "current" && task.choice != "incoming")
      return fail(errc::invalid_argument,
                  "only current or incoming can hold always at a place; for a fixed value declare "
                  "a rule with the action pin",
                  api_.api);
    events::rule_definition rule;
    rule.pointer = open.path;
    rule.source = open.source;
    rule.action = task.choice == "current" ? events::rule_action::prefer_current
                                           : events::rule_action::prefer_incoming;
    out_.taken.learned.push_back({open.id, std::move(rule)});
    return {};
  }

  /// One question about many places.
  result<void> many(const take_resolution& task, const events::conflict_detail& open) {
    if (task.always ||
        (task.choice != "current" && task.choice != "incoming" && task.choice != "review"))
      return fail(errc::invalid_argument,
                  "this question is about " + std::to_string(open.places.size()) +
                      " places: choose current or incoming for all of them, or review",
                  api_.api);
    if (task.choice == "review") return review(open);
    const auto incoming = documents_.get(open.incoming_document);
    if (!incoming) return tl::unexpected{incoming.error()};
    if (task.choice == "incoming" && *incoming != nullptr)
      for (const auto& place : open.places)
        if (auto set = put(place, specs::find_identity(*(*incoming)->document, place),
                           (*incoming)->document.get());
            !set)
          return set;
    events::conflict_resolved fact;
    fact.id = open.id;
    fact.source = open.source;
    fact.choice = task.choice;
    fact.reason = task.reason;
    out_.taken.resolved.push_back(std::move(fact));
    return {};
  }

  result<void> review(const events::conflict_detail& open) {
    for (const auto& place : open.places) {
      const auto conflict = as_it_is(open, place, *document_, documents_);
      if (!conflict) return tl::unexpected{conflict.error()};
      events::conflict_detail detail;
      detail.id = conflict_id(api_.api, open.source, place);
      detail.source = open.source;
      detail.path = place;
      detail.pointer = specs::pointer_of(*document_, place).value_or(place);
      detail.kind = open.kind;
      keep_value(conflict->current, "current", detail.current, detail.oversized);
      keep_value(conflict->incoming, "incoming", detail.incoming, detail.oversized);
      detail.current_document = api_.text;
      detail.incoming_document = open.incoming_document;
      out_.taken.conflicts.push_back(std::move(detail));
    }
    out_.taken.closed.push_back({open.id, "its places are looked at one by one"});
    return {};
  }

  result<specs::node> value_chosen(const events::conflict_state& decided,
                                   const std::string& place) {
    const auto& detail = decided.detail;
    if (decided.choice == "base") return documents_.value(detail.base_document, place);
    if (decided.choice == "incoming") return documents_.value(detail.incoming_document, place);
    if (decided.choice == "current") return documents_.value(detail.current_document, place);
    auto parsed = specs::parse(decided.value ? decided.value->text : "null", {.name = "the value"});
    if (!parsed) return tl::unexpected{parsed.error()};
    value_ = parsed->document;
    return value_->root();
  }

  const api_context& api_;
  const document_reader& store_;
  named_documents documents_;
  read_text current_;
  specs::document_ptr document_;
  specs::document_ptr value_; ///< Keeps a chosen value alive.
  integrated out_;
};

result<decisions> begin(const api_context& api, const document_reader& documents) {
  auto current = load_text(documents, api.text, "current", stored_bytes_max);
  if (!current) return tl::unexpected{current.error()};
  return decisions{api, documents, std::move(*current)};
}

} // namespace

result<integrated> integrate_resolution(const take_resolution& task,
                                        const document_reader& documents) {
  auto made = begin(task.api, documents);
  if (!made) return tl::unexpected{made.error()};
  if (task.choice == "review") made->open_because("looked at one by one");
  if (auto done = made->carry_out(task); !done) return tl::unexpected{done.error()};
  return made->finish("resolution", task.reason);
}

result<integrated> integrate_undo(const take_undo& task, const document_reader& documents) {
  auto made = begin(task.api, documents);
  if (!made) return tl::unexpected{made.error()};
  made->open_because(task.reason.empty() ? "the decision was undone" : task.reason);
  for (const auto& decided : task.decided)
    if (auto done = made->undo(*decided); !done) return tl::unexpected{done.error()};
  return made->finish("resolution", "undone" + (task.reason.empty() ? "" : ": " + task.reason));
}

result<integrated> integrate_rules(const take_rules& task, const document_reader& documents) {
  auto made = begin(task.api, documents);
  if (!made) return tl::unexpected{made.error()};
  for (const auto& open : task.api.open)
    if (open.places.empty())
      if (auto done = made->by_rule(open); !done) return tl::unexpected{done.error()};
  return made->finish("rules", "the rules have changed");
}

} // namespace apisync::actors
