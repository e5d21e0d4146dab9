#include "storage/block.hpp"
#include "storage/bytes.hpp"
#include "tests/fuzz/fuzz.hpp"

#include <simdjson.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <cstring>
#include <string>

namespace apisync::fuzz {

namespace {

constexpr std::size_t header_bytes = 120; // docs/log-format.md
constexpr std::size_t checksum_at = 112;

/// A damaged block never gets past its checksum: what lies behind it is tried by making it right.
std::string with_checksum(std::string block) {
  if (block.size() < header_bytes) return block;
  const auto seed = XXH3_64bits(block.data(), checksum_at);
  const auto sum =
      XXH3_64bits_withSeed(block.data() + header_bytes, block.size() - header_bytes, seed);
  std::string bytes;
  storage::put_little<std::uint64_t>(bytes, sum);
  return block.replace(checksum_at, bytes.size(), bytes);
}

} // namespace

void block(std::string_view input) {
  const auto bytes = with_checksum(std::string{input});
  events::sequence first = 0;
  if (bytes.size() >= 16) std::memcpy(&first, bytes.data() + 8, sizeof first);
  static_cast<void>(storage::find_receipt(bytes, first, "a"));
  const auto view = storage::block_view::open(bytes, first);
  if (!view) return;
  sha256 hash;
  static_cast<void>(view->check_chain(hash));
  for (const auto& entry : view->entries())
    require(entry.stream < view->streams().size(), "a record's stream is there");
  const simdjson::padded_string padded{view->payload()};
  simdjson::dom::parser parser;
  simdjson::dom::array records;
  if (parser.parse(padded).get(records) != simdjson::SUCCESS) return;
  for (const auto record : records)
    static_cast<void>(events::read_record(record));
}

} // namespace apisync::fuzz
