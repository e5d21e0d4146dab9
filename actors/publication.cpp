#include "actors/publication.hpp"

#include "actors/overlaid_text.hpp"
#include "specs/canonical.hpp"
#include "specs/compat.hpp"
#include "specs/openapi.hpp"
#include "specs/print.hpp"
#include "specs/rewrite.hpp"
#include "specs/validate.hpp"

#include <algorithm>

namespace apisync::actors {

namespace {

constexpr std::size_t max_warnings = 20;
constexpr std::size_t max_operations = 20;

events::change_level to_level(specs::severity level) {
  switch (level) {
  case specs::severity::error:
    return events::change_level::error;
  case specs::severity::warning:
    return events::change_level::warning;
  case specs::severity::info:
    return events::change_level::info;
  }
  return events::change_level::info;
}

events::change_counts counts_of(const specs::compat_report& report) {
  const auto count = [&](specs::severity level) {
    return static_cast<std::uint32_t>(report.count(level));
  };
  return {count(specs::severity::error), count(specs::severity::warning),
          count(specs::severity::info)};
}

std::string verdict_of(const events::change_counts& counts) {
  if (counts.error > 0) return "breaking";
  if (counts.warning > 0) return "warning";
  return counts.info > 0 ? "compatible" : "unchanged";
}

void judge_changes(const specs::document& before, const specs::document& after,
                   const specs::compat_options& how, events::revision_added& fact) {
  const auto report = specs::judge(before, after, how);
  fact.counts = counts_of(report);
  fact.verdict = verdict_of(fact.counts);
  for (const auto& finding : report.findings) {
    if (fact.changes.size() == events::revision_added::max_changes) break;
    fact.changes.push_back(to_change(finding));
  }
  for (const auto& skipped : report.skipped)
    if (fact.warnings.size() < max_warnings)
      fact.warnings.push_back("not compared: " + skipped.pointer + ": " + skipped.reason);
}

void note_warnings(const specs::document& document, events::revision_added& fact) {
  for (const auto& finding : specs::validate(document)) {
    if (fact.warnings.size() >= max_warnings) return;
    fact.warnings.push_back(finding.pointer + ": " + finding.message);
  }
}

/// The text of a document that has none of its own.
std::string write_text(const next_text& next, const read_text* current) {
  const auto root = next.document->root();
  if (current == nullptr || !current->bytes || current->format != next.format)
    return next.format == "yaml" ? specs::to_yaml(root) : specs::to_json(root, 2) + '\n';
  std::vector<specs::written_document> others;
  for (const auto& text : next.others)
    others.push_back(written(text));
  if (next.base && others.size() == 1)
    return merged_text(*next.base, *current, next.others.front(), next.document);
  return specs::rewrite(written(*current), next.document, others).text;
}

/// Prepares one publication, from the merged document to its record.
class preparation {
public:
  preparation(const api_context& api, const document_reader& documents, const next_text& next,
              const read_text* current)
      : api_{api}, documents_{documents}, next_{next}, current_{current} {}

  result<publication> run(events::revision_cause cause) {
    const bool same = current_ != nullptr && specs::content_hash(*current_->document) ==
                                                 specs::content_hash(*next_.document);
    const bool new_words =
        next_.words_count && next_.bytes && current_ != nullptr && *next_.bytes != *current_->bytes;
    if (same && !new_words && !next_.relay) return publication{};
    if (auto made = write(same); !made) return tl::unexpected{made.error()};
    if (auto found = find_served_before(); !found) return tl::unexpected{found.error()};
    const auto content = specs::content_hash(*served_.document);
    if (before_ && specs::content_hash(*before_) == content) return new_text(content);
    return new_revision(content, std::move(cause));
  }

private:
  /// The text of the merged document, and what is served of it.
  result<void> write(bool same) {
    merged_.format = next_.format;
    merged_.document = next_.document;
    merged_.bytes = next_.bytes;
    if (!merged_.bytes && same)
      merged_.bytes = current_->bytes;
    else if (!merged_.bytes)
      merged_.bytes = std::make_shared<const std::string>(write_text(next_, current_));
    merged_.text_hash = sha256::of(*merged_.bytes);
    served_ = merged_;
    if (api_.overlays.empty()) return {};
    // Only a document that was read from the text has its places.
    auto read = read_document(merged_.bytes, "the merged document", stored_bytes_max,
                              events::duplicate_names::last);
    if (!read) return tl::unexpected{read.error()};
    auto laid = overlay_text(api_.overlays, *read);
    if (!laid) return tl::unexpected{laid.error()};
    served_ = std::move(laid->served);
    warnings_ = std::move(laid->warnings);
    return {};
  }

  /// What is served now; null before the first revision.
  result<void> find_served_before() {
    if (current_ == nullptr) return {};
    before_ = current_->document;
    if (api_.served == api_.text) return {};
    auto read = load_text(documents_, api_.served, "served", stored_bytes_max);
    if (!read) return tl::unexpected{read.error()};
    before_ = std::move(read->document);
    return {};
  }

  [[nodiscard]] std::optional<digest> merged_where_overlaid() const {
    return served_.text_hash == merged_.text_hash ? std::nullopt : std::optional{merged_.text_hash};
  }

  result<publication> new_text(const digest& content) {
    events::text_followed text;
    text.text = served_.text_hash;
    text.content = content;
    text.format = next_.format;
    text.merged = merged_where_overlaid();
    out_.text = std::move(text);
    return stored();
  }

