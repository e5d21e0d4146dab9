#include "actors/describe.hpp"

#include "specs/canonical.hpp"
#include "specs/compat.hpp"
#include "specs/openapi.hpp"
#include "specs/parse.hpp"
#include "specs/parse_limits.hpp"
#include "specs/print.hpp"
#include "specs/rewrite.hpp"
#include "specs/validate.hpp"

namespace apisync::actors {

namespace {

constexpr std::size_t max_warnings = 20;
constexpr std::size_t max_operations = 20;

specs::parse_options options_for(const std::string& name, std::uint64_t max_bytes) {
  specs::parse_options options;
  options.name = name;
  options.max_bytes = max_bytes;
  return options;
}

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

void judge_changes(const specs::document& before, const specs::document& after,
                   const std::string& today, events::revision_added& fact) {
  const auto report = specs::judge(before, after, {.as_of = today});
  fact.counts.error = static_cast<std::uint32_t>(report.count(specs::severity::error));
  fact.counts.warning = static_cast<std::uint32_t>(report.count(specs::severity::warning));
  fact.counts.info = static_cast<std::uint32_t>(report.count(specs::severity::info));
  fact.verdict = fact.counts.error > 0     ? "breaking"
                 : fact.counts.warning > 0 ? "warning"
                 : fact.counts.info > 0    ? "compatible"
                                           : "unchanged";
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

specs::written_document written(const read_text& text) {
  return {*text.bytes, text.document,
          text.format == "json" ? specs::syntax::json : specs::syntax::yaml};
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

std::string merged_text(const read_text& base, const read_text& current, const read_text& incoming,
                        const specs::document_ptr& merged) {
  const auto before = written(base);
  return specs::rewrite_merge(&before, written(current), written(incoming), merged).text;
}

result<read_text> read_document(std::shared_ptr<const std::string> bytes, const std::string& name,
                                std::uint64_t max_bytes, events::duplicate_names duplicates) {
  auto options = options_for(name, max_bytes);
  if (duplicates == events::duplicate_names::last)
    options.repeated = specs::repeated_names::keep_last;
  auto parsed = specs::parse(*bytes, options);
  if (!parsed) return tl::unexpected{parsed.error()};
  auto info = specs::recognise(*parsed->document);
  if (!info) {
    auto problem = info.error();
    if (problem.where.empty()) problem.where = name;
    return tl::unexpected{std::move(problem)};
  }
  read_text out;
  out.document = parsed->document;
  out.text_hash = sha256::of(*bytes);
  out.content = specs::content_hash(*parsed->document);
  out.canonical = specs::canonical_hash(*parsed->document);
  out.format = to_string(parsed->format);
  out.operations = static_cast<std::uint32_t>(info->operations);
  for (const auto& warning : parsed->warnings)
    out.warnings.push_back(specs::to_string(name, warning.where) + ": " + warning.message);
  out.bytes = std::move(bytes);
  return out;
}

result<read_text> load_text(const storage::document_store& documents, const digest& text,
                            const std::string& name, std::uint64_t max_bytes) {
  auto bytes = documents.load(text);
  if (!bytes) return tl::unexpected{bytes.error()};
  // What is stored was accepted once, within the limits of its time.
  auto options = options_for(name, std::max<std::uint64_t>(max_bytes, bytes->size()));
  options.repeated = specs::repeated_names::keep_last;
  auto parsed = specs::parse(*bytes, options);
  if (!parsed) return tl::unexpected{parsed.error()};
  read_text out;
  out.document = parsed->document;
  out.bytes = std::make_shared<const std::string>(std::move(*bytes));
  out.text_hash = text;
  out.format = to_string(parsed->format);
  return out;
}

result<std::optional<made_revision>> make_revision(const next_text& next, const read_text* current,
                                                   events::revision_cause cause,
                                                   std::vector<std::string> flaws,
                                                   const std::string& today) {
  made_revision made;
  auto& fact = made.fact;
  fact.content = specs::content_hash(*next.document);
  if (current != nullptr && specs::content_hash(*current->document) == fact.content)
    return std::nullopt;
  fact.canonical = specs::canonical_hash(*next.document);
  made.text =
      next.bytes ? next.bytes : std::make_shared<const std::string>(write_text(next, current));
  fact.text = sha256::of(*made.text);
  fact.format = next.format;
  if (auto info = specs::recognise(*next.document)) {
    fact.title = info->title;
    fact.api_version = info->api_version;
    fact.openapi = info->version;
    fact.operations = static_cast<std::uint32_t>(info->operations);
  }
  fact.cause = std::move(cause);
  fact.warnings = std::move(flaws);
  if (current != nullptr)
    judge_changes(*current->document, *next.document, today, fact);
  else
    fact.verdict = "first";
  note_warnings(*next.document, fact);
  return made;
}

} // namespace apisync::actors
