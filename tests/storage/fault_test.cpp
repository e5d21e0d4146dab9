#include "storage/rocksdb_log.hpp"
#include "storage/verify.hpp"
#include "tests/storage/power_loss_fs.hpp"
#include "tests/storage/storage_support.hpp"
#include "tests/support/scratch_directory.hpp"

#include <catch2/catch.hpp>

#include <filesystem>

namespace {

using namespace apisync;
using namespace apisync::storage;
using namespace apisync::test;

/// A log on a file system that a test can break.
struct fixture {
  scratch_directory dir;
  std::shared_ptr<power_loss_fs> fs = std::make_shared<power_loss_fs>();
  std::unique_ptr<rocksdb::Env> env = power_loss_fs::environment(fs);

  result<std::unique_ptr<rocksdb_log>> open() {
    return rocksdb_log::open(dir / "data", {.env = env.get(), .index_every_blocks = 20});
  }
  /// The next start of the machine, its disk in order again.
  std::unique_ptr<rocksdb_log> open_again() {
    auto log = rocksdb_log::open(dir / "data");
    if (!log) FAIL(render(log.error()));
    return std::move(*log);
  }
};

append numbered(int i) {
  auto what = one("api/" + std::to_string(i % 5), "{\"n\":" + std::to_string(i) + "}");
  what.command = command_receipt{"command-" + std::to_string(i), {}, "{}"};
  return what;
}

} // namespace

TEST_CASE_METHOD(fixture, "a power failure loses nothing that was acknowledged") {
  for (const auto commits : {1, 19, 20, 150}) {
    CAPTURE(commits);
    std::filesystem::remove_all(dir / "data");
    fs = std::make_shared<power_loss_fs>();
    env = power_loss_fs::environment(fs);
    {
      const auto log = open().value();
      for (auto i = 0; i < commits; ++i)
        must_commit(*log, numbered(i), second(i));
      fs->switch_off();
    }
    fs->lose_power();
    const auto log = open_again();
    CHECK(log->head() == static_cast<std::uint64_t>(commits));
    CHECK(read_all(*log).size() == static_cast<std::size_t>(commits));
    CHECK(verify(*log).problems.empty());
  }
}

TEST_CASE_METHOD(fixture, "a commit whose sync failed is unknown, and a retry is recognised") {
  for (const auto syncs : {0, 1, 6, 7}) { // Even: the WAL's; odd: the anchor's.
    CAPTURE(syncs);
    std::filesystem::remove_all(dir / "data");
    fs = std::make_shared<power_loss_fs>();
    env = power_loss_fs::environment(fs);
    auto acknowledged = 0;
    {
      const auto log = open().value();
      must_commit(*log, numbered(0));
      fs->fail_syncs_after(syncs);
      for (acknowledged = 1;; ++acknowledged) {
        const auto what = numbered(acknowledged);
        const auto answers = log->commit({&what, 1}, second(0));
        if (answers) continue;
        CHECK(answers.error().code == errc::unknown_outcome);
        break;
      }
      CHECK(acknowledged == 1 + syncs / 2);
      fs->fail_syncs_after(-1);
      const auto what = numbered(1000);
      CHECK(log->commit({&what, 1}, second(0)).error().code == errc::unknown_outcome);
      CHECK(log->read({}, [](const auto&) { return true; }).error().code == errc::unknown_outcome);
    }
    const auto log = open_again();
    const auto retried = numbered(acknowledged);
    const auto there = log->find_command(retried.command->id).value().has_value();
    const auto answer = log->commit({&retried, 1}, second(0)).value()[0];
    CHECK(answer.has_value() == !there);
    CHECK(log->head() == static_cast<std::uint64_t>(acknowledged) + 1);
    CHECK_FALSE(log->find_command("command-1000").value());
  }
}

TEST_CASE_METHOD(fixture, "a full disk is named, and nothing acknowledged is lost") {
  auto acknowledged = 0;
  {
    const auto log = open().value();
    fs->fill_disk_after(20'000);
    for (;; ++acknowledged) {
      const auto what = numbered(acknowledged);
      const auto answers = log->commit({&what, 1}, second(0));
      if (answers) continue;
      CHECK(answers.error().code == errc::unknown_outcome);
      CHECK(answers.error().message.find("the disk is full (ENOSPC)") != std::string::npos);
      break;
    }
    CHECK(acknowledged > 5);
  }
  fs->fill_disk_after(-1);
  const auto log = open_again();
  CHECK(log->head() >= static_cast<std::uint64_t>(acknowledged));
  for (auto i = 0; i < acknowledged; ++i)
    CHECK(log->find_command("command-" + std::to_string(i)).value());
  CHECK(verify(*log).problems.empty());
}

TEST_CASE("a verification counts what is there, and finds what is not") {
  const scratch_directory dir;
  {
    const auto log = rocksdb_log::open(dir / "data", {.index_every_blocks = 8}).value();
    random_appends random{4};
    for (auto i = 0; i < 50; ++i)
      REQUIRE(log->commit(random.commit(*log), second(i)));
    const auto whole = verify(*log);
    CHECK(whole.problems.empty());
    CHECK(whole.records == log->head());
    CHECK(whole.chain == log->chain());
    const auto stats = measure(*log).value();
    CHECK(stats.all.records == log->head());
    CHECK(stats.by_stream.size() == 12);
    CHECK(stats.by_type.at("happened").records + stats.by_type.at("ended").records == log->head());
    REQUIRE(log->write_index_now());
    const auto& base = log->base();
    REQUIRE(base.db().Put({}, base.streams(), "hapi/3", std::string(8, '\0')).ok());
    CHECK(verify(*log).problems.size() == 1);
    REQUIRE(base.db().Put({}, base.documents(), std::string(32, 'x'), "nonsense").ok());
    CHECK(verify(*log).problems.size() == 2);
  }
  const auto found = verify(dir / "data");
  CHECK(found.problems.size() == 2);
  std::filesystem::remove(dir / "data/anchor");
  CHECK(verify(dir / "data").problems.at(0).code == errc::corrupt);
}
