#include "actors/integrate.hpp"

#include "actors/conflict_rules.hpp"
#include "actors/describe.hpp"
#include "actors/integrate_model.hpp"
#include "events/overload.hpp"
#include "specs/canonical.hpp"
#include "specs/merge.hpp"
#include "specs/parse.hpp"
#include "specs/print.hpp"
#include "specs/resolve.hpp"
#include "specs/select.hpp"

#include <algorithm>

namespace apisync::actors {

namespace {

specs::selection to_selection(const events::source_definition& source) {
  if (!source.select) return {};
  const auto& from = *source.select;
  specs::selection out;
  out.include_paths = from.include_paths;
  out.exclude_paths = from.exclude_paths;
  out.methods = from.include_methods;
  if (!from.exclude_methods.empty()) {
    if (out.methods.empty())
      out.methods = {"get", "put", "post", "delete", "options", "head", "patch", "trace", "query"};
    std::erase_if(out.methods, [&](const std::string& method) {
      return std::count(from.exclude_methods.begin(), from.exclude_methods.end(), method) != 0;
    });
    // Nothing is left: a name that no method has, for an empty list would choose everything.
    if (out.methods.empty()) out.methods.emplace_back("none");
  }
  out.include_tags = from.include_tags;
  out.exclude_tags = from.exclude_tags;
  return out;
}

/// A conflict's id among all conflicts of the service: two sources may disagree about one place.
std::string conflict_id(const std::string& api, const std::string& source,
                        std::string_view identity) {
  return sha256::of(api + '\n' + source + '\n' + std::string{identity}).hex().substr(0, 12);
}

/// Puts a value into a conflict's record, or its name among those that are too long.
void keep_value(specs::node value, const char* name, std::optional<events::raw_json>& into,
                std::vector<std::string>& oversized) {
  if (!value) return;
  auto text = specs::to_json(value);
  if (text.size() > events::conflict_detail::max_inline)
    oversized.emplace_back(name);
  else
    into = events::raw_json{std::move(text)};
}

/// Takes one fetched version into an API, step by step (DESIGN: a sync, step by step, 3 to 7).
class version_taker {
public:
  version_taker(const take_version& task, const storage::document_store& documents)
      : task_{task}, documents_{documents} {}

  result<integrated> run() {
    auto read = read_document(task_.incoming.bytes, task_.source.id, task_.max_bytes);
    if (!read) return refuse(read.error());
    incoming_ = std::move(*read);
    if (const auto* base = known_base()) {
      if (base->text == incoming_.text_hash) return unchanged("same");
      if (base->canonical == incoming_.canonical) return follow_text(*base);
      if (auto problem = lost_operations(*base)) return refuse(*problem);
    }
    return task_.source.role == events::source_role::observer ? observe() : merge();
  }

private:
  [[nodiscard]] const events::base_moved* known_base() const {
    const auto found = task_.api.bases.find(task_.source.id);
    return found == task_.api.bases.end() ? nullptr : &found->second;
  }

  result<integrated> unchanged(std::string reason) {
    out_.unchanged = std::move(reason);
    return std::move(out_);
  }

  result<integrated> refuse(const error& problem) {
    out_.refused = events::source_quarantined{sha256::of(*task_.incoming.bytes).hex(),
                                              problem.message, problem.where};
    return std::move(out_);
  }

  /// A document that has suddenly lost most of its operations is more likely a mistake than a wish.
  [[nodiscard]] std::optional<error> lost_operations(const events::base_moved& base) const {
    constexpr std::uint32_t too_few_to_tell = 4;
    const auto now = incoming_.operations;
    if (base.operations < too_few_to_tell || now >= base.operations) return std::nullopt;
    const auto lost = base.operations - now;
    if (std::uint64_t{lost} * 100 <= std::uint64_t{base.operations} * task_.loss_percent)
      return std::nullopt;
    if (task_.accepted_hash == incoming_.text_hash.hex()) return std::nullopt;
    return error{errc::invalid_argument,
                 "the document has lost " + std::to_string(lost) + " of " +
                     std::to_string(base.operations) +
                     " operations; if that is meant, accept the quarantined document",
                 task_.source.id};
  }

