#pragma once

#include "events/api_state.hpp"
#include "events/model_event.hpp"

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace apisync::actors {

/// Tokens that questions have cost in the last hour, and what those under way may cost yet.
class model_budget {
public:
  /// What an API has spent before, as the log has it.
  void remember(const std::string& api, const std::vector<events::model_cost>& costs);

  /// Sets aside what a question may cost at most. Why not, where one of the budgets would be
  /// exceeded.
  [[nodiscard]] std::optional<std::string> reserve(const std::string& api, std::uint64_t tokens,
                                                   const events::model_definition& limits,
                                                   events::timestamp now);

  /// Ends a reservation with what it really cost.
  void settle(const std::string& api, std::uint64_t reserved, std::uint64_t spent,
              events::timestamp now);

private:
  struct account {
    std::deque<events::model_cost> spent; ///< Of the last hour, oldest first, a minute each.
    std::uint64_t reserved = 0;
  };
  static std::uint64_t used(account& of, events::timestamp now);

  std::map<std::string, account> accounts_; ///< By API.
};

} // namespace apisync::actors
