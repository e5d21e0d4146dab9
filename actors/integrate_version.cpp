#include "actors/integrate_version.hpp"

#include "actors/publication.hpp"
#include "actors/source_merge.hpp"
#include "actors/source_selection.hpp"
#include "specs/canonical.hpp"
#include "specs/select.hpp"

#include <algorithm>
#include <iterator>

namespace apisync::actors {

namespace {

using events::source_role;

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
      const bool same_part = base->select == task_.source.select &&
                             (!base->observed || task_.source.role == source_role::observer);
      if (same_part && base->text == incoming_.text_hash) return unchanged("same");
      if (same_part && base->canonical == incoming_.canonical) return follow_text(*base);
      if (auto problem = lost_operations(*base)) return refuse(*problem);
    }
    if (refused_by_rollback()) return stay_refused();
    return task_.source.role == source_role::observer ? observe() : merge();
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
    base.select = task_.source.select;
    if (task_.source.role == source_role::observer) base.observed = true;
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
    if (auto moved = move_base(); !moved) return tl::unexpected{moved.error()};
    if (*next.bytes == *current->bytes) return unchanged("noise");
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
    const auto selected = specs::select(incoming_.document, to_selection(task_.source.select));
    if (!task_.api.head) {
      merged_ = selected;
      return finish(selected, nullptr);
    }
    auto base = load_base();
    if (!base) return tl::unexpected{base.error()};
    auto current = load_text(documents_, task_.api.text, "current", task_.max_bytes);
    if (!current) return tl::unexpected{current.error()};
    auto made = merge_source(task_.api, documents_,
                             {task_.source.id, repository(), *current, *base, base_text_, incoming_,
                              selected, task_.max_bytes});
    if (!made) return tl::unexpected{made.error()};
    merged_ = made->merged;
    std::move(made->flaws.begin(), made->flaws.end(), std::back_inserter(flaws_));
    made->add_to(out_.taken);
    return finish(selected, &*current);
  }

  result<specs::document_ptr> load_base() {
    const auto* known = known_base();
    if (known == nullptr || known->observed) return specs::document_ptr{};
    auto read = load_text(documents_, known->text, "base", task_.max_bytes);
    if (!read) return tl::unexpected{read.error()};
    base_text_ = known->text;
    auto selected = selected_base(read->document, known->select, task_.source.select);
    if (selected == read->document) base_ = std::move(*read);
    return selected;
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

result<integrated> integrate_selection(const take_selection& task,
                                       const document_reader& documents) {
  const auto& api = task.api;
  const auto known = api.bases.find(task.source);
  if (known == api.bases.end() || !api.head) return integrated{};
  const auto theirs = load_text(documents, known->second.text, task.source, stored_bytes_max);
  if (!theirs) return tl::unexpected{theirs.error()};
  const auto current = load_text(documents, api.text, "current", stored_bytes_max);
  if (!current) return tl::unexpected{current.error()};
  // What was compared only is all new.
  const bool observed = known->second.observed.value_or(false);
  const auto before = observed ? specs::document_ptr{}
                               : selected_base(theirs->document, known->second.select, task.select);
  const auto selected = specs::select(theirs->document, to_selection(task.select));
  auto made = merge_source(api, documents,
                           {task.source, known->second.repository, *current, before,
                            observed ? std::nullopt : std::optional{known->second.text}, *theirs,
                            selected, stored_bytes_max});
  if (!made) return tl::unexpected{made.error()};
  integrated out;
  made->add_to(out.taken);
  out.taken.base = known->second;
  out.taken.base->select = task.select;
  out.taken.base->observed.reset();
  next_text next{made->merged, nullptr, current->format};
  next.others.push_back(*theirs);
  next.others.front().document = selected;
  next.flaws = std::move(made->flaws);
  events::revision_cause cause;
  cause.kind = observed ? "sync" : "selection";
  cause.source = task.source;
  cause.message = observed ? "source '" + task.source + "' is merged from now on"
                           : "the selection of source '" + task.source + "' has changed";
  return publish(api, documents, next, std::move(cause), stored_bytes_max, std::move(out));
}

} // namespace apisync::actors
