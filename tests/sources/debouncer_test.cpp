#include "sources/debouncer.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

using apisync::sources::debouncer;
using namespace std::chrono_literals;

namespace {

using strings = std::vector<std::string>;

const debouncer::time start{};

} // namespace

TEST_CASE("a key is due once, when it has been quiet long enough") {
  debouncer bursts(300ms, 3s);
  CHECK_FALSE(bursts.next());
  bursts.note("a", start);
  bursts.note("a", start + 200ms);
  CHECK(bursts.next() == start + 500ms);
  CHECK(bursts.due(start + 499ms).empty());
  CHECK(bursts.due(start + 500ms) == strings{"a"});
  CHECK(bursts.due(start + 1h).empty());
  CHECK_FALSE(bursts.next());
}

TEST_CASE("a key that is never quiet is due after the longest time") {
  debouncer bursts(300ms, 1s);
  for (auto at = 0ms; at < 1s; at += 100ms) {
    bursts.note("a", start + at);
    CHECK(bursts.due(start + at).empty());
  }
  CHECK(bursts.next() == start + 1s);
  CHECK(bursts.due(start + 1s) == strings{"a"});
}

TEST_CASE("keys do not delay one another, and a forgotten one is never due") {
  debouncer bursts(300ms, 3s);
  bursts.note("b", start);
  bursts.note("a", start + 100ms);
  bursts.note("c", start + 100ms);
  CHECK(bursts.due(start + 300ms) == strings{"b"});
  bursts.forget("c");
  CHECK(bursts.due(start + 400ms) == strings{"a"});
  CHECK(bursts.due(start + 1h).empty());
}
