#include "storage/commit_planner.hpp"
#include "storage/log_reader.hpp"
#include "storage/memory_log.hpp"
#include "storage/open_store.hpp"
#include "storage/rocksdb_log.hpp"
#include "tests/storage/storage_support.hpp"
#include "tests/support/scratch_directory.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>

namespace {

using namespace apisync;
using namespace apisync::storage;
using namespace apisync::test;
namespace fs = std::filesystem;

std::unique_ptr<rocksdb_log> open_log(const std::string& path, const log_options& options = {}) {
  auto log = rocksdb_log::open(path, options);
  if (!log) FAIL(render(log.error()));
  return std::move(*log);
}

error refused_to_open(const std::string& path, const log_options& options = {}) {
  const auto log = rocksdb_log::open(path, options);
  REQUIRE_FALSE(log);
  return log.error();
}

bool says(const error& problem, std::string_view what) {
  UNSCOPED_INFO(render(problem));
  return render(problem).find(what) != std::string::npos;
}

/// A file of the database whose name ends so, the newest of them.
std::string database_file(const std::string& data, std::string_view extension) {
  std::string newest;
  for (const auto& entry : fs::directory_iterator{data + "/log"})
    if (entry.path().extension() == extension) newest = std::max(newest, entry.path().string());
  REQUIRE_FALSE(newest.empty());
  return newest;
}

void flip_bit(const std::string& file, std::size_t at) {
  std::fstream stream{file, std::ios::in | std::ios::out | std::ios::binary};
  stream.seekg(static_cast<std::streamoff>(at));
  const auto c = static_cast<char>(stream.get());
  stream.seekp(static_cast<std::streamoff>(at));
  stream.put(static_cast<char>(c ^ 4));
}

} // namespace

TEST_CASE("a fresh directory becomes a log, and what is committed is there after reopening") {
  const scratch_directory dir;
  const auto data = dir / "data";
  digest chain;
  {
    const auto log = open_log(data);
    CHECK(log->head() == 0);
    must_commit(*log, one("engine", R"({"n":1})"), second(1));
    must_commit(*log, one("api/a", R"({"n":2})"), second(2));
    chain = log->chain();
  }
  const auto log = open_log(data, {.create = false});
  CHECK(log->head() == 2);
  CHECK(log->chain() == chain);
  CHECK(log->version("engine") == 1);
  CHECK(read_all(*log).at(1).data == R"({"n":2})");
  CHECK(must_commit(*log, one("engine"), second(0)).time == second(2));
}

TEST_CASE("the log on disk is the log in memory, whatever is appended and however often reopened") {
  for (const std::uint64_t seed : {1, 2, 3}) {
    CAPTURE(seed);
    const scratch_directory dir;
    const log_options options{.index_every_blocks = 7};
    auto disk = open_log(dir / "data", options);
    memory_log memory;
    random_appends random{seed};
    for (auto i = 0; i < 60; ++i) {
      const auto appends = random.commit(memory);
      const auto expected = memory.commit(appends, second(i)).value();
      REQUIRE(disk->commit(appends, second(i)).value() == expected);
      if (random.below(10) == 0) {
        disk.reset();
        disk = open_log(dir / "data", options);
      } else if (random.below(10) == 0) {
        REQUIRE(disk->write_index_now());
      }
      REQUIRE(disk->chain() == memory.chain());
    }
    REQUIRE(read_all(*disk) == read_all(memory));
    for (auto i = 0; i < 40; ++i) {
      read_filter filter;
      filter.stream = "api/" + std::to_string(random.below(13));
      filter.after = random.below(memory.head() + 1);
      if (random.below(2) == 0) filter.up_to = random.below(memory.head() + 1);
      REQUIRE(read_all(*disk, filter) == read_all(memory, filter));
      CHECK(disk->version(*filter.stream) == memory.version(*filter.stream));
      const auto id = "command-" + std::to_string(i);
      const auto known = memory.find_command(id).value();
      const auto found = disk->find_command(id).value();
      REQUIRE(found.has_value() == known.has_value());
      if (known) CHECK(found->answer == known->answer);
    }
  }
}

TEST_CASE("documents are stored with the commit that brings them") {
  const scratch_directory dir;
  digest hash;
  {
    const auto store = open_store(dir / "data").value();
    auto what = one("api/a");
    what.documents.push_back(store.documents->encode("openapi: 3.1.0", {}).value());
    hash = what.documents[0].hash;
    must_commit(*store.log, what);
  }
  const auto store = open_store(dir / "data").value();
  CHECK(store.documents->load(hash).value() == "openapi: 3.1.0");
}

