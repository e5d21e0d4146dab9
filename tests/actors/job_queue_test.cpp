#include "actors/job_queue.hpp"

#include <catch2/catch.hpp>

using namespace apisync;
using namespace apisync::actors;
using namespace std::chrono_literals;

namespace {

constexpr job_queue::limits wide{8, 8};
const events::timestamp now{1'700'000'000s};

/// A queue with one job of one source, not due before tomorrow.
job_queue one_job() {
  job_queue queue;
  queue.plan("a", "a", events::priority::medium, now + 24h);
  return queue;
}

} // namespace

TEST_CASE("triggers that wait become one run", "[queue]") {
  auto queue = one_job();
  for (int i = 0; i < 100; ++i)
    CHECK(queue.trigger("a", now));
  CHECK(queue.take(now, wide) == "a");
  CHECK_FALSE(queue.take(now, wide));
  queue.finished("a", now + 24h);
  CHECK_FALSE(queue.take(now, wide));
}

TEST_CASE("triggers of a running job become one more run", "[queue]") {
  auto queue = one_job();
  queue.trigger("a", now);
  REQUIRE(queue.take(now, wide) == "a");
  for (int i = 0; i < 100; ++i)
    queue.trigger("a", now);
  queue.finished("a", now + 24h);
  CHECK(queue.take(now, wide) == "a");
  queue.finished("a", now + 24h);
  CHECK_FALSE(queue.take(now, wide));
}

TEST_CASE("a trigger of an unknown job is told", "[queue]") {
  job_queue queue;
  CHECK_FALSE(queue.trigger("nobody", now));
}

TEST_CASE("two jobs of one source never run at once", "[queue]") {
  auto queue = one_job();
  queue.plan("b", "a", events::priority::medium, now);
  queue.trigger("a", now);
  const auto first = queue.take(now, wide);
  REQUIRE(first);
  CHECK_FALSE(queue.take(now, wide));
  queue.finished(*first, std::nullopt);
  const auto second = queue.take(now, wide);
  REQUIRE(second);
  CHECK(*first != *second);
}

TEST_CASE("the more urgent goes first, but nobody waits for ever", "[queue]") {
  job_queue queue;
  queue.plan("low", "low", events::priority::low, now);
  queue.plan("high", "high", events::priority::high, now);
  const job_queue::limits narrow{1, 1};
  CHECK(queue.take(now, narrow) == "high");
  // A minute later the low one has waited long enough, whatever urgent work has come since.
  queue.finished("high", now + 61s);
  CHECK(queue.take(now + 61s, narrow) == "low");
}

TEST_CASE("a host is not asked by more than its share", "[queue]") {
  job_queue queue;
  for (const std::string id : {"a", "b", "c"}) {
    queue.plan(id, id, events::priority::medium, now);
    queue.limit_source(id, "specs.example", false);
  }
  const job_queue::limits two_each{8, 2};
  const auto first = queue.take(now, two_each);
  CHECK(queue.take(now, two_each));
  CHECK_FALSE(queue.take(now, two_each));
  queue.finished(*first, std::nullopt);
  CHECK(queue.take(now, two_each));
}

TEST_CASE("a paused source waits and keeps its place", "[queue]") {
  auto queue = one_job();
  queue.trigger("a", now);
  queue.limit_source("a", "", true);
  CHECK_FALSE(queue.take(now, wide));
  queue.limit_source("a", "", false);
  CHECK(queue.take(now, wide) == "a");
}

TEST_CASE("a job that is removed while it runs is forgotten at its end", "[queue]") {
  auto queue = one_job();
  queue.trigger("a", now);
  REQUIRE(queue.take(now, wide) == "a");
  queue.remove("a");
  CHECK(queue.is_running("a"));
  queue.finished("a", now);
  CHECK_FALSE(queue.knows("a"));
  CHECK_FALSE(queue.take(now, wide));
}