  result<void> move_base() {
    events::base_moved base;
    base.source = task_.source.id;
    base.text = incoming_.text_hash;
    base.content = incoming_.content;
    base.canonical = incoming_.canonical;
    base.operations = incoming_.operations;
    base.commit = task_.incoming.commit;
    out_.taken.base = base;
    const auto* before = known_base();
    return store(*task_.incoming.bytes,
                 before != nullptr ? std::optional{before->text} : std::nullopt);
  }

  result<void> store(std::string_view bytes, std::optional<digest> previous) {
    auto there = documents_.contains(sha256::of(bytes));
    if (!there) return tl::unexpected{there.error()};
    if (*there) return {};
    auto encoded = documents_.encode(bytes, previous);
    if (!encoded) return tl::unexpected{encoded.error()};
    const auto twice = std::any_of(out_.documents.begin(), out_.documents.end(),
                                   [&](const auto& other) { return other.hash == encoded->hash; });
    if (!twice) out_.documents.push_back(std::move(*encoded));
    return {};
  }

  /// New bytes, same meaning. Where people keep the text, what is served follows it: it is the new
  /// text, or takes its comments where somebody edited the specification meanwhile.
  result<integrated> follow_text(const events::base_moved& base) {
    const bool kept_by_people = task_.source.kind == events::source_kind::file ||
                                task_.source.kind == events::source_kind::git;
    if (!kept_by_people || !task_.api.head) return unchanged("noise");
    events::text_followed text;
    text.text = incoming_.text_hash;
    text.content = incoming_.content;
    text.format = incoming_.format;
    text.source = task_.source.id;
    if (task_.api.text != base.text) {
      auto mixed = mix_texts(base, text);
      if (!mixed) return tl::unexpected{mixed.error()};
      if (!*mixed) return unchanged("noise");
    }
    if (auto moved = move_base(); !moved) return tl::unexpected{moved.error()};
    out_.taken.text = text;
    return unchanged("noise");
  }

  /// The current text with the changes of the new one; false where there are none that fit in.
  result<bool> mix_texts(const events::base_moved& known, events::text_followed& fact) {
    const auto base = load_text(documents_, known.text, "base", task_.max_bytes);
    if (!base) return tl::unexpected{base.error()};
    const auto current = load_text(documents_, task_.api.text, "current", task_.max_bytes);
    if (!current) return tl::unexpected{current.error()};
    const auto text = merged_text(*base, *current, incoming_, current->document);
    if (text == *current->bytes) return false;
    fact.text = sha256::of(text);
    fact.content = specs::content_hash(*current->document);
    fact.format = current->format;
    if (auto stored = store(text, current->text_hash); !stored)
      return tl::unexpected{stored.error()};
    return true;
  }

  /// An observer is compared, never merged: only what was seen moves.
  result<integrated> observe() {
    if (auto moved = move_base(); !moved) return tl::unexpected{moved.error()};
    return std::move(out_);
  }

  result<integrated> merge() {
    const auto selection = to_selection(task_.source);
    auto base = load_base(selection);
    if (!base) return tl::unexpected{base.error()};
    const auto incoming = specs::select(incoming_.document, selection);
    if (!task_.api.head) {
      merged_ = incoming;
      return finish(incoming, nullptr);
    }
    auto current = load_text(documents_, task_.api.text, "current", task_.max_bytes);
    if (!current) return tl::unexpected{current.error()};
    auto outcome = specs::merge(*base, current->document, incoming);
    merged_ = outcome.merged;
    if (auto reverted = keep_pins(outcome, current->document); !reverted)
      return tl::unexpected{reverted.error()};
    if (auto ruled = decide(outcome, *current); !ruled) return tl::unexpected{ruled.error()};
    close_converged(outcome, incoming);
    note_flaws(outcome);
    return finish(incoming, &*current);
  }

