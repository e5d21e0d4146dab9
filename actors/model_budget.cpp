#include "actors/model_budget.hpp"

#include <algorithm>

namespace apisync::actors {

namespace {

constexpr std::chrono::hours window{1};

std::string over(const std::string& what, std::uint64_t limit) {
  return "the budget of " + std::to_string(limit) + " tokens an hour for " + what + " is used up";
}

} // namespace

void model_budget::remember(const std::string& api, const std::vector<events::model_cost>& costs) {
  if (costs.empty()) return;
  accounts_[api].spent.assign(costs.begin(), costs.end());
}

std::uint64_t model_budget::used(account& of, events::timestamp now) {
  while (!of.spent.empty() && of.spent.front().minute + window <= now)
    of.spent.pop_front();
  auto sum = of.reserved;
  for (const auto& cost : of.spent)
    sum += cost.tokens;
  return sum;
}

std::optional<std::string> model_budget::reserve(const std::string& api, std::uint64_t tokens,
                                                 const events::model_definition& limits,
                                                 events::timestamp now) {
  if (used(accounts_[api], now) + tokens > limits.tokens_per_api)
    return over("this API", limits.tokens_per_api);
  std::uint64_t all = 0;
  for (auto& [id, one] : accounts_)
    all += used(one, now);
  std::erase_if(accounts_, [&](const auto& entry) {
    return entry.first != api && entry.second.spent.empty() && entry.second.reserved == 0;
  });
  if (all + tokens > limits.tokens_per_hour) return over("all APIs", limits.tokens_per_hour);
  accounts_[api].reserved += tokens;
  return std::nullopt;
}

void model_budget::settle(const std::string& api, std::uint64_t reserved, std::uint64_t spent,
                          events::timestamp now) {
  auto& of = accounts_[api];
  of.reserved -= std::min(of.reserved, reserved);
  if (spent == 0) return;
  const auto minute = std::chrono::floor<std::chrono::minutes>(now);
  if (of.spent.empty() || of.spent.back().minute != minute) of.spent.push_back({minute, 0});
  of.spent.back().tokens += spent;
}

} // namespace apisync::actors
