#include "events/duration.hpp"

#include <catch2/catch.hpp>

#include <random>

using namespace apisync::events;
using namespace std::chrono_literals;

TEST_CASE("a duration is read as people write it") {
  CHECK(parse_duration("30s") == 30s);
  CHECK(parse_duration("5m") == 5min);
  CHECK(parse_duration("1h30m") == 90min);
  CHECK(parse_duration("500ms") == 500ms);
  CHECK(parse_duration("7d") == 7 * 24h);
  CHECK(parse_duration("2w") == 14 * 24h);
  CHECK(parse_duration("1m500ms") == 60'500ms);
  CHECK(parse_duration("0s") == 0ms);
}

TEST_CASE("a plain integer is a number of milliseconds") {
  CHECK(parse_duration("1500") == 1500ms);
  CHECK(parse_duration("0") == 0ms);
}

TEST_CASE("what is no duration is refused with an example") {
  for (const auto* text :
       {"", "s", "-1s", "+1s", "1.5s", "1 s", "1S", "30x", "1m1h", "1s1s", "1h30", "30 1s",
        "99999999999999999999", "99999999999999999999s", "40000d", "9223372036854775807w"}) {
    INFO(text);
    const auto read = parse_duration(text);
    REQUIRE_FALSE(read);
    CHECK(read.error().code == apisync::errc::invalid_argument);
    CHECK(read.error().message.find("1h30m") != std::string::npos);
  }
}

TEST_CASE("a duration is printed in the units that people use") {
  CHECK(print_duration(0ms) == "0s");
  CHECK(print_duration(90min) == "1h30m");
  CHECK(print_duration(14 * 24h) == "2w");
  CHECK(print_duration(10 * 24h) == "10d");
  CHECK(print_duration(1'500ms) == "1s500ms");
}

TEST_CASE("every printed duration reads back the same") {
  std::mt19937_64 random{7};
  for (int i = 0; i < 20'000; ++i) {
    const std::chrono::milliseconds value{random() % (1ULL << (random() % 41))};
    INFO(print_duration(value));
    CHECK(parse_duration(print_duration(value)) == value);
  }
}
