#include "actors/conflict_record.hpp"

#include "actors/compare_sources.hpp"
#include "specs/compat.hpp"
#include "specs/parse.hpp"
#include "specs/print.hpp"
#include "specs/resolve.hpp"

namespace apisync::actors {

namespace {

/// The contributor that has this value at a place, or had it when it was removed; empty where none
/// has.
std::string contributor_of(const api_context& api, const std::string& except,
                           std::string_view identity, specs::node value,
                           const document_reader& documents, std::uint64_t max_bytes) {
  if (!value) return {};
  for (const auto& [source, base] : api.bases) {
    if (source == except || source == api.authority || is_observer(api, source)) continue;
    const auto theirs = load_text(documents, base.text, source, max_bytes);
    if (!theirs) continue; // then the place counts as a person's, and the conflict stays open
    const auto there = specs::find_identity(*theirs->document, identity);
    if (there && same_content(there, value)) return source;
  }
  return {};
}

} // namespace

std::string conflict_id(const std::string& api, const std::string& source,
                        std::string_view identity) {
  return sha256::of(api + '\n' + source + '\n' + std::string{identity}).hex().substr(0, 12);
}

void keep_value(specs::node value, const char* name, std::optional<events::raw_json>& into,
                std::vector<std::string>& oversized) {
  if (!value) return;
  auto text = specs::to_json(value);
  if (text.size() > events::conflict_detail::max_inline)
    oversized.emplace_back(name);
  else
    into = events::raw_json{std::move(text)};
}

result<specs::document_ptr> after_ruling(const specs::document_ptr& document,
                                         const specs::conflict& conflict, const ruling& decided) {
  switch (decided.decided) {
  case ruling::choice::open:
  case ruling::choice::current:
    return document;
  case ruling::choice::incoming:
    return specs::set_value(document, conflict.identity, conflict.incoming);
  case ruling::choice::base:
    return specs::set_value(document, conflict.identity, conflict.base);
  case ruling::choice::value: {
    auto parsed = specs::parse(decided.value ? decided.value->text : "", {.name = "the value"});
    if (!parsed) return tl::unexpected{parsed.error()};
    return specs::set_value(document, conflict.identity, parsed->document->root());
  }
  }
  return document;
}

events::conflict_resolved record_of(const ruling& decided, const std::string& id,
                                    const std::string& pointer, const std::string& source) {
  events::conflict_resolved fact;
  fact.id = id;
  fact.pointer = pointer;
  fact.source = source;
  fact.choice = to_string(decided.decided);
  fact.rule = decided.rule;
  fact.reason = decided.reason;
  fact.value = decided.value;
  fact.remembered = decided.remembered;
  return fact;
}

std::optional<events::change_level> gravest_change(const specs::document& before,
                                                   const specs::document& after,
                                                   const specs::compat_options& how) {
  const auto report = specs::judge(before, after, how);
  if (report.count(specs::severity::error) > 0) return events::change_level::error;
  if (report.count(specs::severity::warning) > 0) return events::change_level::warning;
  if (!report.findings.empty()) return events::change_level::info;
  return std::nullopt;
}

ruling_context ruling_context_for(const api_context& api, const std::string& source,
                                  const std::string& repository, const specs::conflict& conflict,
                                  const specs::document_ptr& document,
                                  const document_reader& documents, std::uint64_t max_bytes) {
  return {api, source, repository,
          contributor_of(api, source, conflict.identity, conflict.current, documents, max_bytes),
          [&api, &conflict, &document]() -> std::optional<events::change_level> {
            const auto taken = specs::set_value(document, conflict.identity, conflict.incoming);
            if (!taken) return std::nullopt;
            return gravest_change(*document, **taken, api.judged());
          }};
}

} // namespace apisync::actors
