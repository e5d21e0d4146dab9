#include "actors/integrate.hpp"

#include "actors/compare_sources.hpp"
#include "actors/integrate_decision.hpp"
#include "actors/integrate_drop.hpp"
#include "actors/integrate_edit.hpp"
#include "actors/integrate_model.hpp"
#include "actors/integrate_version.hpp"
#include "actors/publication.hpp"
#include "events/overload.hpp"

#include <algorithm>

namespace apisync::actors {

namespace {

result<integrated> work_on(const integrate_task& task, const document_reader& documents) {
  return std::visit(
      overload{
          [&](const take_version& version) { return integrate_version(version, documents); },
          [&](const take_selection& changed) { return integrate_selection(changed, documents); },
          [&](const take_drop& dropped) { return integrate_drop(dropped, documents); },
          [&](const take_edit& edit) { return integrate_edit(edit, documents); },
          [&](const take_rollback& back) { return integrate_rollback(back, documents); },
          [&](const take_resolution& made) { return integrate_resolution(made, documents); },
          [&](const take_undo& undone) { return integrate_undo(undone, documents); },
          [&](const take_rules& changed) { return integrate_rules(changed, documents); },
          [&](const take_promotion& made) { return integrate_promotion(made, documents); },
          [&](const take_overlays& changed) { return integrate_overlays(changed, documents); },
          [&](const take_question& asked) { return make_questions(asked, documents); },
          [&](const take_answer& come) { return take_model_answer(come, documents); },
          [&](const take_comparison& asked) -> result<integrated> {
            return compare_sources(asked, documents);
          },
      },
      task);
}

} // namespace

result<integrated> integrate(const integrate_task& task, const document_reader& documents) {
  auto outcome = work_on(task, documents);
  if (!outcome || std::holds_alternative<take_comparison>(task)) return outcome;
  std::visit([&](const auto& of) { compare_changed(of.api, documents, *outcome); }, task);
  return outcome;
}

std::size_t estimated_memory(const integrate_task& task, const storage::document_store& documents) {
  constexpr std::size_t floor = 4U << 20;
  // Four trees of about 5 bytes a byte (the last is the result, read again), their texts, and where
  // the parts of two of them stand.
  constexpr std::size_t per_byte = 32;
  std::size_t largest = 0;
  const auto count = [&](const digest& text) {
    largest = std::max<std::size_t>(largest, documents.size(text).value_or(0));
  };
  const auto count_base = [&](const api_context& api, const std::string& source) {
    if (const auto base = api.bases.find(source); base != api.bases.end()) count(base->second.text);
  };
  std::visit(
      [&](const auto& of) {
        if (of.api.head) count(of.api.text);
      },
      task);
  std::visit(overload{
                 [&](const take_version& version) {
                   largest = std::max(largest, version.incoming.bytes->size());
                   count_base(version.api, version.source.id);
                 },
                 [&](const take_selection& changed) { count_base(changed.api, changed.source); },
                 [&](const take_drop& dropped) { count_base(dropped.api, dropped.source); },
                 [&](const take_edit& edit) { largest = std::max(largest, edit.text->size()); },
                 [&](const take_rollback& back) { count(back.to.text); },
                 [&](const take_comparison& asked) {
                   for (const auto& source : asked.sources)
                     count_base(asked.api, source);
                 },
                 [](const auto&) {},
             },
             task);
  return floor + per_byte * largest;
}

} // namespace apisync::actors