  result<publication> new_revision(const digest& content, events::revision_cause cause) {
    const auto& document = *served_.document;
    events::revision_added fact;
    fact.content = content;
    fact.canonical = specs::canonical_hash(document);
    fact.text = served_.text_hash;
    fact.merged = merged_where_overlaid();
    fact.format = next_.format;
    if (auto info = specs::recognise(document)) {
      fact.title = info->title;
      fact.api_version = info->api_version;
      fact.openapi = info->version;
      fact.operations = static_cast<std::uint32_t>(info->operations);
    }
    fact.cause = std::move(cause);
    fact.warnings = std::move(warnings_);
    fact.warnings.insert(fact.warnings.end(), next_.flaws.begin(), next_.flaws.end());
    judge(document, fact);
    compare_with_released(document, fact);
    note_warnings(document, fact);
    out_.revision = std::move(fact);
    return stored();
  }

  void judge(const specs::document& document, events::revision_added& fact) const {
    if (!before_) {
      fact.verdict = "first";
      return;
    }
    if (!api_.judging)
      fact.warnings.push_back("judged as the catalogue has it, for the rules of the API cannot be "
                              "read: " +
                              api_.judging.error().message);
    judge_changes(*before_, document, api_.judged(), fact);
  }

  /// The revision before may be the released one: then it is all said already.
  void compare_with_released(const specs::document& document, events::revision_added& fact) const {
    if (!api_.released || !before_) return;
    if (api_.head && api_.head->number == api_.released->number &&
        api_.served == api_.released->text) {
      fact.released = {api_.released->number, fact.verdict, fact.counts};
      return;
    }
    auto compared = compare_with(api_, documents_, *api_.released, document);
    if (compared)
      fact.released = std::move(*compared);
    else
      fact.warnings.push_back("not compared with the released revision " +
                              std::to_string(api_.released->number) + ": " +
                              render(compared.error()));
  }

  result<publication> stored() {
    const auto has_before = current_ != nullptr;
    auto kept = store_text(documents_, *merged_.bytes,
                           has_before ? std::optional{api_.text} : std::nullopt, out_.documents);
    if (kept && served_.text_hash != merged_.text_hash)
      kept = store_text(documents_, *served_.bytes,
                        has_before ? std::optional{api_.served} : std::nullopt, out_.documents);
    if (!kept) return tl::unexpected{kept.error()};
    return std::move(out_);
  }

  const api_context& api_;
  const document_reader& documents_;
  const next_text& next_;
  const read_text* current_;
  read_text merged_, served_;
  std::vector<std::string> warnings_;
  specs::document_ptr before_;
  publication out_;
};

} // namespace

events::change to_change(const specs::finding& finding) {
  events::change out{finding.rule, to_level(finding.level), finding.pointer, finding.message, {}};
  for (const auto& operation : finding.operations) {
    if (out.operations.size() == max_operations) break;
    auto text = operation.method + ' ' + operation.path;
    if (operation.way != specs::direction::none)
      text += ' ' + std::string{to_string(operation.way)};
    out.operations.push_back(std::move(text));
  }
  return out;
}

result<publication> prepare(const api_context& api, const document_reader& documents,
                            const next_text& next, const read_text* current,
                            events::revision_cause cause) {
  return preparation{api, documents, next, current}.run(std::move(cause));
}

result<events::baseline_verdict> compare_with(const api_context& api,
                                              const document_reader& documents,
                                              const events::revision_added& earlier,
                                              const specs::document& later) {
  const auto before = load_text(documents, earlier.text, "released", stored_bytes_max);
  if (!before) return tl::unexpected{before.error()};
  const auto counts = counts_of(specs::judge(*before->document, later, api.judged()));
  return events::baseline_verdict{earlier.number, verdict_of(counts), counts};
}

result<integrated> integrate_promotion(const take_promotion& task,
                                       const document_reader& documents) {
  const auto now = load_text(documents, task.api.served, "served", stored_bytes_max);
  if (!now) return tl::unexpected{now.error()};
  auto compared = compare_with(task.api, documents, task.promoted, *now->document);
  if (!compared) return tl::unexpected{compared.error()};
  integrated out;
  out.taken.promoted = events::api_promoted{task.promoted.number, task.reason,
                                            task.api.head->number, std::move(*compared)};
  return out;
}

result<void> store_text(const document_reader& documents, std::string_view bytes,
                        const std::optional<digest>& previous,
                        std::vector<storage::stored_document>& into) {
  const auto hash = sha256::of(bytes);
  if (std::any_of(into.begin(), into.end(), [&](const auto& one) { return one.hash == hash; }))
    return {};
  const auto there = documents.contains(hash);
  if (!there) return tl::unexpected{there.error()};
  if (*there) return {};
  auto encoded = documents.encode(bytes, previous);
  if (!encoded) return tl::unexpected{encoded.error()};
  into.push_back(std::move(*encoded));
  return {};
}

result<integrated> publish(const api_context& api, const document_reader& documents,
                           const next_text& next, events::revision_cause cause,
                           std::uint64_t max_bytes, integrated out) {
  std::optional<read_text> current;
  if (api.head) {
    auto loaded = load_text(documents, api.text, "current", max_bytes);
    if (!loaded) return tl::unexpected{loaded.error()};
    current = std::move(*loaded);
  }
  auto made = prepare(api, documents, next, current ? &*current : nullptr, std::move(cause));
  if (!made) return tl::unexpected{made.error()};
  if (made->revision || made->text) out.head = next.document;
  out.taken.revision = std::move(made->revision);
  out.taken.text = std::move(made->text);
  std::move(made->documents.begin(), made->documents.end(), std::back_inserter(out.documents));
  return out;
}

} // namespace apisync::actors
