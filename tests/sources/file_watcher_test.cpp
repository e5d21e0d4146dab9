#include "sources/file_watcher.hpp"
#include "sources/watch_points.hpp"
#include "tests/support/scratch_directory.hpp"

#include <catch2/catch.hpp>

#include <condition_variable>
#include <filesystem>
#include <map>
#include <mutex>
#include <string>
#include <vector>

using namespace apisync;
using namespace apisync::sources;
using apisync::test::scratch_directory;
using namespace std::chrono_literals;

namespace fs = std::filesystem;

namespace {

/// A watcher over a scratch directory, which tells almost at once, and what it told.
struct fixture {
  scratch_directory scratch;
  roots allowed = *roots::open({scratch.path()});
  std::mutex mutex;
  std::condition_variable came;
  std::map<std::string, int> told; // protected by mutex
  std::unique_ptr<file_watcher> watcher =
      std::move(*file_watcher::start(allowed,
                                     [this](const std::string& source) {
                                       const std::scoped_lock lock(mutex);
                                       ++told[source];
                                       came.notify_all();
                                     },
                                     {5ms, 50ms}));

  /// Waits until a source has been told of, and forgets it. False after ten seconds.
  bool hears_of(const std::string& source) {
    std::unique_lock lock(mutex);
    const bool heard = came.wait_for(lock, 10s, [&] { return told[source] > 0; });
    told.clear();
    return heard;
  }

  /// What was told before a later event, which comes through the same queue, was.
  std::map<std::string, int> told_before(const std::string& marker) {
    std::unique_lock lock(mutex);
    REQUIRE(came.wait_for(lock, 10s, [&] { return told[marker] > 0; }));
    auto before = std::exchange(told, {});
    before.erase(marker);
    return before;
  }
};

} // namespace

TEST_CASE_METHOD(fixture, "a write and an atomic replacement are told") {
  const auto path = scratch.write("spec.json", "one");
  REQUIRE(watcher->watch("a", {path}));
  scratch.write("spec.json", "two");
  CHECK(hears_of("a"));
  fs::rename(scratch.write("spec.json.new", "three"), path);
  CHECK(hears_of("a"));
  fs::rename(scratch.write("spec.json.new", "four"), path);
  CHECK(hears_of("a"));
}

TEST_CASE_METHOD(fixture, "deletion and return are told, of the file and of its directory") {
  const auto path = scratch.write("team/api/spec.json", "one");
  REQUIRE(watcher->watch("a", {path}));
  fs::remove(path);
  CHECK(hears_of("a"));
  scratch.write("team/api/spec.json", "two");
  CHECK(hears_of("a"));
  fs::remove_all(scratch / "team");
  CHECK(hears_of("a"));
  scratch.write("team/api/spec.json", "three");
  CHECK(hears_of("a"));
  scratch.write("team/api/spec.json", "four");
  CHECK(hears_of("a"));
}

TEST_CASE_METHOD(fixture, "a way that comes to be while it is looked at is watched to its end") {
  const auto path = scratch / "a/b/c/d/e/f/spec.json";
  REQUIRE(watcher->watch("a", {path}));
  for (int round = 0; round < 100; ++round) {
    scratch.write("a/b/c/d/e/f/spec.json", "one");
    REQUIRE(hears_of("a"));
    scratch.write("a/b/c/d/e/f/spec.json", "two");
    INFO(round);
    REQUIRE(hears_of("a"));
    fs::remove_all(scratch / "a");
    REQUIRE(hears_of("a"));
  }
}

TEST_CASE_METHOD(fixture, "a file that is not there yet is told when it comes") {
  REQUIRE(watcher->watch("a", {scratch / "later/spec.json"}));
  scratch.write("later/spec.json", "one");
  CHECK(hears_of("a"));
}

TEST_CASE_METHOD(fixture, "a directory that takes another's name is watched from then on") {
  const auto path = scratch.write("current/spec.json", "one");
  scratch.write("next/spec.json", "two");
  REQUIRE(watcher->watch("a", {path}));
  fs::rename(scratch / "current", scratch / "old");
  fs::rename(scratch / "next", scratch / "current");
  CHECK(hears_of("a"));
  scratch.write("current/spec.json", "three");
  CHECK(hears_of("a"));
}

TEST_CASE_METHOD(fixture, "a link that is switched over is told, and then what it leads to") {
  scratch.write("v1/spec.json", "one");
  scratch.write("v2/spec.json", "two");
  fs::create_directory_symlink("v1", scratch / "data");
  fs::create_symlink("data/spec.json", scratch / "spec.json");
  REQUIRE(watcher->watch("a", {scratch / "spec.json"}));
  fs::create_directory_symlink("v2", scratch / "data.new");
  fs::rename(scratch / "data.new", scratch / "data");
  CHECK(hears_of("a"));
  scratch.write("v2/spec.json", "three");
  CHECK(hears_of("a"));
}

TEST_CASE_METHOD(fixture, "neighbours, swap files and what is no longer watched are not told") {
  const auto path = scratch.write("spec.json", "one");
  REQUIRE(watcher->watch("a", {path}));
  REQUIRE(watcher->watch("marker", {scratch / "marker"}));
  for (const std::string name :
       {".spec.json.swp", "spec.json~", "4913", "#spec.json#", "other.json"})
    scratch.write(name, "x");
  scratch.write("marker", "1");
  CHECK(told_before("marker").empty());
  watcher->unwatch("a");
  watcher->unwatch("never watched");
  scratch.write("spec.json", "two");
  scratch.write("marker", "2");
  CHECK(told_before("marker").empty());
}

TEST_CASE_METHOD(fixture, "several sources may share a file") {
  const auto path = scratch.write("spec.json", "one");
  REQUIRE(watcher->watch("a", {path}));
  REQUIRE(watcher->watch("b", {path}));
  watcher->unwatch("a");
  scratch.write("spec.json", "two");
  CHECK(hears_of("b"));
}

TEST_CASE_METHOD(fixture, "a path outside the roots is not watched") {
  const auto watched = watcher->watch("a", {"/etc/hostname"});
  REQUIRE_FALSE(watched);
  CHECK(watched.error().code == errc::forbidden);
}

TEST_CASE("the way to a file is every name that leads there") {
  const scratch_directory scratch;
  const auto allowed = *roots::open({scratch.path()});
  scratch.write("real/spec.json", "{}");
  fs::create_directory_symlink("real", scratch / "link");
  using points = std::vector<watch_point>;
  CHECK(
      watch_points(scratch / "link/spec.json", allowed) ==
      points{{scratch.path(), "link"}, {scratch.path(), "real"}, {scratch / "real", "spec.json"}});
  CHECK(watch_points(scratch / "none/spec.json", allowed) == points{{scratch.path(), "none"}});
  fs::create_symlink("loop", scratch / "loop");
  CHECK(watch_points(scratch / "loop", allowed).size() == 41);
  fs::create_symlink("/etc/hostname", scratch / "out");
  CHECK(watch_points(scratch / "out", allowed) == points{{scratch.path(), "out"}});
}
