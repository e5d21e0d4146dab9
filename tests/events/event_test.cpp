#include "events/event.hpp"
#include "log_writer.hpp"
#include "random_event.hpp"

#include <catch2/catch.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

using namespace apisync;
using namespace apisync::events;
using namespace apisync::events::testing;

namespace {

/// One recorded sample per event type and schema version. A sample is never edited: it stands for
/// what is in logs out there.
std::filesystem::path sample_path(std::string_view type, std::uint32_t version) {
  return std::filesystem::path{__FILE__}.parent_path() / "samples" /
         (std::string{type} + "." + std::to_string(version) + ".json");
}

std::string record_text(const draft& event) {
  std::string out;
  write_record(out, 7, 3, at("2026-11-23T08:00:00.123456Z"), {"user:ann", "request-1", 6}, event);
  return out;
}

draft draft_of(std::string stream, const any_event& event) {
  return std::visit([&](const auto& group) { return encode(std::move(stream), group); }, event);
}

template <class Event>
any_event wrap(Event event) {
  if constexpr (std::constructible_from<engine_event, Event>)
    return engine_event{std::move(event)};
  else if constexpr (std::constructible_from<scheduler_event, Event>)
    return scheduler_event{std::move(event)};
  else if constexpr (std::constructible_from<source_event, Event>)
    return source_event{std::move(event)};
  else if constexpr (std::constructible_from<job_event, Event>)
    return job_event{std::move(event)};
  else if constexpr (std::constructible_from<api_event, Event>)
    return api_event{std::move(event)};
  else if constexpr (std::constructible_from<webhook_event, Event>)
    return webhook_event{std::move(event)};
  else
    return target_event{std::move(event)};
}

} // namespace

TEST_CASE("every event reads back as it was written") {
  for_each_event_type([](auto sample, const char* stream) {
    using event = decltype(sample);
    for (unsigned seed = 0; seed < 60; ++seed) {
      event original;
      random_fields{seed}.fill(original);
      const auto written = draft_of(stream, wrap(original));
      const parsed_record record{record_text(written)};
      INFO(written.data);
      const auto read = decode(record.view());
      REQUIRE(read);
      CHECK(draft_of(stream, *read) == written);
    }
  });
}

// To record the sample of a new type or version: test_events "[.record]". Existing ones stay.
TEST_CASE("record missing samples", "[.record]") {
  for_each_event_type([](auto sample, const char* stream) {
    using event = decltype(sample);
    const auto path = sample_path(event::type, event::schema);
    if (std::filesystem::exists(path)) return;
    std::string longest;
    for (unsigned seed = 0; seed < 40; ++seed) {
      event original;
      random_fields{seed}.fill(original);
      auto text = record_text(draft_of(stream, wrap(original)));
      if (text.size() > longest.size() && text.size() < 4'000) longest = std::move(text);
    }
    std::filesystem::create_directories(path.parent_path());
    std::ofstream{path} << longest << '\n';
  });
}

TEST_CASE("every schema version ever written is read, and has a recorded sample") {
  for_each_event_type([](auto sample, const char*) {
    using event = decltype(sample);
    for (std::uint32_t version = 1; version <= event::schema; ++version) {
      const auto path = sample_path(event::type, version);
      INFO("sample " << path.filename());
      std::ifstream file{path};
      REQUIRE(file);
      std::stringstream text;
      text << file.rdbuf();
      const parsed_record record{text.str()};
      REQUIRE(record.view().type == event::type);
      REQUIRE(record.view().type_version == version);
      const auto read = decode(record.view());
      REQUIRE(read);
      if (version == event::schema) {
        const auto again = draft_of(std::string{record.view().stream}, *read);
        CHECK(again.data == simdjson::minify(record.view().data));
      }
    }
  });
}

TEST_CASE("nothing that comes from outside makes a record unreadable") {
  revision_added revision;
  revision.cause.author = "J\xFCrgen \xE2\x82";
  conflict_detail conflict;
  conflict.base = raw_json{"1e400"};
  conflict.current = raw_json{"123456789012345678901234567890"};
  conflict.incoming = raw_json{"null"};
  const auto first = draft_of("api/billing", api_event{revision});
  const auto second = draft_of("api/billing", api_event{conflict_opened{conflict, {}}});
  const parsed_record revised{record_text(first)};
  const parsed_record opened{record_text(second)};
  const auto read_revision = std::get<api_event>(*decode(revised.view()));
  const auto read_conflict = std::get<api_event>(*decode(opened.view()));
  CHECK(std::get<revision_added>(read_revision).cause.author ==
        "J\xEF\xBF\xBDrgen \xEF\xBF\xBD\xEF\xBF\xBD");
  const auto& detail = std::get<conflict_opened>(read_conflict).conflict;
  CHECK(detail.base == raw_json{"\"1e400\""});
  CHECK(detail.current == raw_json{"\"123456789012345678901234567890\""});
  CHECK(detail.incoming == raw_json{"null"});
}

TEST_CASE("an event that cannot be understood is refused with its record") {
  using Catch::Contains;
  const auto refused = [](const draft& event) {
    const parsed_record record{record_text(event)};
    const auto read = decode(record.view());
    REQUIRE_FALSE(read);
    CHECK(read.error().code == errc::corrupt);
    return render(read.error());
  };
  CHECK_THAT(refused({"engine", "engine_sang", 1, "{}"}), Contains("record 7 (engine_sang"));
  CHECK_THAT(refused({"engine", "engine_paused", 2, "{}"}), Contains("newer"));
  CHECK_THAT(refused({"moon", "engine_paused", 1, "{}"}), Contains("stream"));
  CHECK_THAT(refused({"engine", "engine_started", 1, "{}"}), Contains("'version' is missing"));
  CHECK_THAT(
      refused({"engine", "engine_started", 1, R"({"version":"1","mode":"flying","cause":"x"})"}),
      Contains("'mode'"));
  CHECK_THAT(refused({"scheduler", "syncs_started", 1, R"({"rows":[[1]]})"}), Contains("row 1"));
}

TEST_CASE("a stream's name is split at its first slash") {
  CHECK(split_stream("api/billing").kind == "api");
  CHECK(split_stream("api/billing").id == "billing");
  CHECK(split_stream("engine").id.empty());
}
