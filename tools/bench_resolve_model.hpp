#pragma once

#include "events/model_event.hpp"
#include "sources/model.hpp"
#include "specs/document.hpp"
#include "tools/bench_report.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace apisync::tools {

/// The versions of a merge that people made.
struct merged_versions {
  specs::document_ptr base, ours, theirs;
  specs::document_ptr merged; ///< What was committed.
};

/// What a model made of the conflicts of true merges.
struct model_score {
  std::size_t conflicts = 0;
  std::size_t answered = 0;       ///< Conflicts for which a choice or value could be read.
  std::size_t as_people = 0;      ///< Of these, those that people decided so too.
  std::size_t counted = 0;        ///< That count under the mode, once they have passed all checks.
  std::size_t counted_people = 0; ///< Of these, those that people decided so too.
  std::map<std::string, std::size_t> refused; ///< Conflicts, by the first check that failed.
  std::map<std::string, std::size_t> failed;  ///< Questions, by why there is no answer.
  std::map<std::string, std::size_t> choices; ///< Conflicts, by choice.
  std::size_t questions = 0;
  std::uint64_t requests = 0, prompt_tokens = 0, answer_tokens = 0;
  double seconds = 0; ///< Of all questions, one after the other.

  void add(const model_score& other);
};

/// Asks a model about every conflict of one merge, as the service would, and compares what it says
/// with what was committed. Waits for each answer in turn.
[[nodiscard]] model_score score_merge(const merged_versions& of, sources::model_client& client,
                                      const events::model_definition& model);

/// Prices in whatever currency, for a million tokens.
struct token_prices {
  double prompt = 0, answer = 0;
};

/// The figures: shares of all conflicts and of those that count, refusals, failures, tokens, time,
/// and what it cost where there are prices.
[[nodiscard]] std::vector<bench_result> results_of(const model_score& score,
                                                   const token_prices& prices);

} // namespace apisync::tools
