#include "actors/source_merge.hpp"

#include "actors/conflict_record.hpp"
#include "actors/other_declarations.hpp"
#include "actors/source_selection.hpp"
#include "specs/diff.hpp"
#include "specs/merge.hpp"
#include "specs/resolve.hpp"
#include "specs/select.hpp"

#include <algorithm>
#include <iterator>

namespace apisync::actors {

namespace {

class source_merger {
public:
  source_merger(const api_context& api, const document_reader& documents, const source_sides& sides)
      : api_{api},
        documents_{documents},
        sides_{sides},
        others_{api, documents, sides.source, sides.max_bytes} {}

  result<source_merge> run() {
    const auto& current = sides_.current;
    auto outcome = specs::merge(sides_.base, current.document, sides_.selected);
    out_.merged = outcome.merged;
    if (auto kept = keep_parts(*current.document); !kept) return tl::unexpected{kept.error()};
    if (auto ruled = decide(outcome, current); !ruled) return tl::unexpected{ruled.error()};
    ask_as_one(current);
    follow_question(current, sides_.selected);
    close_converged(outcome, sides_.selected);
    note_flaws(outcome);
    return std::move(out_);
  }

private:
  /// Takes back what came in below a pin, and what a contributor no longer has though another
  /// source declares it still.
  result<void> keep_parts(const specs::document& current) {
    const bool contributor = api_.authority != sides_.source;
    if (!contributor && !has_pin(api_)) return {};
    const ruling_context context{api_, sides_.source, sides_.repository, {}, nullptr};
    const auto merged = out_.merged; // keeps the nodes of the changes alive
    for (const auto& change : specs::diff(current, *merged)) {
      const auto identity = specs::identity_of(change);
      const bool gone = contributor && change.kind == specs::change_kind::removed;
      if (!pinned(context, identity) && !(gone && others_.have(identity))) continue;
      auto reverted = specs::set_value(out_.merged, identity,
                                       specs::find_identity(current, identity), &current);
      if (!reverted) return tl::unexpected{reverted.error()};
      out_.merged = std::move(*reverted);
    }
    return {};
  }

  result<void> decide(const specs::merge_result& outcome, const read_text& current) {
    for (const auto& conflict : outcome.conflicts) {
      if (asked_as_one(conflict.identity)) continue;
      const auto id = conflict_id(api_.api, sides_.source, conflict.identity);
      auto detail = describe(conflict, id, current);
      if (went_back(detail, conflict)) continue;
      const auto context = ruling_context_for(api_, sides_.source, sides_.repository, conflict,
                                              out_.merged, documents_, sides_.max_bytes);
      const auto ruling = decide_conflict(conflict, context);
      if (ruling.decided == ruling::choice::open) {
        if (ruling.asks_model) detail.ai_rule = ruling.rule;
        out_.conflicts.push_back(std::move(detail));
        continue;
      }
      auto changed = after_ruling(out_.merged, conflict, ruling);
      if (!changed) return tl::unexpected{changed.error()};
      out_.merged = std::move(*changed);
      out_.resolved.push_back(record_of(ruling, id, detail.pointer, sides_.source));
    }
    return {};
  }

  /// The first document of a contributor that differs in many places is one question.
  void ask_as_one(const read_text& current) {
    constexpr std::size_t few = 5;
    auto& open = out_.conflicts;
    if (sides_.base_text || open.size() <= few) return;
    events::conflict_detail whole;
    whole.id = conflict_id(api_.api, sides_.source, {});
    whole.source = sides_.source;
    whole.kind = specs::to_string(specs::conflict_kind::add_add);
    whole.current_document = current.text_hash;
    whole.incoming_document = sides_.incoming.text_hash;
    for (const auto& each : open)
      whole.places.push_back(each.path);
    open = {std::move(whole)};
  }