  result<specs::document_ptr> load_base(const specs::selection& selection) {
    const auto* known = known_base();
    if (known == nullptr) return specs::document_ptr{};
    auto read = load_text(documents_, known->text, "base", task_.max_bytes);
    if (!read) return tl::unexpected{read.error()};
    base_text_ = known->text;
    auto selected = specs::select(read->document, selection);
    if (selected == read->document) base_ = std::move(*read);
    return selected;
  }

  /// Takes back what came in below a pin.
  result<void> keep_pins(const specs::merge_result& outcome, const specs::document_ptr& current) {
    const ruling_context context{task_.api, task_.source, false};
    for (const auto& part : outcome.parts) {
      if (part.from != specs::merged_from::incoming || !pinned(context, part.identity)) continue;
      auto reverted =
          specs::set_value(merged_, part.identity, specs::find_identity(*current, part.identity));
      if (!reverted) return tl::unexpected{reverted.error()};
      merged_ = std::move(*reverted);
    }
    return {};
  }

  result<void> decide(const specs::merge_result& outcome, const read_text& current) {
    for (const auto& conflict : outcome.conflicts) {
      const auto id = conflict_id(task_.api.api, task_.source.id, conflict.identity);
      auto detail = describe(conflict, id, current);
      if (went_back(detail, conflict)) continue;
      const ruling_context context{task_.api, task_.source, contributed(conflict)};
      const auto ruling = decide_conflict(conflict, context);
      if (ruling.decided == ruling::choice::open) {
        if (ruling.asks_model) detail.ai_rule = ruling.rule;
        out_.taken.conflicts.push_back(std::move(detail));
        continue;
      }
      const bool incoming = ruling.decided == ruling::choice::incoming;
      if (incoming) {
        auto changed = specs::set_value(merged_, conflict.identity, conflict.incoming);
        if (!changed) return tl::unexpected{changed.error()};
        merged_ = std::move(*changed);
      }
      out_.taken.resolved.push_back({id, detail.pointer, task_.source.id,
                                     incoming ? "incoming" : "current", ruling.rule, ruling.reason,
                                     std::nullopt});
    }
    return {};
  }

  [[nodiscard]] const events::conflict_detail* open_conflict(const std::string& id) const {
    for (const auto& open : task_.api.open)
      if (open.id == id) return &open;
    return nullptr;
  }

  /// The record of a conflict. One that is open keeps the base that it was opened with.
  events::conflict_detail describe(const specs::conflict& conflict, const std::string& id,
                                   const read_text& current) const {
    events::conflict_detail detail;
    detail.id = id;
    detail.source = task_.source.id;
    detail.pointer = conflict.pointer;
    detail.path = conflict.identity;
    detail.kind = specs::to_string(conflict.kind);
    keep_value(conflict.current, "current", detail.current, detail.oversized);
    keep_value(conflict.incoming, "incoming", detail.incoming, detail.oversized);
    detail.current_document = current.text_hash;
    detail.incoming_document = incoming_.text_hash;
    if (const auto* open = open_conflict(id)) {
      detail.kind = open->kind;
      detail.base = open->base;
      detail.base_document = open->base_document;
      if (std::count(open->oversized.begin(), open->oversized.end(), "base") != 0)
        detail.oversized.emplace_back("base");
    } else {
      keep_value(conflict.base, "base", detail.base, detail.oversized);
      detail.base_document = base_text_;
    }
    return detail;
  }

