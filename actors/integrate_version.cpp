#include "actors/integrate_version.hpp"

#include "actors/compare_sources.hpp"
#include "actors/conflict_record.hpp"
#include "actors/publication.hpp"
#include "actors/source_selection.hpp"
#include "specs/canonical.hpp"
#include "specs/diff.hpp"
#include "specs/merge.hpp"
#include "specs/resolve.hpp"
#include "specs/select.hpp"

#include <algorithm>

namespace apisync::actors {

namespace {

/// Takes one fetched version into an API, step by step (DESIGN: a sync, step by step, 3 to 7).
class version_taker {
public:
  version_taker(const take_version& task, const document_reader& documents)
      : task_{task}, documents_{documents} {}

  result<integrated> run() {
    auto read = read_document(task_.incoming.bytes, task_.source.id, task_.max_bytes,
                              task_.source.duplicates.value_or(events::duplicate_names::refuse));
    if (!read) return refuse(read.error());
    incoming_ = std::move(*read);
    flaws_ = incoming_.warnings;
    documents_.cache().keep(std::make_shared<const read_text>(incoming_)); // the next base
    if (const auto* base = known_base()) {
      if (base->text == incoming_.text_hash) return unchanged("same");
      if (base->canonical == incoming_.canonical) return follow_text(*base);
      if (auto problem = lost_operations(*base)) return refuse(*problem);
    }
    if (refused_by_rollback()) return stay_refused();
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

  /// What a rollback refused comes back after something else was there: it is still refused.
  [[nodiscard]] bool refused_by_rollback() const {
    const auto found = task_.api.refused.find(task_.source.id);
    return found != task_.api.refused.end() &&
           std::count(found->second.begin(), found->second.end(), incoming_.content) != 0;
  }

  result<integrated> stay_refused() {
    if (auto moved = move_base(); !moved) return tl::unexpected{moved.error()};
    return unchanged("refused");
  }

  result<void> move_base() {
    events::base_moved base;
    base.source = task_.source.id;
    base.text = incoming_.text_hash;
    base.content = incoming_.content;
    base.canonical = incoming_.canonical;
    base.operations = incoming_.operations;
    base.commit = task_.incoming.commit;
    base.repository = repository();
    out_.taken.base = base;
    out_.incoming = incoming_.document;
    const auto* before = known_base();
    return store_text(documents_, *task_.incoming.bytes,
                      before != nullptr ? std::optional{before->text} : std::nullopt,
                      out_.documents);
  }

  [[nodiscard]] std::string repository() const {
    return task_.source.kind == events::source_kind::git ? task_.source.url : std::string{};
  }

  /// New bytes, same meaning. Where people keep the text, what is served follows it: it is the new
  /// text, or takes its comments where somebody edited the specification meanwhile.
  result<integrated> follow_text(const events::base_moved& base) {
    const bool kept_by_people = task_.source.kind == events::source_kind::file ||
                                task_.source.kind == events::source_kind::git;
    if (!kept_by_people || !task_.api.head) return unchanged("noise");
    const auto current = load_text(documents_, task_.api.text, "current", task_.max_bytes);
    if (!current) return tl::unexpected{current.error()};
    next_text next{incoming_.document, task_.incoming.bytes, incoming_.format};
    next.words_count = true;
    if (task_.api.text != base.text) {
      auto mixed = mix_texts(base, *current);
      if (!mixed) return tl::unexpected{mixed.error()};
      next = {current->document, std::make_shared<const std::string>(std::move(*mixed)),
              current->format};
      next.words_count = true;
    }
    if (*next.bytes == *current->bytes) return unchanged("noise");
    if (auto moved = move_base(); !moved) return tl::unexpected{moved.error()};
    auto made = prepare(task_.api, documents_, next, &*current, {});
    if (!made) return tl::unexpected{made.error()};
    if (made->text) made->text->source = task_.source.id;
    adopt(std::move(*made));
    return unchanged("noise");
  }

  /// The current text with the changes of the new one, where they fit in.
  result<std::string> mix_texts(const events::base_moved& known, const read_text& current) {
    const auto base = load_text(documents_, known.text, "base", task_.max_bytes);
    if (!base) return tl::unexpected{base.error()};
    return merged_text(*base, current, incoming_, current.document);
  }

  void adopt(publication made) {
    out_.taken.revision = std::move(made.revision);
    out_.taken.text = std::move(made.text);
    for (auto& document : made.documents) {
      const auto twice =
          std::any_of(out_.documents.begin(), out_.documents.end(),
                      [&](const auto& other) { return other.hash == document.hash; });
      if (!twice) out_.documents.push_back(std::move(document));
    }
  }

  /// An observer is compared, never merged: only what was seen moves.
  result<integrated> observe() {
    if (auto moved = move_base(); !moved) return tl::unexpected{moved.error()};
    return std::move(out_);
  }

  result<integrated> merge() {
    const auto selection = to_selection(task_.source.select);
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
    if (auto kept = keep_parts(*current->document); !kept) return tl::unexpected{kept.error()};
    if (auto ruled = decide(outcome, *current); !ruled) return tl::unexpected{ruled.error()};
    ask_as_one(*current);
    follow_question(*current, incoming);
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

  /// Takes back what came in below a pin, and what a contributor no longer has though another
  /// source declares it still.
  result<void> keep_parts(const specs::document& current) {
    const bool contributor = task_.api.authority != task_.source.id;
    if (!contributor && !has_pin(task_.api)) return {};
    const ruling_context context{task_.api, task_.source.id, repository(), {}, nullptr};
    const auto merged = merged_; // keeps the nodes of the changes alive
    for (const auto& change : specs::diff(current, *merged)) {
      const auto identity = specs::identity_of(change);
      const bool gone = contributor && change.kind == specs::change_kind::removed;
      if (!pinned(context, identity) && !(gone && declared_elsewhere(identity))) continue;
      auto reverted =
          specs::set_value(merged_, identity, specs::find_identity(current, identity), &current);
      if (!reverted) return tl::unexpected{reverted.error()};
      merged_ = std::move(*reverted);
    }
    return {};
  }

  [[nodiscard]] bool declared_elsewhere(std::string_view identity) const {
    return std::any_of(task_.api.bases.begin(), task_.api.bases.end(), [&](const auto& entry) {
      if (entry.first == task_.source.id || is_observer(task_.api, entry.first)) return false;
      const auto theirs = load_text(documents_, entry.second.text, entry.first, task_.max_bytes);
      return theirs && specs::find_identity(*theirs->document, identity);
    });
  }

  result<void> decide(const specs::merge_result& outcome, const read_text& current) {
    for (const auto& conflict : outcome.conflicts) {
      if (asked_as_one(conflict.identity)) continue;
      const auto id = conflict_id(task_.api.api, task_.source.id, conflict.identity);
      auto detail = describe(conflict, id, current);
      if (went_back(detail, conflict)) continue;
      const auto context = ruling_context_for(task_.api, task_.source.id, repository(), conflict,
                                              merged_, documents_, task_.max_bytes);
      const auto ruling = decide_conflict(conflict, context);
      if (ruling.decided == ruling::choice::open) {
        if (ruling.asks_model) detail.ai_rule = ruling.rule;
        out_.taken.conflicts.push_back(std::move(detail));
        continue;
      }
      auto changed = after_ruling(merged_, conflict, ruling);
      if (!changed) return tl::unexpected{changed.error()};
      merged_ = std::move(*changed);
      out_.taken.resolved.push_back(record_of(ruling, id, detail.pointer, task_.source.id));
    }
    return {};
  }

  /// The first document of a contributor that differs in many places is one question.
  void ask_as_one(const read_text& current) {
    constexpr std::size_t few = 5;
    auto& open = out_.taken.conflicts;
    if (known_base() != nullptr || open.size() <= few) return;
    events::conflict_detail whole;
    whole.id = conflict_id(task_.api.api, task_.source.id, {});
    whole.source = task_.source.id;
    whole.kind = specs::to_string(specs::conflict_kind::add_add);
    whole.current_document = current.text_hash;
    whole.incoming_document = incoming_.text_hash;
    for (const auto& each : open)
      whole.places.push_back(each.path);
    open = {std::move(whole)};
  }

  [[nodiscard]] const events::conflict_detail* open_question() const {
    return open_conflict(conflict_id(task_.api.api, task_.source.id, {}));
  }

  [[nodiscard]] bool asked_as_one(const std::string& identity) const {
    const auto* whole = open_question();
    return whole != nullptr &&
           std::count(whole->places.begin(), whole->places.end(), identity) != 0;
  }

  /// An open question about many places goes on about those that still differ.
  void follow_question(const read_text& current, const specs::document_ptr& incoming) {
    const auto* open = open_question();
    if (open == nullptr) return;
    auto whole = *open;
    std::erase_if(whole.places, [&](const std::string& place) {
      return same_value(specs::find_identity(*merged_, place),
                        specs::find_identity(*incoming, place));
    });
    whole.current_document = current.text_hash;
    whole.incoming_document = incoming_.text_hash;
    if (whole.places.empty())
      out_.taken.closed.push_back({whole.id, "both sides agree now"});
    else
      out_.taken.conflicts.push_back(std::move(whole));
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
    const bool same = same_value(before, conflict.incoming);
    if (same) out_.taken.closed.push_back({detail.id, "the incoming side went back to the base"});
    return same;
  }

  /// Open conflicts of this source at places where both sides now agree are over.
  void close_converged(const specs::merge_result& outcome, const specs::document_ptr& incoming) {
    for (const auto& open : task_.api.open) {
      if (open.source != task_.source.id || !open.places.empty()) continue;
      const bool again =
          std::any_of(outcome.conflicts.begin(), outcome.conflicts.end(),
                      [&](const auto& conflict) { return conflict.identity == open.path; });
      if (again) continue;
      if (same_value(specs::find_identity(*merged_, open.path),
                     specs::find_identity(*incoming, open.path)))
        out_.taken.closed.push_back({open.id, "both sides agree now"});
    }
  }

  void note_flaws(const specs::merge_result& outcome) {
    for (const auto& flaw : outcome.flaws)
      flaws_.push_back("the merge left a " + std::string{to_string(flaw.what)} + " at " +
                       flaw.pointer + ": " + flaw.value);
  }

  /// Why the API's guard keeps a revision out until somebody accepts the document.
  [[nodiscard]] std::optional<error> guarded(const events::revision_added& fact) const {
    const auto guard = task_.api.guard;
    if (!guard || task_.accepted_hash == incoming_.text_hash.hex()) return std::nullopt;
    constexpr std::size_t told_max = 3;
    std::size_t count = 0;
    std::string told;
    for (const auto& change : fact.changes) {
      if (change.level > *guard) continue; // gravest first
      if (count++ < told_max) told += "; " + change.rule + " at " + change.pointer;
    }
    if (count == 0) return std::nullopt;
    if (count > told_max) told += "; …";
    return error{errc::invalid_argument,
                 "the guard of API '" + task_.api.api + "' holds " + std::to_string(count) +
                     (count == 1 ? " change" : " changes") + " of level " +
                     std::string{to_string(*guard)} +
                     (*guard == events::change_level::error ? "" : " or graver") + told +
                     "; if they are meant, accept the quarantined document",
                 task_.source.id};
  }

  /// Whether it is the fetched document, with the overlays on it, that something is wrong with.
  static bool is_about_the_document(const error& problem) {
    return problem.code == errc::invalid_argument || problem.code == errc::limit_exceeded;
  }

  result<integrated> hold(const error& problem) {
    out_ = {};
    return refuse(problem);
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
    next.flaws = flaws_;
    auto made = prepare(task_.api, documents_, next, current, std::move(cause));
    if (!made && is_about_the_document(made.error())) return hold(made.error());
    if (!made) return tl::unexpected{made.error()};
    if (made->revision)
      if (auto problem = guarded(*made->revision)) return hold(*problem);
    if (made->revision || made->text) out_.head = merged_;
    adopt(std::move(*made));
    return std::move(out_);
  }

  const take_version& task_;
  const document_reader& documents_;
  read_text incoming_;
  std::optional<digest> base_text_;
  std::optional<read_text> base_; ///< Where all of it is selected.
  specs::document_ptr merged_;
  std::vector<std::string> flaws_;
  integrated out_;
};

} // namespace

result<integrated> integrate_version(const take_version& task, const document_reader& documents) {
  return version_taker{task, documents}.run();
}

} // namespace apisync::actors