TEST_CASE("a directory in use is refused by name") {
  const scratch_directory dir;
  const auto log = open_log(dir / "data");
  const auto problem = refused_to_open(dir / "data");
  CHECK(problem.code == errc::unavailable);
  CHECK(says(problem, dir / "data"));
  CHECK(says(problem, "in use"));
}

TEST_CASE("a directory that is not there is not made unless asked") {
  const scratch_directory dir;
  CHECK(refused_to_open(dir / "none", {.create = false}).code == errc::not_found);
  CHECK(log_reader::open(dir / "none").error().code == errc::not_found);
  CHECK_FALSE(fs::exists(dir / "none"));
  CHECK(refused_to_open(dir / "a/b/c").code == errc::io);
}

TEST_CASE("a directory of a newer version is refused") {
  const scratch_directory dir;
  open_log(dir / "data");
  dir.write("data/format", "apisync data 2\n");
  const auto problem = refused_to_open(dir / "data");
  CHECK(problem.code == errc::corrupt);
  CHECK(says(problem, "newer version"));
  dir.write("data/format", "nonsense");
  CHECK(says(refused_to_open(dir / "data"), "damaged"));
}

TEST_CASE("a making that was cut off is finished") {
  const scratch_directory dir;
  open_log(dir / "data");
  fs::remove(dir / "data/format");
  CHECK(open_log(dir / "data")->head() == 0);
  fs::remove(dir / "data/format");
  fs::remove(dir / "data/anchor");
  must_commit(*open_log(dir / "data"), one("a"));
  fs::remove(dir / "data/format");
  CHECK(says(refused_to_open(dir / "data"), "format marker is missing"));
}

TEST_CASE("a log without its anchor, or with a damaged one, is refused") {
  const scratch_directory dir;
  must_commit(*open_log(dir / "data"), one("a"));
  const auto good = dir / "good";
  fs::copy_file(dir / "data/anchor", good);
  fs::remove(dir / "data/anchor");
  CHECK(says(refused_to_open(dir / "data"), "anchor"));
  CHECK(log_reader::open(dir / "data").error().code == errc::corrupt);
  dir.write("data/anchor", std::string(8192, 'x'));
  CHECK(refused_to_open(dir / "data").code == errc::corrupt);
  fs::copy_file(good, dir / "data/anchor", fs::copy_options::overwrite_existing);
  CHECK(open_log(dir / "data")->head() == 1);
}

TEST_CASE("one torn slot of the anchor leaves the other") {
  const scratch_directory dir;
  {
    const auto log = open_log(dir / "data");
    for (auto i = 0; i < 3; ++i)
      must_commit(*log, one("a"));
  }
  for (const auto at : {20, 4096 + 20}) {
    const auto copy = dir / ("copy" + std::to_string(at));
    fs::copy(dir / "data", copy, fs::copy_options::recursive);
    flip_bit(copy + "/anchor", static_cast<std::size_t>(at));
    CHECK(open_log(copy)->head() == 3);
  }
}

TEST_CASE("a log that ends before its anchor is refused and says what is missing") {
  const scratch_directory dir;
  {
    const auto log = open_log(dir / "data");
    must_commit(*log, one("a"));
    REQUIRE(log->write_index_now());
    fs::copy(dir / "data", dir / "old", fs::copy_options::recursive);
    must_commit(*log, one("a"));
    must_commit(*log, one("a"));
  }
  fs::copy_file(dir / "data/anchor", dir / "old/anchor", fs::copy_options::overwrite_existing);
  const auto problem = refused_to_open(dir / "old");
  CHECK(problem.code == errc::corrupt);
  CHECK(says(problem, "records 2 to 3 are missing"));
  CHECK(says(problem, "apisync log verify"));
  CHECK(says(log_reader::open(dir / "old").error(), "records 2 to 3"));
}

TEST_CASE("an anchor of another log is refused") {
  const scratch_directory dir;
  must_commit(*open_log(dir / "one"), one("a", R"({"n":1})"));
  must_commit(*open_log(dir / "two"), one("a", R"({"n":2})"));
  fs::copy_file(dir / "one/anchor", dir / "two/anchor", fs::copy_options::overwrite_existing);
  CHECK(says(refused_to_open(dir / "two"), "do not belong together"));
}

TEST_CASE("a flipped bit in the WAL is refused, and the file is left as it was") {
  const scratch_directory dir;
  {
    const auto log = open_log(dir / "data");
    for (auto i = 0; i < 100; ++i)
      must_commit(*log, one("a", "{\"pad\":\"" + std::string(300, 'x') + "\"}"));
    fs::copy(dir / "data", dir / "cut", fs::copy_options::recursive);
  }
  const auto wal = database_file(dir / "cut", ".log");
  const auto size = fs::file_size(wal);
  flip_bit(wal, size / 2);
  CHECK(refused_to_open(dir / "cut").code == errc::corrupt);
  CHECK(fs::file_size(wal) == size);
}

