#include "storage/rocksdb_log.hpp"
#include "storage/verify.hpp"
#include "tests/storage/storage_support.hpp"
#include "tests/support/scratch_directory.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

using namespace apisync;
using namespace apisync::storage;
using namespace apisync::test;

constexpr auto* directory_variable = "APISYNC_CRASH_DATA";
constexpr int ledger_file = 3;

/// What one commit of the victim carries: some events under one outside command.
append work(std::uint64_t n) {
  auto what = one("api/" + std::to_string(n % 7), "{\"n\":" + std::to_string(n) + "}");
  for (auto i = n % 4; i > 0; --i)
    what.events.push_back(
        {"scheduler", "ticked", 1, "{\"pad\":\"" + std::string(n % 900, 'x') + "\"}"});
  what.command = command_receipt{"work-" + std::to_string(n), sha256::of(std::to_string(n)), "{}"};
  return what;
}

/// Starts this program again as a victim, with the ledger's writing end as its file 3.
pid_t start_victim(const std::string& data, int ledger) {
  ::setenv(directory_variable, data.c_str(), 1);
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_adddup2(&files, ledger, ledger_file);
  posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  std::string name = "test_storage";
  std::string test = "[crash-victim]";
  std::array<char*, 3> arguments{name.data(), test.data(), nullptr};
  pid_t victim = 0;
  const auto started =
      ::posix_spawn(&victim, "/proc/self/exe", &files, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&files);
  REQUIRE(started == 0);
  return victim;
}

/// Lets a victim run until it has acknowledged so many commits, then kills it. Returns every
/// number that it acknowledged, those still in the pipe too.
std::vector<std::uint64_t> run_and_kill(const std::string& data, std::size_t acknowledgements) {
  std::array<int, 2> ledger{};
  REQUIRE(::pipe2(ledger.data(), O_CLOEXEC) == 0);
  const auto victim = start_victim(data, ledger[1]);
  ::close(ledger[1]);
  std::vector<std::uint64_t> acknowledged;
  std::uint64_t n = 0;
  while (::read(ledger[0], &n, sizeof n) == sizeof n) {
    acknowledged.push_back(n);
    if (acknowledged.size() == acknowledgements) ::kill(victim, SIGKILL);
  }
  ::close(ledger[0]);
  auto status = 0;
  REQUIRE(::waitpid(victim, &status, 0) == victim);
  REQUIRE(WIFSIGNALED(status));
  return acknowledged;
}

} // namespace

TEST_CASE("a process that commits until it is killed", "[.][crash-victim]") {
  const auto* data = std::getenv(directory_variable);
  REQUIRE(data != nullptr);
  const auto log = rocksdb_log::open(data, {.index_every_blocks = 5}).value();
  // A commit whose answer got lost is found again by its command.
  std::uint64_t n = 0;
  while (log->find_command("work-" + std::to_string(n)).value())
    ++n;
  for (;; ++n) {
    must_commit(*log, work(n), second(static_cast<std::int64_t>(n)));
    if (::write(ledger_file, &n, sizeof n) != sizeof n) return;
  }
}

TEST_CASE("killed thirty times, a log has lost nothing, has nothing twice, and no gap") {
  const scratch_directory dir;
  std::mt19937_64 random{11};
  std::vector<std::uint64_t> ledger;
  for (auto kill = 0; kill < 30; ++kill) {
    const auto acknowledged = run_and_kill(dir / "data", 1 + random() % 60);
    ledger.insert(ledger.end(), acknowledged.begin(), acknowledged.end());
  }
  const auto log = rocksdb_log::open(dir / "data").value();
  CHECK(verify(*log).problems.empty());
  events::sequence expected = 0;
  std::vector<std::uint64_t> seen;
  REQUIRE(log->read({}, [&](const events::record_view& record) {
    REQUIRE(record.sequence == ++expected);
    if (record.type == "happened") seen.push_back(record.data["n"].get_uint64().value());
    return true;
  }));
  REQUIRE(expected == log->head());
  for (std::size_t i = 0; i < seen.size(); ++i)
    REQUIRE(seen[i] == i); // Each number once, in order.
  std::sort(ledger.begin(), ledger.end());
  CHECK(std::adjacent_find(ledger.begin(), ledger.end()) == ledger.end());
  REQUIRE_FALSE(ledger.empty());
  CHECK(ledger.back() < seen.size());
}
