#include "events/status.hpp"
#include "events/views.hpp"
#include "storage/bytes.hpp"
#include "storage/open_store.hpp"
#include "tests/support/scratch_directory.hpp"
#include "tools/bench_mix.hpp"
#include "tools/cli.hpp"
#include "tools/log_commands.hpp"
#include "tools/log_show.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <rocksdb/db.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

using namespace apisync;
using nlohmann::json;

namespace {

constexpr events::timestamp began{std::chrono::seconds{1'795'000'000}};

/// Runs the program's commands on logs in this process.
class log_line {
public:
  std::ostringstream out, err;

  int operator()(const std::vector<std::string>& arguments) {
    out.str("");
    err.str("");
    auto call = invocation();
    static constexpr std::array<tools::command_group, 1> groups{tools::add_log_commands};
    return static_cast<int>(tools::run(arguments, groups, call));
  }

  tools::invocation invocation() {
    return {.in = in_,
            .out = out,
            .err = err,
            .environment = [](const std::string&) -> std::optional<std::string> { return {}; },
            .now = [] { return began + std::chrono::hours{1}; }};
  }

  [[nodiscard]] std::vector<std::string> lines() const {
    std::vector<std::string> all;
    std::istringstream text{out.str()};
    for (std::string line; std::getline(text, line);)
      all.push_back(line);
    return all;
  }
  [[nodiscard]] json answer() const { return json::parse(out.str()); }
  [[nodiscard]] bool complained(const std::string& text) const {
    return err.str().find(text) != std::string::npos;
  }

private:
  std::istringstream in_;
};

/// A service's data directory: two APIs with documents, commits a second apart.
class kept_log {
public:
  kept_log() { open(); }

  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] events::sequence head() const { return store_.log->head(); }

  void commit(std::vector<events::draft> drafts, const std::vector<std::string>& documents = {}) {
    storage::append what;
    what.events = std::move(drafts);
    for (auto const& text : documents)
      what.documents.push_back(*store_.documents->encode(text, std::nullopt));
    now_ += std::chrono::seconds{1};
    auto const answers = store_.log->commit({&what, 1}, now_);
    REQUIRE(answers.has_value());
    REQUIRE(answers->front().has_value());
  }

  void fill() {
    commit({encode("engine", events::engine_started{"1.0.0", events::engine_mode::running, {}})});
    commit(tools::event_mix{2}.declarations());
    commit_revision("service-0", "openapi: 3.0.3\n");
    commit_revision("service-1", "openapi: 3.1.0\n");
    events::syncs_unchanged rows;
    rows.rows.push_back({1, now_, std::chrono::milliseconds{5}, "same", now_});
    rows.rows.push_back({2, now_, std::chrono::milliseconds{7}, "noise", {}});
    commit({encode("scheduler", rows)});
  }

  void commit_revision(const std::string& api, const std::string& text) {
    commit({encode("api/" + api, tools::typical_revision(1, sha256::of(text)))}, {text});
  }

  /// Ends the writer and changes its database behind its back.
  template <class Change>
  void damage(Change change) {
    store_ = {};
    auto const base = storage::database::open(where().database(), nullptr, false);
    REQUIRE(base.has_value());
    change(**base);
  }

  void close() { store_ = {}; }
  void open() {
    auto opened = storage::open_store(path_);
    REQUIRE(opened.has_value());
    store_ = std::move(*opened);
  }

  [[nodiscard]] storage::data_directory where() const { return {path_}; }
  [[nodiscard]] events::views views_at(events::sequence last) const {
    events::views views;
    storage::read_filter filter;
    filter.up_to = last;
    auto const read = store_.log->read(
        filter, [&](const events::record_view& record) { return views.apply(record).has_value(); });
    REQUIRE(read.has_value());
    return views;
  }

private:
  test::scratch_directory folder_;
  std::string path_ = folder_ / "data";
  storage::store store_;
  events::timestamp now_ = began;
};

void drop_block(storage::database& base, events::sequence first) {
  REQUIRE(base.db().Delete({}, base.events(), storage::big_endian_key(first)).ok());
}

} // namespace

TEST_CASE("an exported log has every record as it stands in the log, one a line") {
  kept_log kept;
  kept.fill();
  log_line log;
  REQUIRE(log({"log", "export", "--data", kept.path()}) == 0);
  auto const lines = log.lines();
  REQUIRE(lines.size() == kept.head());
  for (std::size_t i = 0; i < lines.size(); ++i) {
    auto const record = json::parse(lines[i]);
    CHECK(record["sequence"] == i + 1);
    CHECK(record.contains("data"));
  }
  CHECK(lines[0].starts_with(
      R"({"sequence":1,"stream":"engine","version":1,"type":"engine_started","typeVersion":1,)"));
  REQUIRE(log({"log", "show", "--data", kept.path(), "--format", "json"}) == 0);
  CHECK(log.lines() == lines);
}

TEST_CASE("records are selected by stream, type, place and number") {
  kept_log kept;
  kept.fill();
  log_line log;
  auto const shown = [&](std::vector<std::string> options) {
    std::vector<std::string> arguments{"log", "show", "--data", kept.path(), "--format", "json"};
    arguments.insert(arguments.end(), options.begin(), options.end());
    REQUIRE(log(arguments) == 0);
    std::vector<std::uint64_t> numbers;
    for (auto const& line : log.lines())
      numbers.push_back(json::parse(line)["sequence"]);
    return numbers;
  };
  using numbers = std::vector<std::uint64_t>;
  CHECK(shown({"--stream", "api/service-1"}) == numbers{5, 9});
  CHECK(shown({"--type", "revision_added"}) == numbers{8, 9});
  CHECK(shown({"--type", "revision_added", "--stream", "api/service-0"}) == numbers{8});
  CHECK(shown({"--after", "8"}) == numbers{9, 10});
  CHECK(shown({"--after", "2", "--limit", "2"}) == numbers{3, 4});
  CHECK(shown({"--limit", "0"}).empty());
  CHECK(shown({"--at", "3", "--after", "1"}) == numbers{2, 3});
  auto const third_second = events::to_rfc3339(began + std::chrono::seconds{3});
  CHECK(shown({"--at", third_second, "--after", "6"}) == numbers{7, 8});
  CHECK(shown({"--type", "nothing"}).empty());
}

TEST_CASE("records are printed for people with their data") {
  kept_log kept;
  kept.fill();
  log_line log;
  REQUIRE(log({"log", "show", "--data", kept.path(), "--after", "9"}) == 0);
  auto const lines = log.lines();
  REQUIRE(lines.size() == 2);
  CHECK(lines[0].find("SEQUENCE") != std::string::npos);
  CHECK(lines[1].find("syncs_unchanged") != std::string::npos);
  CHECK(lines[1].find(R"({"rows":[[1,)") != std::string::npos);
}

TEST_CASE("a followed log goes on with what is committed while it is read") {
  kept_log kept;
  kept.fill();
  log_line log;
  tools::log_request wanted;
  wanted.data = kept.path();
  wanted.as_json = true;
  wanted.follow = true;
  wanted.after = kept.head();
  int looks = 0;
  auto const call = log.invocation();
  auto const status = tools::show_log(wanted, call, [&] {
    if (++looks == 3) return false;
    kept.commit(
        {encode("engine", events::engine_paused{}), encode("engine", events::engine_resumed{})});
    return true;
  });
  CHECK(status == tools::exit_status::good);
  auto const lines = log.lines();
  REQUIRE(lines.size() == 4);
  CHECK(json::parse(lines[0])["sequence"] == 11);
  CHECK(json::parse(lines[3])["sequence"] == 14);
}

TEST_CASE("a followed log ends with its limit, without waiting") {
  kept_log kept;
  kept.fill();
  log_line log;
  tools::log_request wanted;
  wanted.data = kept.path();
  wanted.follow = true;
  wanted.as_json = true;
  wanted.limit = 3;
  auto const call = log.invocation();
  tools::show_log(wanted, call, [] {
    FAIL("waited");
    return false;
  });
  CHECK(log.lines().size() == 3);
}

TEST_CASE("a replay is what the views say, now and at every moment of the past") {
  kept_log kept;
  kept.fill();
  log_line log;
  for (events::sequence last = 1; last <= kept.head(); ++last) {
    REQUIRE(log({"log", "replay", "--data", kept.path(), "--format", "json", "--at",
                 std::to_string(last)}) == 0);
    auto const views = kept.views_at(last);
    CHECK(log.answer() == json::parse(events::replay_json(views)));
    CHECK(log.answer()["sequence"] == last);
    CHECK(log.answer()["status"] == json::parse(events::status_json(views)));
  }
  REQUIRE(log({"log", "replay", "--data", kept.path(), "--format", "json"}) == 0);
  CHECK(log.answer()["sequence"] == kept.head());
  CHECK(log.answer()["metrics"]["totalSyncs"] == 2);
  auto const second = events::to_rfc3339(began + std::chrono::seconds{2});
  REQUIRE(log({"log", "replay", "--data", kept.path(), "--format", "json", "--at", second}) == 0);
  CHECK(log.answer()["sequence"] == 7);
}

TEST_CASE("a replay is readable") {
  kept_log kept;
  kept.fill();
  log_line log;
  REQUIRE(log({"log", "replay", "--data", kept.path()}) == 0);
  for (auto const* text : {"after record 10", "totalSyncs", "service-0", "breaking"})
    CHECK(log.out.str().find(text) != std::string::npos);
}

TEST_CASE("statistics count every record once, by kind of stream and by type") {
  kept_log kept;
  kept.fill();
  log_line log;
  REQUIRE(log({"log", "stats", "--data", kept.path(), "--format", "json"}) == 0);
  auto const counted = log.answer();
  CHECK(counted["records"] == kept.head());
  CHECK(counted["blocks"] == 5);
  CHECK(counted["streamKinds"]["api"]["records"] == 4);
  CHECK(counted["streamKinds"]["api"]["streams"] == 2);
  CHECK(counted["types"]["revision_added"]["records"] == 2);
  CHECK(counted["documents"]["count"] == 2);
  CHECK(counted["documents"]["bytes"] == 30);
  CHECK(counted["firstTime"] == events::to_rfc3339(began + std::chrono::seconds{1}));
  std::uint64_t bytes = 0;
  for (auto const& type : counted["types"])
    bytes += type["bytes"].get<std::uint64_t>();
  CHECK(counted["recordBytes"] == bytes);
  CHECK(log({"log", "stats", "--data", kept.path()}) == 0);
}

TEST_CASE("a log is read beside its writer, which goes on") {
  kept_log kept;
  kept.fill();
  log_line log;
  for (auto const* verb : {"show", "export", "verify", "replay", "stats"})
    CHECK(log({"log", verb, "--data", kept.path()}) == 0);
  kept.commit({encode("engine", events::engine_paused{})});
  REQUIRE(log({"log", "verify", "--data", kept.path(), "--format", "json"}) == 0);
  CHECK(log.answer()["sequence"] == 11);
}

TEST_CASE("a whole log verifies, and what was looked at is said") {
  kept_log kept;
  kept.fill();
  kept.close();
  log_line log;
  REQUIRE(log({"log", "verify", "--data", kept.path(), "--format", "json"}) == 0);
  auto const found = log.answer();
  CHECK(found["verified"] == true);
  CHECK(found["records"] == 10);
  CHECK(found["sequence"] == 10);
  CHECK(found["documents"] == 2);
  CHECK(found["namedDocuments"] == 2);
  CHECK(found["problems"].empty());
  kept.open(); // verifying left it as it was
  CHECK(kept.head() == 10);
}

TEST_CASE("each kind of damage is found and named") {
  kept_log kept;
  kept.fill();
  log_line log;
  auto const verify = [&] {
    REQUIRE(log({"log", "verify", "--data", kept.path(), "--format", "json"}) == 1);
    auto const found = log.answer();
    CHECK(found["verified"] == false);
    return found;
  };
  auto const first_problem = [](const json& found) {
    auto const& problem = found["problems"][0];
    return problem["where"].get<std::string>() + ": " + problem["message"].get<std::string>();
  };

  SECTION("a flipped bit") {
    kept.damage([](storage::database& base) {
      std::string bytes;
      auto const key = storage::big_endian_key(2);
      REQUIRE(base.db().Get({}, base.events(), key, &bytes).ok());
      bytes[200] = static_cast<char>(bytes[200] ^ 1);
      REQUIRE(base.db().Put({}, base.events(), key, bytes).ok());
    });
    auto const found = verify();
    CHECK(first_problem(found).find("block 2: the block is damaged") == 0);
  }
  SECTION("a missing block in the middle") {
    kept.damage([](storage::database& base) { drop_block(base, 8); });
    auto const found = verify();
    CHECK(first_problem(found).find("record 8 is missing") != std::string::npos);
  }
  SECTION("a missing end") {
    kept.damage([](storage::database& base) { drop_block(base, 10); });
    auto const found = verify();
    CHECK(first_problem(found).find("record 10") != std::string::npos);
  }
  SECTION("a missing document") {
    kept.damage([](storage::database& base) {
      auto const name = sha256::of("openapi: 3.0.3\n");
      REQUIRE(base.db().Delete({}, base.documents(), storage::as_slice(name.view())).ok());
    });
    auto const found = verify();
    CHECK(first_problem(found).find("record 8 (revision_added on api/service-0): the document") ==
          0);
  }
  SECTION("a block that was replaced by another whole one") {
    kept.damage([](storage::database& base) {
      storage::block_writer other{10, sha256::of("another past"), began + std::chrono::hours{1}};
      other.add(encode("engine", events::engine_paused{}), 2, {});
      REQUIRE(base.db().Put({}, base.events(), storage::big_endian_key(10), other.finish()).ok());
    });
    auto const found = verify();
    CHECK(first_problem(found).find("record 10") != std::string::npos);
  }
  SECTION("a missing anchor") {
    kept.close();
    std::filesystem::remove(kept.where().anchor());
    CHECK(first_problem(verify()).find("anchor") != std::string::npos);
  }
  SECTION("a missing database") {
    kept.close();
    std::filesystem::remove_all(kept.where().database());
    verify();
  }
  CHECK(log({"log", "verify", "--data", kept.path()}) == 1);
}

TEST_CASE("what is no log is said plainly") {
  test::scratch_directory const folder;
  auto const file = folder.write("file", "text");
  log_line log;
  for (auto const* verb : {"show", "export", "verify", "replay", "stats"}) {
    CHECK(log({"log", verb, "--data", folder / "nowhere"}) == 2);
    CHECK(log.complained("there is no such directory"));
    CHECK(log({"log", verb, "--data", folder.path()}) == 2);
    CHECK(log.complained("there is no log here"));
    CHECK(log({"log", verb, "--data", file}) == 2);
    CHECK(log({"log", verb}) == 2);
    CHECK(log.complained("--data"));
  }
}

TEST_CASE("a log of a newer version is not read") {
  kept_log kept;
  kept.fill();
  kept.close();
  std::ofstream{kept.where().format()} << "apisync data 99\n";
  log_line log;
  for (auto const* verb : {"show", "verify", "replay", "stats"}) {
    CHECK(log({"log", verb, "--data", kept.path()}) == 1);
    CHECK(log.complained("newer version"));
  }
}

TEST_CASE("moments that are none are refused") {
  kept_log kept;
  kept.fill();
  log_line log;
  auto const refused = [&](const std::string& at, const std::string& why) {
    CHECK(log({"log", "replay", "--data", kept.path(), "--at", at}) == 2);
    CHECK(log.complained(why));
  };
  refused("yesterday", "neither a sequence nor a time");
  refused("0", "begins at sequence 1");
  refused("11", "ends at sequence 10");
  refused("2090-01-01T00:00:00Z", "has not come yet");
  refused("1990-01-01T00:00:00Z", "begins after that time");
  CHECK(log({"log", "show", "--data", kept.path(), "--at", "1", "--follow"}) == 2);
  CHECK(log({"log", "show", "--data", kept.path(), "--limit", "-1"}) == 2);
  CHECK(log({"log", "shwo", "--data", kept.path()}) == 2);
  CHECK(log.complained("did you mean \"show\"?"));
}
