#include "tools/document_references.hpp"

#include "events/overload.hpp"

namespace apisync::tools {
namespace {

std::vector<digest> named_by(const events::conflict_detail& conflict) {
  std::vector<digest> names;
  for (auto const* side :
       {&conflict.base_document, &conflict.current_document, &conflict.incoming_document})
    if (*side) names.push_back(**side);
  return names;
}

/// What is served, and what lies under its overlays.
template <class Fact>
std::vector<digest> texts_of(const Fact& fact) {
  std::vector<digest> names{fact.text};
  if (fact.merged) names.push_back(*fact.merged);
  return names;
}

} // namespace

std::vector<digest> documents_named_by(const events::any_event& event) {
  if (auto const* const of_source = std::get_if<events::source_event>(&event)) {
    auto const* const pushed = std::get_if<events::document_pushed>(of_source);
    return pushed ? std::vector{pushed->text} : std::vector<digest>{};
  }
  auto const* const of_api = std::get_if<events::api_event>(&event);
  if (of_api == nullptr) return {};
  return std::visit(
      overload{
          [](const events::revision_added& fact) { return texts_of(fact); },
          [](const events::text_followed& fact) { return texts_of(fact); },
          [](const events::base_moved& fact) { return std::vector{fact.text}; },
          [](const events::drift_began& fact) { return std::vector{fact.drift.observed}; },
          [](const events::drift_changed& fact) { return std::vector{fact.drift.observed}; },
          [](const events::conflict_opened& fact) { return named_by(fact.conflict); },
          [](const events::conflict_updated& fact) { return named_by(fact.conflict); },
          [](const auto&) { return std::vector<digest>{}; },
      },
      *of_api);
}

} // namespace apisync::tools