  [[nodiscard]] const events::conflict_detail* open_question() const {
    return open_conflict(conflict_id(api_.api, sides_.source, {}));
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
      return same_value(specs::find_identity(*out_.merged, place),
                        specs::find_identity(*incoming, place));
    });
    whole.current_document = current.text_hash;
    whole.incoming_document = sides_.incoming.text_hash;
    if (whole.places.empty())
      out_.closed.push_back({whole.id, "both sides agree now"});
    else
      out_.conflicts.push_back(std::move(whole));
  }

  [[nodiscard]] const events::conflict_detail* open_conflict(const std::string& id) const {
    for (const auto& open : api_.open)
      if (open.id == id) return &open;
    return nullptr;
  }

  /// The record of a conflict. One that is open keeps the base that it was opened with.
  events::conflict_detail describe(const specs::conflict& conflict, const std::string& id,
                                   const read_text& current) const {
    events::conflict_detail detail;
    detail.id = id;
    detail.source = sides_.source;
    detail.pointer = conflict.pointer;
    detail.path = conflict.identity;
    detail.kind = specs::to_string(conflict.kind);
    keep_value(conflict.current, "current", detail.current, detail.oversized);
    keep_value(conflict.incoming, "incoming", detail.incoming, detail.oversized);
    detail.current_document = current.text_hash;
    detail.incoming_document = sides_.incoming.text_hash;
    if (const auto* open = open_conflict(id)) {
      detail.kind = open->kind;
      detail.base = open->base;
      detail.base_document = open->base_document;
      if (std::count(open->oversized.begin(), open->oversized.end(), "base") != 0)
        detail.oversized.emplace_back("base");
    } else {
      keep_value(conflict.base, "base", detail.base, detail.oversized);
      detail.base_document = sides_.base_text;
    }
    return detail;
  }

  /// An open conflict whose incoming side is again what both started from is none any more.
  bool went_back(const events::conflict_detail& detail, const specs::conflict& conflict) {
    if (open_conflict(detail.id) == nullptr || !detail.base_document) return false;
    const auto base = load_text(documents_, *detail.base_document, "base", sides_.max_bytes);
    if (!base) return false; // the conflict stays open, which loses nothing
    const auto before = specs::find_identity(*base->document, conflict.identity);
    const bool same = same_value(before, conflict.incoming);
    if (same) out_.closed.push_back({detail.id, "the incoming side went back to the base"});
    return same;
  }

  /// Open conflicts of this source at places where both sides now agree are over.
  void close_converged(const specs::merge_result& outcome, const specs::document_ptr& incoming) {
    for (const auto& open : api_.open) {
      if (open.source != sides_.source || !open.places.empty()) continue;
      const bool again =
          std::any_of(outcome.conflicts.begin(), outcome.conflicts.end(),
                      [&](const auto& conflict) { return conflict.identity == open.path; });
      if (again) continue;
      if (same_value(specs::find_identity(*out_.merged, open.path),
                     specs::find_identity(*incoming, open.path)))
        out_.closed.push_back({open.id, "both sides agree now"});
    }
  }

  void note_flaws(const specs::merge_result& outcome) {
    for (const auto& flaw : outcome.flaws)
      out_.flaws.push_back("the merge left a " + std::string{to_string(flaw.what)} + " at " +
                           flaw.pointer + ": " + flaw.value);
  }

  const api_context& api_;
  const document_reader& documents_;
  const source_sides& sides_;
  other_declarations others_;
  source_merge out_;
};

} // namespace

void source_merge::add_to(events::integration& taken) {
  const auto move = [](auto& from, auto& into) {
    std::move(from.begin(), from.end(), std::back_inserter(into));
  };
  move(conflicts, taken.conflicts);
  move(resolved, taken.resolved);
  move(closed, taken.closed);
}

result<source_merge> merge_source(const api_context& api, const document_reader& documents,
                                  const source_sides& sides) {
  return source_merger{api, documents, sides}.run();
}

specs::document_ptr selected_base(const specs::document_ptr& base,
                                  const std::optional<events::selection_definition>& taken_with,
                                  const std::optional<events::selection_definition>& select) {
  auto selected = specs::select(base, to_selection(select));
  return taken_with == select ? selected : specs::select(selected, to_selection(taken_with));
}

} // namespace apisync::actors
