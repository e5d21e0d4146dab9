#include "specs/compat_lifecycle.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>

namespace apisync::specs {

namespace {

constexpr std::array<std::string_view, 4> level_names{"draft", "alpha", "beta", "stable"};

/// The digits from `at` on, of a text that is known to hold that many there.
int number_at(std::string_view text, std::size_t at, std::size_t digits) {
  int value = 0;
  std::from_chars(text.data() + at, text.data() + at + digits, value);
  return value;
}

bool has_shape_of_date(std::string_view text) {
  constexpr std::string_view shape = "dddd-dd-dd";
  if (text.size() < shape.size()) return false;
  if (text.size() > shape.size() && text[shape.size()] != 'T' && text[shape.size()] != 't')
    return false;
  return std::equal(shape.begin(), shape.end(), text.begin(), [](char wanted, char found) {
    return wanted == 'd' ? found >= '0' && found <= '9' : wanted == found;
  });
}

std::string_view newly_deprecated(node after, const lifecycle_rules& rules,
                                  const lifecycle_policy& policy) {
  const auto date = after.find("x-sunset");
  if (!date) return policy.notice_days > 0 ? rules.sunset_missing : rules.deprecated;
  const auto day = day_of(date.text());
  if (!day) return rules.sunset_unreadable;
  if (policy.as_of && *day - *policy.as_of < policy.notice_days) return rules.sunset_too_near;
  return rules.deprecated_with_sunset;
}

std::string_view moved_sunset(node before, node after, const lifecycle_rules& rules,
                              const lifecycle_policy& policy) {
  const auto old_date = before.find("x-sunset");
  const auto new_date = after.find("x-sunset");
  if (!old_date) return {};
  if (!new_date) return rules.sunset_deleted;
  if (same_content(old_date, new_date)) return {};
  const auto old_day = day_of(old_date.text());
  const auto new_day = day_of(new_date.text());
  if (!old_day || !new_day) return rules.moved_unreadable;
  const bool too_near = policy.as_of && *new_day - *policy.as_of < policy.notice_days;
  return *new_day < *old_day && too_near ? rules.moved_too_near : std::string_view{};
}

} // namespace

std::optional<stability> stability_named(std::string_view word) {
  const auto found = std::find(level_names.begin(), level_names.end(), word);
  if (found == level_names.end()) return std::nullopt;
  return static_cast<stability>(found - level_names.begin());
}

std::optional<stability> stability_of(node part) {
  const auto word = part.find("x-stability-level");
  return word ? stability_named(word.text()) : stability::stable;
}

std::optional<std::int32_t> day_of(std::string_view date) {
  if (!has_shape_of_date(date)) return std::nullopt;
  const std::chrono::year_month_day day{
      std::chrono::year{number_at(date, 0, 4)},
      std::chrono::month{static_cast<unsigned>(number_at(date, 5, 2))},
      std::chrono::day{static_cast<unsigned>(number_at(date, 8, 2))}};
  if (!day.ok()) return std::nullopt;
  return static_cast<std::int32_t>(std::chrono::sys_days{day}.time_since_epoch().count());
}

sunset sunset_of(node part, std::optional<std::int32_t> as_of) {
  const auto date = part.find("x-sunset");
  if (!date) return sunset::none;
  const auto day = day_of(date.text());
  if (!day) return sunset::unreadable;
  return as_of && *day <= *as_of ? sunset::reached : sunset::ahead;
}

lifecycle_verdict judge_lifecycle(node before, node after, const lifecycle_rules& rules,
                                  const lifecycle_policy& policy) {
  const bool was = before.find("deprecated").boolean();
  const bool is = after.find("deprecated").boolean();
  if (was && !is) return {rules.reactivated, {}};
  if (!is) return {};
  return {was ? std::string_view{} : newly_deprecated(after, rules, policy),
          moved_sunset(before, after, rules, policy)};
}

} // namespace apisync::specs