  /// An open conflict whose incoming side is again what both started from is none any more.
  bool went_back(const events::conflict_detail& detail, const specs::conflict& conflict) {
    if (open_conflict(detail.id) == nullptr || !detail.base_document) return false;
    const auto base = load_text(documents_, *detail.base_document, "base", task_.max_bytes);
    if (!base) return false; // the conflict stays open, which loses nothing
    const auto before = specs::find_identity(*base->document, conflict.identity);
    const bool same =
        before ? conflict.incoming && same_content(before, conflict.incoming) : !conflict.incoming;
    if (same) out_.taken.closed.push_back({detail.id, "the incoming side went back to the base"});
    return same;
  }

  /// The current value is what a contributor's document has there.
  [[nodiscard]] bool contributed(const specs::conflict& conflict) const {
    for (const auto& [source, base] : task_.api.bases) {
      if (source == task_.source.id || source == task_.api.authority) continue;
      const auto theirs = load_text(documents_, base.text, source, task_.max_bytes);
      if (!theirs) continue; // then the place counts as a person's, and the conflict stays open
      const auto value = specs::find_identity(*theirs->document, conflict.identity);
      if (value && conflict.current && same_content(value, conflict.current)) return true;
    }
    return false;
  }

  /// Open conflicts of this source at places where both sides now agree are over.
  void close_converged(const specs::merge_result& outcome, const specs::document_ptr& incoming) {
    for (const auto& open : task_.api.open) {
      if (open.source != task_.source.id) continue;
      const bool again =
          std::any_of(outcome.conflicts.begin(), outcome.conflicts.end(),
                      [&](const auto& conflict) { return conflict.identity == open.path; });
      if (again) continue;
      const auto ours = specs::find_identity(*merged_, open.path);
      const auto theirs = specs::find_identity(*incoming, open.path);
      if (ours && theirs ? same_content(ours, theirs) : !ours && !theirs)
        out_.taken.closed.push_back({open.id, "both sides agree now"});
    }
  }

  void note_flaws(const specs::merge_result& outcome) {
    for (const auto& flaw : outcome.flaws)
      flaws_.push_back("the merge left a " + std::string{to_string(flaw.what)} + " at " +
                       flaw.pointer + ": " + flaw.value);
  }

  result<integrated> finish(const specs::document_ptr& incoming, const read_text* current) {
    if (auto moved = move_base(); !moved) return tl::unexpected{moved.error()};
    events::revision_cause cause{"sync",
                                 task_.source.id,
                                 task_.incoming.commit,
                                 task_.incoming.author,
                                 task_.incoming.message,
                                 task_.incoming.time};
    // Whole, unselected and unmixed: then the text that is served is what was fetched.
    const bool verbatim =
        incoming == incoming_.document && specs::content_hash(*merged_) == incoming_.content;
    next_text next;
    next.document = merged_;
    next.format = current == nullptr ? incoming_.format : current->format;
    // Nobody has touched the text since it came from this source, or it is of another kind.
    const bool untouched = current == nullptr || current->format != incoming_.format ||
                           current->text_hash == base_text_;
    if (verbatim && untouched) {
      next.bytes = task_.incoming.bytes;
      next.format = incoming_.format;
    }
    next.base = std::move(base_);
    next.others.push_back(incoming_);
    next.others.front().document = incoming;
    auto made = make_revision(next, current, std::move(cause), flaws_, task_.api.today);
    if (!made) return tl::unexpected{made.error()};
    if (*made) {
      if (auto stored = store(*(*made)->text, current != nullptr ? std::optional{current->text_hash}
                                                                 : std::nullopt);
          !stored)
        return tl::unexpected{stored.error()};
      out_.taken.revision = std::move((*made)->fact);
    }
    return std::move(out_);
  }

