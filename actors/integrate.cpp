#include "actors/integrate.hpp"

#include "actors/compare_sources.hpp"
#include "actors/integrate_decision.hpp"
#include "actors/integrate_edit.hpp"
#include "actors/integrate_model.hpp"
#include "actors/integrate_version.hpp"
#include "actors/publication.hpp"
#include "events/overload.hpp"

namespace apisync::actors {

namespace {

result<integrated> work_on(const integrate_task& task, const document_reader& documents) {
  return std::visit(
      overload{
          [&](const take_version& version) { return integrate_version(version, documents); },
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
