#include "events/cron.hpp"

#include <catch2/catch.hpp>

#include <random>
#include <set>
#include <string>

using namespace apisync::events;

namespace {

/// The next `count` times, cut to `YYYY-MM-DDTHH:MM`.
std::vector<std::string> times(std::string_view schedule, std::string_view after, int count = 1) {
  auto read = parse_cron(schedule);
  REQUIRE(read);
  auto at = *parse_rfc3339(after);
  std::vector<std::string> out;
  for (int i = 0; i < count; ++i) {
    at = *read->next(at);
    out.push_back(to_rfc3339(at).substr(0, 16));
  }
  return out;
}

using list = std::vector<std::string>;

} // namespace

TEST_CASE("a schedule names the next minute strictly after a time") {
  CHECK(times("* * * * *", "2026-11-23T08:00:00Z") == list{"2026-11-23T08:01"});
  CHECK(times("* * * * *", "2026-11-23T08:00:59.999999Z") == list{"2026-11-23T08:01"});
  CHECK(times("0 3 * * *", "2026-11-23T03:00:00Z") == list{"2026-11-24T03:00"});
  CHECK(times("0 3 * * *", "2026-11-23T02:59:59Z") == list{"2026-11-23T03:00"});
  CHECK(times("59 23 31 12 *", "2026-12-31T23:59:00Z") == list{"2027-12-31T23:59"});
}

TEST_CASE("a field is a list of values, ranges and steps") {
  CHECK(times("*/20 * * * *", "2026-11-23T08:00:00Z", 3) ==
        list{"2026-11-23T08:20", "2026-11-23T08:40", "2026-11-23T09:00"});
  CHECK(times("5,10-12 8 * * *", "2026-11-23T08:00:00Z", 4) ==
        list{"2026-11-23T08:05", "2026-11-23T08:10", "2026-11-23T08:11", "2026-11-23T08:12"});
  CHECK(times("0 8-20/6 * * *", "2026-11-23T08:00:00Z", 3) ==
        list{"2026-11-23T14:00", "2026-11-23T20:00", "2026-11-24T08:00"});
  CHECK(times("50/5 * * * *", "2026-11-23T08:00:00Z", 3) ==
        list{"2026-11-23T08:50", "2026-11-23T08:55", "2026-11-23T09:50"});
}

TEST_CASE("months and weekdays have names, and 0 and 7 are Sunday") {
  CHECK(times("0 0 1 JAN *", "2026-11-23T08:00:00Z") == list{"2027-01-01T00:00"});
  CHECK(times("0 0 * * mon-fri", "2026-11-27T08:00:00Z") == list{"2026-11-30T00:00"});
  CHECK(times("0 0 * * 0", "2026-11-23T08:00:00Z") == times("0 0 * * 7", "2026-11-23T08:00:00Z"));
  CHECK(times("0 0 * * Sun", "2026-11-23T08:00:00Z") == list{"2026-11-29T00:00"});
}

TEST_CASE("where both day fields are restricted, one that matches is enough") {
  CHECK(times("0 0 13 * fri", "2026-11-01T00:00:00Z", 3) ==
        list{"2026-11-06T00:00", "2026-11-13T00:00", "2026-11-20T00:00"});
  CHECK(times("0 0 */13 * fri", "2026-11-02T00:00:00Z") == list{"2026-11-27T00:00"});
}

TEST_CASE("shorthands stand for five fields") {
  CHECK(times("@hourly", "2026-11-23T08:00:00Z") == list{"2026-11-23T09:00"});
  CHECK(times("@daily", "2026-11-23T08:00:00Z") == list{"2026-11-24T00:00"});
  CHECK(times("@weekly", "2026-11-23T08:00:00Z") == list{"2026-11-29T00:00"});
  CHECK(times("@monthly", "2026-11-23T08:00:00Z") == list{"2026-12-01T00:00"});
  CHECK(times("@Yearly", "2026-11-23T08:00:00Z") == list{"2027-01-01T00:00"});
}

TEST_CASE("leap days are found across a century that has none") {
  CHECK(times("0 0 29 2 *", "2096-03-01T00:00:00Z") == list{"2104-02-29T00:00"});
  CHECK(times("0 0 29 2 *", "2026-11-23T00:00:00Z") == list{"2028-02-29T00:00"});
}

TEST_CASE("a wrong schedule is refused, naming the field") {
  const auto refused = [](std::string_view text) {
    const auto read = parse_cron(text);
    REQUIRE_FALSE(read);
    CHECK(read.error().code == apisync::errc::invalid_argument);
    return read.error().message;
  };
  using Catch::Contains;
  CHECK_THAT(refused("61 * * * *"), Contains("'61' is no minute") && Contains("0 to 59"));
  CHECK_THAT(refused("* 24 * * *"), Contains("hour"));
  CHECK_THAT(refused("* * 0 * *"), Contains("day of the month"));
  CHECK_THAT(refused("* * * foo *"), Contains("month") && Contains("jan"));
  CHECK_THAT(refused("* * * * 8"), Contains("day of the week"));
  CHECK_THAT(refused("*/0 * * * *"), Contains("'*/0'"));
  CHECK_THAT(refused("30-10 * * * *"), Contains("'30-10'"));
  CHECK_THAT(refused("1,,2 * * * *"), Contains("'' is no minute"));
  CHECK_THAT(refused("* * * *"), Contains("five fields"));
  CHECK_THAT(refused("* * * * * *"), Contains("five fields"));
  CHECK_THAT(refused(""), Contains("five fields"));
  CHECK_THAT(refused("@reboot"), Contains("@hourly"));
  CHECK_THAT(refused("0 0 30 2 *"), Contains("no day that exists"));
  CHECK_THAT(refused(std::string(10'000, '*')), Contains("256"));
}

TEST_CASE("the next time agrees with trying every minute") {
  std::mt19937 random{11};
  const auto pick = [&](unsigned low, unsigned high) {
    return std::to_string(low + random() % (high - low + 1));
  };
  for (int i = 0; i < 40; ++i) {
    const auto minute = pick(0, 59);
    const auto hour = pick(0, 23);
    const auto day = pick(1, 28);
    const auto schedule = parse_cron(minute + " " + hour + " " + day + " * *");
    REQUIRE(schedule);
    auto at = *parse_rfc3339("2027-01-01T00:00:00Z") + std::chrono::minutes{random() % 500'000};
    const auto found = *schedule->next(at);
    const auto suffix = (day.size() < 2 ? "0" + day : day) + "T" +
                        (hour.size() < 2 ? "0" + hour : hour) + ":" +
                        (minute.size() < 2 ? "0" + minute : minute);
    do
      at = std::chrono::floor<std::chrono::minutes>(at) + std::chrono::minutes{1};
    while (to_rfc3339(at).substr(8, 8) != suffix);
    CHECK(found == at);
  }
}
