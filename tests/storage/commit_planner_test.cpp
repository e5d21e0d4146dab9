#include "storage/commit_planner.hpp"
#include "storage/memory_log.hpp"
#include "tests/storage/storage_support.hpp"

#include <catch2/catch.hpp>

namespace {

using namespace apisync;
using namespace apisync::storage;
using namespace apisync::test;

std::shared_ptr<const append> shared(append what) {
  return std::make_shared<const append>(std::move(what));
}

append expecting(const std::string& stream, std::uint64_t version) {
  auto what = one(stream);
  what.expected.push_back({stream, version});
  return what;
}

append commanded(const std::string& id) {
  auto what = one("a");
  what.command = command_receipt{id, {}, "{}"};
  return what;
}

} // namespace

TEST_CASE("what is planned counts for the next commit before it is written") {
  memory_log log;
  const auto plan = log.planner();
  CHECK(plan->add(shared(expecting("a", 0)), second(5)) == appended{1, 1, second(5)});
  const auto first = plan->seal();
  REQUIRE(log.head() == 0);

  CHECK(plan->add(shared(expecting("a", 0)), second(6)).error().code == errc::conflict);
  CHECK(plan->add(shared(expecting("a", 1)), second(4)) == appended{2, 2, second(5)});
  const auto next = plan->seal();

  REQUIRE(log.store(*first));
  REQUIRE(log.store(*next));
  CHECK(log.version("a") == 2);
  CHECK(read_all(log).size() == 2);
}

TEST_CASE("a command id is taken as soon as it is planned") {
  memory_log log{{std::chrono::hours{24}, 2}};
  const auto plan = log.planner();
  REQUIRE(plan->add(shared(commanded("1")), second(0)));
  CHECK(plan->add(shared(commanded("1")), second(0)).error().code == errc::already_exists);
  const auto sealed = plan->seal();
  CHECK(plan->add(shared(commanded("1")), second(0)).error().code == errc::already_exists);
  CHECK_FALSE(log.find_command("1").value());
  REQUIRE(plan->add(shared(commanded("2")), second(0)));
  CHECK(plan->add(shared(commanded("3")), second(0)).error().code == errc::overloaded);
  REQUIRE(log.store(*sealed));
  CHECK(log.find_command("1").value());
  CHECK(plan->add(shared(commanded("1")), second(0)).error().code == errc::already_exists);
}

TEST_CASE("a refused append changes nothing, and a commit of none is none") {
  memory_log log;
  const auto plan = log.planner();
  auto wrong = one("a");
  wrong.events.push_back({"b", "happened", 1, "{"});
  CHECK(plan->add(shared(wrong), second(0)).error().code == errc::invalid_argument);
  CHECK(plan->add(shared(expecting("a", 7)), second(0)).error().code == errc::conflict);
  CHECK(plan->empty());
  REQUIRE(plan->add(shared(one("a")), second(0)));
  CHECK_FALSE(plan->empty());
  CHECK(plan->seal()->last == 1);
  CHECK(plan->empty());
}

TEST_CASE("an append that fits no more is for the next commit") {
  memory_log log;
  const auto plan = log.planner();
  const auto large = shared(one("a", "{\"pad\":\"" + std::string(150U << 20U, 'x') + "\"}"));
  CHECK_FALSE(plan->full_for(*large));
  REQUIRE(plan->add(large, second(0)));
  CHECK(plan->full_for(*large));
  CHECK(plan->add(large, second(0)).error().code == errc::overloaded);
  plan->seal();
  CHECK_FALSE(plan->full_for(*large));
}

TEST_CASE("a plan that does not follow the end of the log is not written") {
  memory_log log;
  const auto plan = log.planner();
  REQUIRE(plan->add(shared(one("a")), second(0)));
  const auto stale = plan->seal();
  must_commit(log, one("b"));
  CHECK(log.store(*stale).error().code == errc::internal);
  CHECK(log.head() == 1);
}

TEST_CASE("planning ahead of the disk gives the blocks that planning after it gives") {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    memory_log one_by_one;
    memory_log ahead;
    const auto plan = ahead.planner();
    std::deque<std::shared_ptr<const planned_commit>> unwritten;
    random_appends random{seed};
    for (auto i = 0; i < 60; ++i) {
      const auto appends = random.commit(one_by_one);
      const auto expected = one_by_one.commit(appends, second(i)).value();
      for (std::size_t n = 0; n < appends.size(); ++n)
        REQUIRE(plan->add(shared(appends[n]), second(i)) == expected[n]);
      if (!plan->empty()) unwritten.push_back(plan->seal());
      while (unwritten.size() > random.below(4)) {
        REQUIRE(ahead.store(*unwritten.front()));
        unwritten.pop_front();
      }
    }
    for (; !unwritten.empty(); unwritten.pop_front())
      REQUIRE(ahead.store(*unwritten.front()));
    CHECK(ahead.chain() == one_by_one.chain());
    for (std::size_t i = 0; one_by_one.block(i); ++i)
      REQUIRE(*ahead.block(i) == *one_by_one.block(i));
  }
}
