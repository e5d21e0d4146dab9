#include "storage/rocksdb_log.hpp"
#include "tests/support/scratch_directory.hpp"

#include <catch2/catch.hpp>

#include <limits>

using namespace apisync;

TEST_CASE("a log tells that its disk is nearly full, and how full") {
  const test::scratch_directory folder;
  storage::log_options options;
  const auto roomy = storage::rocksdb_log::open(folder / "roomy", options);
  REQUIRE(roomy);
  CHECK((*roomy)->room());
  options.free_bytes_min = std::numeric_limits<std::uint64_t>::max();
  const auto full = storage::rocksdb_log::open(folder / "full", options);
  REQUIRE(full);
  const auto room = (*full)->room();
  REQUIRE_FALSE(room);
  CHECK(room.error().code == errc::unavailable);
  CHECK(room.error().where == folder / "full");
}
