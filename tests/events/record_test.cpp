#include "events/record.hpp"

#include <catch2/catch.hpp>

#include <limits>
#include <random>

namespace {

using namespace apisync;
using namespace apisync::events;
using namespace std::chrono_literals;

timestamp at(std::string_view text) {
  return parse_rfc3339(text).value();
}

const draft sample{"api/billing", "revision_added", 2, R"({"number":7,"tags":["a"]})"};
const origin someone{"user:ann", "sync-4711", 6};

std::string written(const origin& from, const draft& event) {
  std::string out;
  write_record(out, 7, 3, at("2026-11-23T08:00:00.000001Z"), from, event);
  return out;
}

} // namespace

TEST_CASE("a time is printed with microseconds and Z") {
  CHECK(to_rfc3339(timestamp{}) == "1970-01-01T00:00:00.000000Z");
  CHECK(to_rfc3339(timestamp{1795420800000001us}) == "2026-11-23T08:00:00.000001Z");
  CHECK(to_rfc3339(timestamp{-1us}) == "1969-12-31T23:59:59.999999Z");
}

TEST_CASE("a time is read with any offset and up to nine fractional digits") {
  CHECK(at("2026-11-23T08:00:00Z") == timestamp{1795420800s});
  CHECK(at("2026-11-23t08:00:00z") == timestamp{1795420800s});
  CHECK(at("2026-11-23T10:30:00+02:30") == timestamp{1795420800s});
  CHECK(at("2026-11-22T23:00:00-09:00") == timestamp{1795420800s});
  CHECK(at("2026-11-23T08:00:00.5Z") == timestamp{1795420800500ms});
  CHECK(at("2026-11-23T08:00:00.123456789Z") == timestamp{1795420800123456us});
  CHECK(at("2016-12-31T23:59:60Z") == at("2017-01-01T00:00:00Z"));
  CHECK(at("2024-02-29T00:00:00Z") == timestamp{1709164800s});
}

TEST_CASE("text that is not an RFC 3339 time is refused") {
  for (const auto* text :
       {"", "2026-11-23", "2026-11-23T08:00:00", "2026-11-23 08:00:00Z", "2026-02-29T00:00:00Z",
        "2026-13-01T00:00:00Z", "2026-11-23T24:00:00Z", "2026-11-23T08:60:00Z",
        "2026-11-23T08:00:61Z", "2026-11-23T08:00:00.Z", "2026-11-23T08:00:00.1234567890Z",
        "2026-11-23T08:00:00+24:00", "2026-11-23T08:00:00+0200", "2026-11-23T08:00:00Zx",
        "26-11-23T08:00:00Z", "+026-11-23T08:00:00Z"}) {
    CAPTURE(text);
    const auto time = parse_rfc3339(text);
    REQUIRE_FALSE(time);
    CHECK(time.error().code == errc::parse_error);
  }
}

TEST_CASE("every time comes back from its text") {
  std::mt19937_64 random{1};
  std::uniform_int_distribution<std::int64_t> any{-62135596800'000000, 253402300799'999999};
  for (auto i = 0; i < 2000; ++i) {
    const timestamp time{std::chrono::microseconds{any(random)}};
    REQUIRE(parse_rfc3339(to_rfc3339(time)) == time);
  }
}

TEST_CASE("a record's text is fixed, its envelope first and its data last") {
  std::string out = "[";
  const auto envelope = write_record(out, 7, 3, at("2026-11-23T08:00:00.000001Z"), someone, sample);
  CHECK(out == R"([{"sequence":7,"stream":"api/billing","version":3,"type":"revision_added",)"
               R"("typeVersion":2,"time":"2026-11-23T08:00:00.000001Z","by":"user:ann",)"
               R"("correlation":"sync-4711","causation":6,"data":{"number":7,"tags":["a"]}})");
  CHECK(out.substr(1 + envelope) == R"(,"data":{"number":7,"tags":["a"]}})");
}

TEST_CASE("a record is read as it was written, whatever characters its names hold") {
  std::string every;
  for (auto c = 0; c < 128; ++c)
    every += static_cast<char>(c);
  const draft event{"api/" + every + "\xC3\xA9", "t\"ype", 4, "{}"};
  const origin from{"user:" + every, every, std::numeric_limits<sequence>::max()};
  simdjson::dom::parser parser;
  const auto record = read_record(parser.parse(written(from, event)).value());
  REQUIRE(record);
  CHECK(record->sequence == 7);
  CHECK(record->stream == event.stream);
  CHECK(record->stream_version == 3);
  CHECK(record->type == event.type);
  CHECK(record->type_version == 4);
  CHECK(record->time == at("2026-11-23T08:00:00.000001Z"));
  CHECK(record->by == from.by);
  CHECK(record->correlation == from.correlation);
  CHECK(record->causation == from.causation);
  CHECK(record->data.size() == 0);
}

TEST_CASE("a record is read whatever the order of its fields, and with fields yet unknown") {
  simdjson::dom::parser parser;
  const auto record = read_record(
      parser
          .parse(std::string_view{
              R"({"data":{"a":1},"new":[],"causation":0,"correlation":"","by":"system","typeVersion":1,)"
              R"("time":"2026-11-23T08:00:00Z","type":"t","version":9,"stream":"engine","sequence":12})"})
          .value());
  REQUIRE(record);
  CHECK(record->sequence == 12);
  CHECK(record->stream == "engine");
  CHECK(record->data["a"].get_int64().value() == 1);
}

TEST_CASE("a record with a missing or mistyped field is corrupt, and the error names the field") {
  simdjson::dom::parser parser;
  for (const std::string name : {"sequence", "stream", "version", "type", "typeVersion", "time",
                                 "by", "correlation", "causation", "data"}) {
    CAPTURE(name);
    auto text = written(someone, sample);
    text.replace(text.find("\"" + name + "\":"), name.size() + 2, "\"x\"");
    const auto missing = read_record(parser.parse(text).value());
    REQUIRE_FALSE(missing);
    CHECK(missing.error().code == errc::corrupt);
    CHECK(missing.error().message.find("\"" + name + "\"") != std::string::npos);
  }
  auto text = written(someone, sample);
  text.replace(text.find("2026-11"), 7, "2026-13");
  CHECK_FALSE(read_record(parser.parse(text).value()));
  CHECK_FALSE(read_record(parser.parse(std::string_view{"[]"}).value()));
}
