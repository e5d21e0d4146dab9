#include "storage/memory_log.hpp"
#include "tests/storage/storage_support.hpp"

#include <catch2/catch.hpp>

namespace {

using namespace apisync;
using namespace apisync::storage;
using namespace apisync::test;

errc refused(const result<appended>& answer) {
  REQUIRE_FALSE(answer);
  return answer.error().code;
}

} // namespace

TEST_CASE("an empty log has no records and no streams") {
  memory_log log;
  CHECK(log.head() == 0);
  CHECK(log.chain() == digest{});
  CHECK(log.version("engine") == 0);
  CHECK(read_all(log).empty());
}

TEST_CASE("appends of one commit get consecutive sequences and versions") {
  memory_log log;
  const std::vector<append> appends{one("a"), one("b"), one("a")};
  const auto answers = log.commit(appends, second(1));
  REQUIRE(answers);
  CHECK(answers->at(2) == appended{3, 3, second(1)});
  CHECK(log.head() == 3);
  CHECK(log.version("a") == 2);
  CHECK(log.version("b") == 1);
}

TEST_CASE("a version is checked against appends earlier in the same commit") {
  memory_log log;
  std::vector<append> appends{one("a"), one("a"), one("a")};
  appends[0].expected = {{"a", 0}};
  appends[1].expected = {{"a", 0}};
  appends[2].expected = {{"a", 1}};
  const auto answers = log.commit(appends, second(1));
  REQUIRE(answers);
  CHECK(answers->at(0));
  CHECK(refused(answers->at(1)) == errc::conflict);
  CHECK(answers->at(2)->first == 2);
  CHECK(read_all(log).size() == 2);
}

TEST_CASE("an append is all or nothing") {
  memory_log log;
  auto what = one("a");
  what.events.push_back({"b", "happened", 1, "not json"});
  const std::vector<append> appends{what, one("c")};
  const auto answers = log.commit(appends, second(1));
  REQUIRE(answers);
  CHECK(refused(answers->at(0)) == errc::invalid_argument);
  CHECK(answers->at(1)->first == 1);
  CHECK(log.version("a") == 0);
}

TEST_CASE("what would not read back is refused") {
  memory_log log;
  for (const auto* data : {"", "[]", "{", "{},{}", R"({},"extra":{})", "{\"a\":\"\xFF\"}"}) {
    CAPTURE(data);
    const std::vector<append> appends{one("a", data)};
    CHECK(refused(log.commit(appends, second(0)).value()[0]) == errc::invalid_argument);
  }
  const std::vector<append> shapes{append{}, one(""), one(std::string(2000, 'a')),
                                   one(std::string{"a\0b", 3}), one("a", "{}", "")};
  const auto answers = log.commit(shapes, second(0));
  for (const auto& answer : *answers)
    CHECK(refused(answer) == errc::invalid_argument);
  CHECK(log.head() == 0);
}

TEST_CASE("time never goes back") {
  memory_log log;
  must_commit(log, one("a"), second(10));
  CHECK(must_commit(log, one("a"), second(3)).time == second(10));
  CHECK(must_commit(log, one("a"), second(11)).time == second(11));
}

TEST_CASE("a command id is taken once, and what it was answered is remembered") {
  memory_log log;
  auto what = one("a");
  what.command = command_receipt{"key-1", sha256::of("content"), R"({"ok":true})"};
  const std::vector<append> twice{what, what};
  const auto answers = log.commit(twice, second(0));
  CHECK(answers->at(0));
  CHECK(refused(answers->at(1)) == errc::already_exists);
  CHECK(refused(log.commit({&what, 1}, second(1)).value()[0]) == errc::already_exists);
  const auto remembered = log.find_command("key-1").value();
  REQUIRE(remembered);
  CHECK(remembered->fingerprint == sha256::of("content"));
  CHECK(remembered->answer == R"({"ok":true})");
  CHECK(remembered->sequence == 1);
  CHECK_FALSE(log.find_command("key-2").value());
}

TEST_CASE("a command is forgotten after the retention") {
  memory_log log{{std::chrono::hours{24}, 10}};
  auto what = one("a");
  what.command = command_receipt{"key-1", {}, "{}"};
  must_commit(log, what, second(0));
  must_commit(log, one("a"), second(24 * 3600));
  CHECK(log.find_command("key-1").value());
  must_commit(log, one("a"), second(24 * 3600 + 1));
  CHECK_FALSE(log.find_command("key-1").value());
  must_commit(log, what, second(24 * 3600 + 2));
}

TEST_CASE("commands over the number kept are refused, not forgotten early") {
  memory_log log{{std::chrono::hours{24}, 2}};
  for (const auto* id : {"1", "2", "3"}) {
    auto what = one("a");
    what.command = command_receipt{id, {}, "{}"};
    const auto answer = log.commit({&what, 1}, second(0)).value()[0];
    if (std::string_view{id} == "3")
      CHECK(refused(answer) == errc::overloaded);
    else
      CHECK(answer);
  }
}

TEST_CASE("filters choose by sequence, stream, type and time, and a visitor can end the reading") {
  memory_log log;
  random_appends random{3};
  for (auto i = 0; i < 200; ++i) {
    const auto appends = random.commit(log);
    REQUIRE(log.commit(appends, second(i)));
  }
  const auto all = read_all(log);
  REQUIRE(all.size() == log.head());
  for (auto i = 0; i < 200; ++i) {
    read_filter filter;
    filter.after = random.below(log.head() + 2);
    if (random.below(2) == 0) filter.up_to = random.below(log.head() + 2);
    if (random.below(2) == 0) filter.stream = "api/" + std::to_string(random.below(13));
    if (random.below(2) == 0) filter.type = random.below(2) == 0 ? "happened" : "none";
    if (random.below(3) == 0) filter.from = second(static_cast<std::int64_t>(random.below(200)));
    if (random.below(3) == 0) filter.to = second(static_cast<std::int64_t>(random.below(200)));
    std::vector<kept_record> expected;
    for (const auto& record : all) {
      if (record.sequence > filter.after && (!filter.up_to || record.sequence <= *filter.up_to) &&
          (!filter.stream || record.stream == *filter.stream) &&
          (!filter.type || record.type == *filter.type) &&
          (!filter.from || record.time >= *filter.from) && (!filter.to || record.time < *filter.to))
        expected.push_back(record);
    }
    REQUIRE(read_all(log, filter) == expected);
  }
  auto seen = 0;
  REQUIRE(log.read({}, [&](const auto&) { return ++seen < 5; }));
  CHECK(seen == 5);
}

TEST_CASE("a visitor may read the log itself") {
  memory_log log;
  must_commit(log, one("a", R"({"n":1})"));
  must_commit(log, one("a", R"({"n":2})"));
  std::string seen;
  REQUIRE(log.read({}, [&](const events::record_view& outer) {
    for (const auto& inner : read_all(log))
      seen += inner.data;
    seen += simdjson::minify(outer.data) + ";";
    return true;
  }));
  CHECK(seen == R"({"n":1}{"n":2}{"n":1};{"n":1}{"n":2}{"n":2};)");
}

TEST_CASE("the same calls give the same blocks") {
  memory_log first;
  memory_log second_log;
  random_appends random{5};
  for (auto i = 0; i < 50; ++i) {
    const auto appends = random.commit(first);
    REQUIRE(first.commit(appends, second(i)));
    REQUIRE(second_log.commit(appends, second(i)));
  }
  CHECK(first.chain() == second_log.chain());
  for (std::size_t i = 0; first.block(i); ++i)
    REQUIRE(*first.block(i) == *second_log.block(i));
}
