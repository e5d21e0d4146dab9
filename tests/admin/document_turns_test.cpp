#include "admin/document_turns.hpp"

#include <catch2/catch.hpp>

#include <atomic>
#include <optional>
#include <thread>
#include <vector>

using namespace apisync;
using admin::document_turns;
using namespace std::chrono_literals;

TEST_CASE("so many documents are worked on at once, and who finds no place is refused", "[turns]") {
  document_turns turns{{2, 0, 0ms}};
  auto one = turns.take();
  std::optional two{turns.take()};
  REQUIRE((one && *two));
  const auto third = turns.take();
  REQUIRE_FALSE(third);
  CHECK(third.error().code == errc::overloaded);
  two.reset();
  CHECK(turns.take());
}

TEST_CASE("who waits gets the place that becomes free, and no more than there are", "[turns]") {
  document_turns turns{{2, 8, 20s}};
  std::atomic<int> working{0}, most{0}, served{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i)
    threads.emplace_back([&] {
      for (int round = 0; round < 50; ++round) {
        const auto turn = turns.take();
        if (!turn) continue;
        const int now = ++working;
        for (int seen = most; now > seen && !most.compare_exchange_weak(seen, now);) {
        }
        std::this_thread::yield();
        ++served;
        --working;
      }
    });
  for (auto& thread : threads)
    thread.join();
  CHECK(most <= 2);
  CHECK(served == 400);
}

TEST_CASE("a wait has an end", "[turns]") {
  document_turns turns{{1, 1, 1ms}};
  const auto held = turns.take();
  REQUIRE(held);
  CHECK_FALSE(turns.take());
}
