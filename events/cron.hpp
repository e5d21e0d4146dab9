#pragma once

#include "events/record.hpp"
#include "specs/error.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace apisync::events {

/// A schedule of five fields in UTC: minute (0-59), hour (0-23), day of the month (1-31), month
/// (1-12 or `jan`…), day of the week (0-7 or `sun`…; 0 and 7 are Sunday). A field is a list of `*`,
/// `N`, `A-B`, each with an optional `/STEP`; `@hourly`, `@daily`, `@midnight`, `@weekly`,
/// `@monthly`, `@yearly` and `@annually` stand for five fields. Where both day fields are
/// restricted (neither begins with `*`), one that matches is enough, as in crontab(5).
class cron_schedule {
public:
  /// The first time after `after`; a whole minute. Nothing where there is none within 41 years,
  /// which a parsed schedule always has.
  [[nodiscard]] std::optional<timestamp> next(timestamp after) const;

  bool operator==(const cron_schedule&) const = default;

private:
  friend result<cron_schedule> parse_cron(std::string_view text);
  [[nodiscard]] bool matches_day(std::chrono::sys_days day) const;

  // Bit N is set where the field holds N.
  std::uint64_t minutes_ = 0, hours_ = 0, days_ = 0, months_ = 0, weekdays_ = 0;
  bool any_day_ = false, any_weekday_ = false; ///< The field begins with `*`.
};

/// Fails with invalid_argument, which names the field and what it may hold; also for a schedule
/// that names no day that exists, such as 30 February.
result<cron_schedule> parse_cron(std::string_view text);

} // namespace apisync::events
