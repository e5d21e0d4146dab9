#include "sources/file_fetcher.hpp"
#include "specs/digest.hpp"
#include "tests/support/fetch_support.hpp"
#include "tests/support/scratch_directory.hpp"

#include <catch2/catch.hpp>

#include <chrono>
#include <fcntl.h>
#include <filesystem>
#include <future>
#include <sys/stat.h>
#include <vector>

using namespace apisync;
using namespace apisync::sources;
using namespace apisync::test;

namespace fs = std::filesystem;

namespace {

/// A file with a known modification time, and a clock that stands well after it.
struct fixture {
  scratch_directory scratch;
  roots allowed = *roots::open({scratch.path()});
  wall_time modified{std::chrono::seconds(1'700'000'000)};
  wall_time now = modified + std::chrono::minutes(5);

  void set_time(const std::string& path, wall_time time) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(time.time_since_epoch());
    const timespec stamp{seconds.count(), 0};
    const std::array times{stamp, stamp};
    REQUIRE(::utimensat(AT_FDCWD, path.c_str(), times.data(), 0) == 0);
  }

  std::string write(const std::string& name, const std::string& text) {
    auto path = scratch.write(name, text);
    set_time(path, modified);
    return path;
  }

  fetch_request request(const std::string& path, validators last = {}) const {
    fetch_request made;
    made.source = "petstore";
    made.from.path = path;
    made.last = std::move(last);
    return made;
  }

  fetch_outcome read(const std::string& path, validators last = {}) const {
    return read_file_source(request(path, std::move(last)), allowed, now);
  }
};

} // namespace

TEST_CASE_METHOD(fixture, "a file that was never read is one version") {
  const auto path = write("a.json", "{\"openapi\":\"3.1.0\"}");
  const auto found = found_by(read(path));
  REQUIRE(found.versions.size() == 1);
  CHECK(*found.versions[0].bytes == "{\"openapi\":\"3.1.0\"}");
  CHECK(found.seen.size == 19);
  CHECK(found.seen.mtime_ns == 1'700'000'000'000'000'000);
  CHECK(found.seen.inode != 0);
  CHECK(found.seen.bytes_hash == sha256::of("{\"openapi\":\"3.1.0\"}").hex());
}

TEST_CASE_METHOD(fixture, "a file with the same size, time and inode is not read again") {
  const auto path = write("a.json", "first");
  auto seen = found_by(read(path)).seen;
  // Same length and time: only reading could tell, and it is not read.
  std::ofstream(path, std::ios::trunc) << "other";
  set_time(path, modified);
  const auto again = found_by(read(path, seen));
  CHECK(again.versions.empty());
  CHECK(again.seen == seen);
}

TEST_CASE_METHOD(fixture,
                 "a touched file with the same bytes is nothing new, and its time is kept") {
  const auto path = write("a.json", "first");
  const auto seen = found_by(read(path)).seen;
  set_time(path, modified + std::chrono::minutes(1));
  const auto again = found_by(read(path, seen));
  CHECK(again.versions.empty());
  CHECK(again.seen.mtime_ns == seen.mtime_ns + 60'000'000'000);
}

TEST_CASE_METHOD(fixture, "an atomically replaced file is a new version") {
  const auto path = write("a.json", "first");
  const auto seen = found_by(read(path)).seen;
  fs::rename(write("a.json.new", "other"), path);
  const auto again = found_by(read(path, seen));
  REQUIRE(again.versions.size() == 1);
  CHECK(*again.versions[0].bytes == "other");
}

TEST_CASE_METHOD(fixture, "the time of a file that has just changed is not trusted") {
  const auto path = write("a.json", "first");
  now = modified + std::chrono::milliseconds(10);
  const auto seen = found_by(read(path)).seen;
  CHECK(seen.mtime_ns == 0);
  std::ofstream(path, std::ios::trunc) << "other";
  set_time(path, modified);
  CHECK(found_by(read(path, seen)).versions.size() == 1);
}

TEST_CASE_METHOD(fixture, "each way of failing has its class and says why") {
  const auto missing = failure_of(read(scratch / "none.json"));
  CHECK(missing.type == failure_class::gone);
  CHECK(missing.problem.code == errc::not_found);
  CHECK(missing.problem.where == scratch / "none.json");

  const auto directory = failure_of(read(scratch.path()));
  CHECK(directory.type == failure_class::permanent);
  CHECK(directory.problem.message == "is a directory, where a file is expected");

  const auto outside = failure_of(read("/etc/hostname"));
  CHECK(outside.type == failure_class::permanent);
  CHECK(outside.problem.code == errc::forbidden);

  const auto empty = failure_of(read(write("empty.json", "")));
  CHECK(empty.type == failure_class::transient);

  auto bounded = request(write("large.json", "0123456789"));
  bounded.limits.bytes = 9;
  const auto large = failure_of(read_file_source(bounded, allowed, now));
  CHECK(large.type == failure_class::permanent);
  CHECK(large.problem.code == errc::limit_exceeded);
  bounded.limits.bytes = 10;
  CHECK(read_file_source(bounded, allowed, now));
}

TEST_CASE_METHOD(fixture, "a deleted file that comes back is taken again") {
  const auto path = write("a.json", "first");
  const auto seen = found_by(read(path)).seen;
  fs::remove(path);
  CHECK(failure_of(read(path, seen)).type == failure_class::gone);
  write("a.json", "second");
  CHECK(found_by(read(path, seen)).versions.size() == 1);
}

TEST_CASE_METHOD(
    fixture, "the fetcher answers every request exactly once, beyond its queue and at its end") {
  const auto path = write("a.json", "first");
  std::promise<void> open_gate;
  const auto gate = open_gate.get_future().share();
  std::promise<void> first_runs;
  std::atomic<bool> first{true};
  std::vector<pending_fetch> fetches;
  {
    file_fetcher fetcher(
        allowed,
        [&, gate] {
          if (first.exchange(false)) first_runs.set_value();
          gate.wait();
          return now;
        },
        1, 2);
    fetches.emplace_back(fetcher, request(path));
    first_runs.get_future().wait(); // the only thread is busy from here
    for (int i = 0; i < 3; ++i)
      fetches.emplace_back(fetcher, request(path));
    CHECK(failure_of(fetches[3].get()).problem.code == errc::overloaded);
    open_gate.set_value();
    CHECK(found_by(fetches[0].get()).versions.size() == 1);
  }
  for (auto& fetch : fetches)
    CHECK(fetch.answers() == 1);
}

TEST_CASE("tasks that wait when the pool ends run as cancelled") {
  std::promise<void> runs;
  std::promise<void> told;
  std::atomic<int> cancelled{0};
  {
    worker_pool pool(1, 10);
    REQUIRE(pool.submit([&](const std::stop_token& stop) {
      const std::stop_callback wake(stop, [&] { told.set_value(); });
      runs.set_value();
      told.get_future().wait();
    }));
    runs.get_future().wait();
    for (int i = 0; i < 5; ++i)
      REQUIRE(
          pool.submit([&](const std::stop_token& stop) { cancelled += stop.stop_requested(); }));
  }
  CHECK(cancelled == 5);
}
