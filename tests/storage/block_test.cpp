#include "storage/block.hpp"
#include "storage/block_visit.hpp"
#include "tests/storage/storage_support.hpp"

#include <catch2/catch.hpp>

#include <array>

namespace {

using namespace apisync;
using namespace apisync::storage;

std::string sample_block() {
  block_writer writer{7, sha256::of("before"), test::second(0)};
  const std::array<events::draft, 3> drafts{{
      {"api/billing", "revision_added", 1, R"({"number":1})"},
      {"scheduler", "syncs_started", 2, R"({"rows":[[1,2],[3,4]]})"},
      {"api/billing", "base_moved", 1, "{}"},
  }};
  writer.add(drafts[0], 3, {"user:ann", "s-1", 6});
  writer.add(drafts[1], 1, {});
  writer.add(drafts[2], 4, {"system", "s-1", 7});
  writer.add(command_receipt{"key-1", sha256::of("content"), R"({"status":201})"}, 9);
  return writer.finish();
}

std::string hex(std::string_view bytes) {
  std::string text;
  for (const auto c : bytes) {
    constexpr std::string_view digits = "0123456789abcdef";
    text += digits[static_cast<unsigned char>(c) >> 4U];
    text += digits[static_cast<unsigned char>(c) & 15U];
  }
  return text;
}

} // namespace

TEST_CASE("a block gives back its records, streams, receipts and chain") {
  const auto bytes = sample_block();
  const auto block = block_view::open(bytes, 7);
  REQUIRE(block);
  CHECK(block->first() == 7);
  CHECK(block->last() == 9);
  CHECK(block->time() == test::second(0));
  CHECK(block->previous() == sha256::of("before"));
  REQUIRE(block->streams().size() == 2);
  CHECK(block->streams()[0].name == "api/billing");
  CHECK(block->streams()[0].first_version == 3);
  CHECK(block->streams()[0].records == 2);
  REQUIRE(block->receipts().size() == 1);
  CHECK(block->receipts()[0].answer == R"({"status":201})");
  CHECK(block->receipts()[0].sequence == 9);
  sha256 hash;
  CHECK(block->check_chain(hash));
  std::vector<std::string> seen;
  const auto visited = visit_block(*block, {}, [&](const events::record_view& record) {
    seen.push_back(std::to_string(record.sequence) + " " + std::string{record.stream} + " " +
                   std::to_string(record.stream_version) + " " + std::string{record.type});
    return true;
  });
  REQUIRE(visited);
  CHECK(seen == std::vector<std::string>{"7 api/billing 3 revision_added",
                                         "8 scheduler 1 syncs_started",
                                         "9 api/billing 4 base_moved"});
}

TEST_CASE("a flipped bit anywhere in a block is found") {
  const auto good = sample_block();
  for (std::size_t at = 0; at < good.size(); ++at) {
    auto bad = good;
    bad[at] = static_cast<char>(bad[at] ^ (1 << (at % 8)));
    CAPTURE(at);
    const auto block = block_view::open(bad, 7);
    REQUIRE_FALSE(block);
    CHECK(block.error().code == errc::corrupt);
  }
}

TEST_CASE("a block cut anywhere is found") {
  const auto good = sample_block();
  for (std::size_t size = 0; size < good.size(); ++size)
    REQUIRE_FALSE(block_view::open(std::string_view{good}.substr(0, size), 7));
}

TEST_CASE("a block under another key than its own is refused") {
  CHECK_FALSE(block_view::open(sample_block(), 8));
}

TEST_CASE("a block of a newer format says so") {
  auto bytes = sample_block();
  bytes[4] = 2;
  const auto block = block_view::open(bytes, 7);
  REQUIRE_FALSE(block);
  CHECK(block.error().message.find("newer version") != std::string::npos);
}

TEST_CASE("the chain links the hashes of envelope and data, so that data can be erased") {
  const auto bytes = sample_block();
  const auto block = block_view::open(bytes, 7);
  REQUIRE(block);
  auto link = sha256::of("before");
  auto payload = block->payload();
  payload.remove_prefix(1);
  for (const auto& entry : block->entries()) {
    const auto record = payload.substr(0, entry.record_bytes);
    const auto envelope = record.substr(0, entry.envelope_bytes);
    auto data = record.substr(entry.envelope_bytes + std::string_view{",\"data\":"}.size());
    data.remove_suffix(1);
    link = sha256::of(std::string{link.view()} + std::string{sha256::of(envelope).view()} +
                      std::string{sha256::of(data).view()});
    payload.remove_prefix(entry.record_bytes + 1);
  }
  CHECK(link == block->chain());
}

TEST_CASE("the first block format is written byte for byte as ever") {
  // Never edited: a new format gets a line of its own, and this one stays readable.
  const auto* golden =
      "415342310100000007000000000000000300000002000000420200005800000043000000010000000040"
      "1e18240a06006db7d803e74f1ffa7d8f5adc0bf95b3e15bf4c8373fffadf546227cc6c6742cb60dc4d89"
      "d2a0dc6e1fb0e46e2c809763a13ce484c777f3eef72dc18d7e5600735bade5ed7149e6a65b7b22736571"
      "75656e6365223a372c2273747265616d223a226170692f62696c6c696e67222c2276657273696f6e223a"
      "332c2274797065223a227265766973696f6e5f6164646564222c227479706556657273696f6e223a312c"
      "2274696d65223a22323032332d31312d31345432323a31333a32302e3030303030305a222c226279223a"
      "22757365723a616e6e222c22636f7272656c6174696f6e223a22732d31222c22636175736174696f6e22"
      "3a362c2264617461223a7b226e756d626572223a317d7d2c7b2273657175656e6365223a382c22737472"
      "65616d223a227363686564756c6572222c2276657273696f6e223a312c2274797065223a2273796e6373"
      "5f73746172746564222c227479706556657273696f6e223a322c2274696d65223a22323032332d31312d"
      "31345432323a31333a32302e3030303030305a222c226279223a2273797374656d222c22636f7272656c"
      "6174696f6e223a22222c22636175736174696f6e223a302c2264617461223a7b22726f7773223a5b5b31"
      "2c325d2c5b332c345d5d7d7d2c7b2273657175656e6365223a392c2273747265616d223a226170692f62"
      "696c6c696e67222c2276657273696f6e223a342c2274797065223a22626173655f6d6f766564222c2274"
      "79706556657273696f6e223a312c2274696d65223a22323032332d31312d31345432323a31333a32302e"
      "3030303030305a222c226279223a2273797374656d222c22636f7272656c6174696f6e223a22732d3122"
      "2c22636175736174696f6e223a372c2264617461223a7b7d7d5d0300000000000000020000000b000000"
      "6170692f62696c6c696e67010000000000000001000000090000007363686564756c657200000000af00"
      "0000c400000001000000a7000000c600000000000000a9000000b40000000900000000000000ed7002b4"
      "39e9ac845f22357d822bac1444730fbdb6016d3ec9432297b9ec9f73050000000e0000006b65792d317b"
      "22737461747573223a3230317d";
  CHECK(hex(sample_block()) == golden);
}