  const take_version& task_;
  const storage::document_store& documents_;
  read_text incoming_;
  std::optional<digest> base_text_;
  std::optional<read_text> base_; ///< Where all of it is selected.
  specs::document_ptr merged_;
  std::vector<std::string> flaws_;
  integrated out_;
};

// -- people's tasks -----------------------------------------------------------

/// Closes the open conflicts at whose places the document now has the incoming value.
void close_settled(const api_context& api, const specs::document& now,
                   const storage::document_store& documents, std::uint64_t max_bytes,
                   std::vector<events::conflict_closed>& closed) {
  for (const auto& open : api.open) {
    if (!open.incoming_document) continue;
    const auto incoming = load_text(documents, *open.incoming_document, open.source, max_bytes);
    if (!incoming) continue; // stays open
    const auto ours = specs::find_identity(now, open.path);
    const auto theirs = specs::find_identity(*incoming->document, open.path);
    if (ours && theirs ? same_content(ours, theirs) : !ours && !theirs)
      closed.push_back({open.id, "both sides agree now"});
  }
}

/// An edit of comments and layout alone is no revision, but it is what is served from now on.
result<integrated> keep_words(const next_text& next, const storage::document_store& documents,
                              const std::optional<read_text>& current, integrated out) {
  if (!next.bytes || !current || *next.bytes == *current->bytes) return out;
  auto encoded = documents.encode(*next.bytes, current->text_hash);
  if (!encoded) return tl::unexpected{encoded.error()};
  events::text_followed text;
  text.text = encoded->hash;
  text.content = specs::content_hash(*next.document);
  text.format = next.format;
  out.documents.push_back(std::move(*encoded));
  out.taken.text = text;
  return out;
}

/// Makes a text the current one and stores it.
result<integrated> publish(const api_context& api, const storage::document_store& documents,
                           next_text next, events::revision_cause cause, std::uint64_t max_bytes,
                           integrated out) {
  std::optional<read_text> current;
  if (api.head) {
    auto loaded = load_text(documents, api.text, "current", max_bytes);
    if (!loaded) return tl::unexpected{loaded.error()};
    current = std::move(*loaded);
  }
  // JSON has no comments: an edit in it means the values, and the words around them stay.
  if (cause.kind == "edit" && next.format == "json" && current && current->format == "yaml") {
    next.bytes = nullptr;
    next.format = current->format;
  }
  auto made = make_revision(next, current ? &*current : nullptr, std::move(cause), {}, api.today);
  if (!made) return tl::unexpected{made.error()};
  if (!*made) return keep_words(next, documents, current, std::move(out));
  auto encoded =
      documents.encode(*(*made)->text, current ? std::optional{current->text_hash} : std::nullopt);
  if (!encoded) return tl::unexpected{encoded.error()};
  out.documents.push_back(std::move(*encoded));
  out.taken.revision = std::move((*made)->fact);
  return out;
}

result<integrated> run(const take_edit& task, const storage::document_store& documents) {
  auto read = read_document(task.text, "the edited document", task.max_bytes);
  if (!read) return tl::unexpected{read.error()};
  integrated out;
  close_settled(task.api, *read->document, documents, task.max_bytes, out.taken.closed);
  return publish(task.api, documents, {read->document, task.text, read->format, {}, {}}, task.cause,
                 task.max_bytes, std::move(out));
}

result<integrated> run(const take_rollback& task, const storage::document_store& documents) {
  auto text = documents.load(task.to.text);
  if (!text) return tl::unexpected{text.error()};
  auto bytes = std::make_shared<const std::string>(std::move(*text));
  auto read = read_document(bytes, "revision " + std::to_string(task.to.number), bytes->size());
  if (!read) return tl::unexpected{read.error()};
  events::revision_cause cause;
  cause.kind = "rollback";
  cause.message =
      task.reason.empty() ? "back to revision " + std::to_string(task.to.number) : task.reason;
  integrated out;
  const auto limit = bytes->size() + (64U << 20);
  close_settled(task.api, *read->document, documents, limit, out.taken.closed);
  return publish(task.api, documents, {read->document, bytes, read->format, {}, {}},
                 std::move(cause), limit, std::move(out));
}

constexpr std::uint64_t stored_bytes_max = 1ULL << 30; // what is stored was within limits once

/// What is to be done about one conflict.
struct decided_choice {
  std::string choice; ///< `current`, `incoming`, `base`, `value`
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

/// The value that a choice means at the conflict's place; `from` keeps it alive.
result<specs::node> chosen_value(const decided_choice& task,
                                 const events::conflict_detail& conflict,
                                 const storage::document_store& documents, read_text& from) {
  if (task.choice == "value") {
    auto parsed = specs::parse(task.value.value_or(""), {.name = "the value"});
    if (!parsed) return tl::unexpected{parsed.error()};
    from.document = parsed->document;
    return from.document->root();
  }
  const auto& text = task.choice == "base" ? conflict.base_document : conflict.incoming_document;
  if (!text) return specs::node{}; // the empty document
  auto read = load_text(documents, *text, task.choice, stored_bytes_max);
  if (!read) return tl::unexpected{read.error()};
  from = std::move(*read);
  return specs::find_identity(*from.document, conflict.path);
}

result<integrated> run(const take_resolution& task, const storage::document_store& documents) {
  auto current = load_text(documents, task.api.text, "current", stored_bytes_max);
  if (!current) return tl::unexpected{current.error()};
  next_text next{current->document, nullptr, current->format, {}, {}};
  integrated out;
  for (const auto& id : task.ids) {
    const auto open = std::find_if(task.api.open.begin(), task.api.open.end(),
                                   [&](const auto& conflict) { return conflict.id == id; });
    if (open == task.api.open.end())
      return fail(errc::not_found, "there is no open conflict '" + id + "'", task.api.api);
    const auto decided = choice_for(task, id);
    events::conflict_resolved fact{id, open->pointer,  open->source, decided.choice,
                                   {}, decided.reason, std::nullopt, decided.question};
    if (decided.choice != "current") {
      read_text from;
      auto value = chosen_value(decided, *open, documents, from);
      if (!value) return tl::unexpected{value.error()};
      if (decided.choice == "value") fact.value = events::raw_json{specs::to_json(*value)};
      const auto* order = from.bytes ? from.document.get() : nullptr;
      auto changed = specs::set_value(next.document, open->path, *value, order);
      if (!changed) return tl::unexpected{changed.error()};
      next.document = std::move(*changed);
      const bool known = std::any_of(next.others.begin(), next.others.end(), [&](const auto& text) {
        return text.text_hash == from.text_hash;
      });
      if (from.bytes && !known) next.others.push_back(std::move(from));
    }
    out.taken.resolved.push_back(std::move(fact));
  }
  events::revision_cause cause;
  cause.kind = "resolution";
  cause.message = task.reason;
  return publish(task.api, documents, std::move(next), std::move(cause), stored_bytes_max,
                 std::move(out));
}

} // namespace

result<integrated> integrate(const integrate_task& task, const storage::document_store& documents) {
  return std::visit(
      overload{
          [&](const take_version& version) {
            return version_taker{version, documents}.run();
          },
          [&](const take_question& asked) { return make_questions(asked, documents); },
          [&](const take_answer& come) { return take_model_answer(come, documents); },
          [&](const auto& other) { return run(other, documents); },
      },
      task);
}

std::size_t estimated_memory(const integrate_task& task) {
  constexpr std::size_t floor = 4U << 20;
  // Four trees of about 5 bytes a byte (the last is the result, read again), their texts, and where
  // the parts of two of them stand.
  constexpr std::size_t per_byte = 32;
  return std::visit(overload{
                        [](const take_version& version) {
                          return floor + per_byte * version.incoming.bytes->size();
                        },
                        [](const take_edit& edit) { return floor + per_byte * edit.text->size(); },
                        [](const auto&) { return 8 * floor; },
                    },
                    task);
}

} // namespace apisync::actors
