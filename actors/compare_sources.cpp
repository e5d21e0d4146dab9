#include "actors/compare_sources.hpp"

#include "actors/describe.hpp"
#include "actors/publication.hpp"
#include "actors/source_selection.hpp"
#include "specs/compat.hpp"
#include "specs/select.hpp"

#include <algorithm>

namespace apisync::actors {

namespace {

using events::source_role;

const compared_source* find_source(const api_context& api, const std::string& id) {
  const auto found = api.sources.find(id);
  return found == api.sources.end() ? nullptr : &found->second;
}

/// The API's document and what sources have, as they are after an outcome.
class comparer {
public:
  comparer(const api_context& api, const document_reader& documents, const integrated& outcome)
      : api_{api}, documents_{documents}, outcome_{outcome} {}

  events::comparison compare(const std::string& id) {
    const auto* source = find_source(api_, id);
    const auto* base = base_of(id);
    events::comparison out{id, std::nullopt, {}};
    if (source == nullptr || source->role == source_role::authority) {
      out.reason = source == nullptr ? "the source was removed" : "the API follows it now";
      return out;
    }
    if (base == nullptr || !has_head() || is_same(*base)) return out;
    auto report = differences(id, *source, *base);
    if (!report.changes.empty()) out.drift = std::move(report);
    return out;
  }

private:
  [[nodiscard]] const events::base_moved* base_of(const std::string& id) const {
    if (outcome_.taken.base && outcome_.taken.base->source == id) return &*outcome_.taken.base;
    const auto found = api_.bases.find(id);
    return found == api_.bases.end() ? nullptr : &found->second;
  }

  [[nodiscard]] bool has_head() const { return outcome_.taken.revision || api_.head; }
  /// Whether hashes tell that there is no difference. A revision's are of what is served, and what
  /// is compared lies below the overlays.
  [[nodiscard]] bool is_same(const events::base_moved& base) const {
    const auto& head = outcome_.taken.revision ? *outcome_.taken.revision : *api_.head;
    const bool overlaid =
        outcome_.taken.revision ? head.merged.has_value() : api_.served != api_.text;
    return !overlaid && base.canonical == head.canonical;
  }

  result<specs::document_ptr> head() {
    if (outcome_.head) return outcome_.head;
    if (head_) return head_;
    const auto read = load_text(documents_, api_.text, "the canonical document", stored_bytes_max);
    if (!read) return tl::unexpected{read.error()};
    return head_ = read->document;
  }

  result<specs::document_ptr> document_of(const std::string& id, const events::base_moved& base) {
    if (outcome_.incoming && outcome_.taken.base && outcome_.taken.base->source == id)
      return outcome_.incoming;
    const auto read = load_text(documents_, base.text, id, stored_bytes_max);
    if (!read) return tl::unexpected{read.error()};
    return read->document;
  }

  events::drift_report differences(const std::string& id, const compared_source& source,
                                   const events::base_moved& base) {
    events::drift_report out;
    out.source = id;
    out.observed = base.text;
    const auto canonical = head();
    const auto theirs = document_of(id, base);
    if (!canonical || !theirs) {
      add(out, not_read(canonical ? theirs.error() : canonical.error()));
      return finish(out);
    }
    const auto selection = to_selection(source.select);
    const auto report = specs::judge(*specs::select(*canonical, selection),
                                     *specs::select(*theirs, selection), api_.judged());
    for (const auto& finding : report.findings)
      if (differs(source, finding)) add(out, to_change(finding));
    for (const auto& skipped : report.skipped)
      add(out, {"not-compared",
                events::change_level::warning,
                skipped.pointer,
                "this part could not be compared: " + skipped.reason,
                {}});
    return finish(out);
  }

  /// A contributor has a part: what it does not have is no difference. And that a version was not
  /// raised is advice for releases; both sides have the same.
  static bool differs(const compared_source& source, const specs::finding& finding) {
    if (finding.rule == "api-version-not-bumped") return false;
    return source.role == source_role::observer || !finding.after.pointer.empty();
  }

  static events::change not_read(const error& problem) {
    return {"not-compared",
            events::change_level::warning,
            "",
            "the documents could not be compared: " + render(problem),
            {}};
  }

  void add(events::drift_report& to, events::change change) {
    auto& counts = to.counts;
    ++(change.level == events::change_level::error     ? counts.error
       : change.level == events::change_level::warning ? counts.warning
                                                       : counts.info);
    hash_.update(change.rule).update("\n").update(change.pointer).update("\n");
    hash_.update(change.message).update("\n");
    if (to.changes.size() < events::drift_report::max_changes)
      to.changes.push_back(std::move(change));
  }

  events::drift_report finish(events::drift_report& report) {
    report.differences = hash_.finish();
    hash_ = {};
    return std::move(report);
  }

  const api_context& api_;
  const document_reader& documents_;
  const integrated& outcome_;
  specs::document_ptr head_;
  sha256 hash_;
};

/// Whether the outcome changes what the source is compared with, or what it has.
bool concerns(const api_context& api, const integrated& outcome, const std::string& id) {
  const auto& taken = outcome.taken;
  // Below overlays, the document may be another without a revision of what is served.
  const bool moved = taken.revision ? !api.head || !api.overlays.empty() ||
                                          taken.revision->canonical != api.head->canonical
                                    : outcome.head != nullptr;
  if (moved) return api.bases.contains(id) || (taken.base && taken.base->source == id);
  if (!taken.base || taken.base->source != id) return false;
  const auto before = api.bases.find(id);
  return before == api.bases.end() || before->second.canonical != taken.base->canonical;
}

} // namespace

bool is_observer(const api_context& api, const std::string& source) {
  const auto* found = find_source(api, source);
  return found != nullptr && found->role == source_role::observer;
}

bool contributes(const api_context& api, const std::string& source) {
  const auto* found = find_source(api, source);
  return found != nullptr && found->role != source_role::observer;
}

void compare_changed(const api_context& api, const document_reader& documents,
                     integrated& outcome) {
  comparer compare{api, documents, outcome};
  std::vector<events::comparison> compared;
  for (const auto& [id, source] : api.sources)
    if (source.role != source_role::authority && concerns(api, outcome, id))
      compared.push_back(compare.compare(id));
  outcome.taken.compared = std::move(compared);
}

integrated compare_sources(const take_comparison& task, const document_reader& documents) {
  integrated out;
  comparer compare{task.api, documents, out};
  std::vector<events::comparison> compared;
  for (const auto& id : task.sources)
    compared.push_back(compare.compare(id));
  out.taken.compared = std::move(compared);
  return out;
}

} // namespace apisync::actors