TEST_CASE("a WAL cut anywhere is refused, for its records were acknowledged") {
  const scratch_directory dir;
  std::vector<std::uintmax_t> ends;
  {
    const auto log = open_log(dir / "data");
    for (auto i = 0; i < 20; ++i) {
      must_commit(*log, one("a"));
      ends.push_back(fs::file_size(database_file(dir / "data", ".log")));
    }
    fs::copy(dir / "data", dir / "whole", fs::copy_options::recursive);
  }
  for (const auto size : {ends[18], ends[18] - 5, ends[9], ends[0]}) {
    const auto cut = dir / ("cut" + std::to_string(size));
    fs::copy(dir / "whole", cut, fs::copy_options::recursive);
    fs::resize_file(database_file(cut, ".log"), size);
    const auto problem = refused_to_open(cut);
    CHECK(problem.code == errc::corrupt);
    CHECK(says(problem, "missing"));
  }
}

TEST_CASE("a flipped bit in a table file is an error of the read, never a silent end") {
  const scratch_directory dir;
  {
    const auto log = open_log(dir / "data", {.index_every_blocks = 10});
    std::mt19937_64 random{1};
    for (auto i = 0; i < 200; ++i)
      must_commit(*log, one("a", "{\"n\":" + std::to_string(random()) + "}"));
  }
  open_log(dir / "data"); // Moves the WAL into a table.
  std::string tables;
  std::uintmax_t largest = 0;
  for (const auto& entry : fs::directory_iterator{dir / "data/log"})
    if (entry.path().extension() == ".sst" && entry.file_size() > largest) {
      largest = entry.file_size();
      tables = entry.path().string();
    }
  REQUIRE(largest > 4000);
  flip_bit(tables, 2000);
  auto seen = 0;
  const auto log = rocksdb_log::open(dir / "data");
  if (!log) {
    CHECK(log.error().code == errc::corrupt);
    return;
  }
  const auto read = (*log)->read({}, [&](const auto&) { return ++seen > 0; });
  REQUIRE_FALSE(read);
  CHECK(read.error().code == errc::corrupt);
}

TEST_CASE("a reader follows a writer at work and never harms it") {
  const scratch_directory dir;
  const auto writer = open_log(dir / "data", {.index_every_blocks = 5});
  must_commit(*writer, one("a"));
  const auto reader = log_reader::open(dir / "data").value();
  CHECK(reader->head() == 1);
  random_appends random{9};
  for (auto i = 0; i < 40; ++i) {
    REQUIRE(writer->commit(random.commit(*writer), second(i)));
    if (i == 20) REQUIRE(writer->base().db().Flush({}, writer->base().events()).ok());
    REQUIRE(reader->catch_up());
    REQUIRE(reader->head() == writer->head());
    REQUIRE(reader->chain() == writer->chain());
  }
  CHECK(read_all(*reader) == read_all(*writer));
  CHECK(read_all(*reader, {.stream = "api/3"}) == read_all(*writer, {.stream = "api/3"}));
  const auto late = log_reader::open(dir / "data").value();
  CHECK(read_all(*late) == read_all(*writer));
  CHECK(read_all(*late, {.stream = "api/3"}) == read_all(*writer, {.stream = "api/3"}));
  const auto what = one("a");
  CHECK(reader->commit({&what, 1}, second(0)).error().code == errc::unsupported);
  must_commit(*writer, one("a"), second(99));
}

TEST_CASE("commits that were stored while one was acknowledged are acknowledged together") {
  scratch_directory dir;
  {
    const auto log = open_log(dir / "data");
    const auto plan = log->planner();
    std::vector<std::shared_ptr<const planned_commit>> stored;
    for (auto i = 0; i < 3; ++i) {
      REQUIRE(plan->add(std::make_shared<const append>(one("a")), second(i)));
      stored.push_back(plan->seal());
      REQUIRE(log->store(*stored.back()));
    }
    CHECK(log->head() == 0); // nobody has been told yet
    REQUIRE(log->acknowledge(stored));
    CHECK(log->head() == 3);
    CHECK(log->version("a") == 3);
  }
  CHECK(open_log(dir / "data")->head() == 3);
}

TEST_CASE(
    "a commit that was stored and not acknowledged is there, or is not, and the log is whole") {
  scratch_directory dir;
  {
    const auto log = open_log(dir / "data");
    must_commit(*log, one("a"));
    const auto plan = log->planner();
    REQUIRE(plan->add(std::make_shared<const append>(one("a")), second(1)));
    REQUIRE(log->store(*plan->seal()));
  }
  const auto log = open_log(dir / "data");
  CHECK(log->head() == 2);
  must_commit(*log, one("b"), second(2));
}
