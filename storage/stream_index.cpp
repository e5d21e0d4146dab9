#include "storage/stream_index.hpp"

#include "storage/bytes.hpp"
#include "storage/commit_planner.hpp"

#include <rocksdb/write_batch.h>

namespace apisync::storage {

// Keys of the family `streams`. All of it can be made anew from the blocks.
//
// 'm'                                := sequence:u64 chain[32] time_us:i64      the mark
// 'h' name                           := version:u64                 a stream's version at the mark
// 'c' name 0x00 first_block:u64be    := gaps                        blocks that hold the stream
// 'r' first_block:u64be              := time_us:i64 gaps            blocks that hold receipts
// gaps := varint*    LEB128; the first is the first block, each other the distance to the one
// before
//
// Numbers are little-endian but where `be` stands. Names of streams hold no control characters.

namespace {

constexpr std::size_t mark_bytes = 48;

void put_varint(std::string& out, std::uint64_t value) {
  for (; value >= 0x80; value >>= 7U)
    out += static_cast<char>(value | 0x80U);
  out += static_cast<char>(value);
}

std::string encode_gaps(const std::vector<events::sequence>& blocks) {
  std::string out;
  events::sequence before = 0;
  for (const auto block : blocks) {
    put_varint(out, block - before);
    before = block;
  }
  return out;
}

result<std::vector<events::sequence>> decode_gaps(std::string_view text) {
  std::vector<events::sequence> blocks;
  events::sequence at = 0;
  std::uint64_t value = 0;
  unsigned shift = 0;
  for (const auto c : text) {
    value |= std::uint64_t{static_cast<unsigned char>(c) & 0x7FU} << shift;
    if ((static_cast<unsigned char>(c) & 0x80U) == 0) {
      at += value;
      blocks.push_back(at);
      value = 0;
      shift = 0;
    } else if ((shift += 7) > 63) {
      break;
    }
  }
  if (shift != 0) return fail(errc::corrupt, "the index of the log's streams is damaged");
  return blocks;
}

std::string chunk_prefix(std::string_view stream) {
  return 'c' + std::string{stream} + '\0';
}

result<void> ended(const rocksdb::Iterator& it) {
  if (it.status().ok()) return {};
  return tl::unexpected{rocks_error(it.status(), "the index of the log's streams")};
}

} // namespace

void index_tail::add(std::string_view stream, std::uint64_t version, events::sequence block) {
  auto at = streams.find(stream);
  if (at == streams.end()) at = streams.emplace(stream, row{}).first;
  at->second.version = version;
  at->second.blocks.push_back(block);
}

void index_tail::add(const planned_commit& commit) {
  for (const auto& stream : commit.streams)
    add(stream.name, stream.first_version + stream.records - 1, commit.first);
  if (!commit.commands.empty()) receipts.push_back(commit.first);
  ++blocks;
  end = {{commit.last, commit.chain}, commit.time};
}

void index_tail::add(const block_view& block) {
  for (const auto& part : block.streams())
    add(part.name, part.first_version + part.records - 1, block.first());
  if (!block.receipts().empty()) receipts.push_back(block.first());
  ++blocks;
  end = {{block.last(), block.chain()}, block.time()};
}

void write_index(rocksdb::WriteBatch& batch, rocksdb::ColumnFamilyHandle* family,
                 const index_tail& tail) {
  for (const auto& [name, row] : tail.streams) {
    std::string version;
    put_little(version, row.version);
    batch.Put(family, 'h' + name, version);
    batch.Put(family, chunk_prefix(name) + big_endian_key(row.blocks.front()),
              encode_gaps(row.blocks));
  }
  const auto time = static_cast<std::int64_t>(tail.end.time.time_since_epoch().count());
  if (!tail.receipts.empty()) {
    std::string value;
    put_little(value, time);
    batch.Put(family, 'r' + big_endian_key(tail.receipts.front()),
              value + encode_gaps(tail.receipts));
  }
  std::string mark;
  put_little(mark, tail.end.end.sequence);
  mark += tail.end.end.chain.view();
  put_little(mark, time);
  batch.Put(family, "m", mark);
}

result<std::optional<index_mark>> read_index_mark(const database& from) {
  std::string text;
  const auto status = from.db().Get({}, from.streams(), "m", &text);
  if (status.IsNotFound()) return std::nullopt;
  if (!status.ok()) return tl::unexpected{rocks_error(status, "the index of the log's streams")};
  if (text.size() != mark_bytes)
    return fail(errc::corrupt, "the mark of the log's index is damaged");
  byte_reader in{text};
  index_mark mark;
  mark.end.sequence = in.little<std::uint64_t>();
  const auto chain = in.take(mark.end.chain.bytes.size());
  std::memcpy(mark.end.chain.bytes.data(), chain.data(), chain.size());
  mark.time = events::timestamp{std::chrono::microseconds{in.little<std::int64_t>()}};
  return mark;
}

result<void>
read_index_versions(const database& from,
                    const std::function<void(std::string_view, std::uint64_t)>& visit) {
  const auto it = from.scan(from.streams());
  for (it->Seek("h"); it->Valid() && it->key().starts_with("h"); it->Next()) {
    byte_reader in{as_text(it->value())};
    visit(as_text(it->key()).substr(1), in.little<std::uint64_t>());
  }
  return ended(*it);
}

result<std::vector<events::sequence>> read_index_receipts(const database& from,
                                                          events::timestamp since) {
  std::vector<std::vector<events::sequence>> chunks;
  const auto it = from.scan(from.streams());
  for (it->SeekForPrev("s"); it->Valid() && it->key().starts_with("r"); it->Prev()) {
    byte_reader in{as_text(it->value())};
    if (events::timestamp{std::chrono::microseconds{in.little<std::int64_t>()}} < since) break;
    auto blocks = decode_gaps(in.rest());
    if (!blocks) return blocks;
    chunks.push_back(std::move(*blocks));
  }
  if (auto end = ended(*it); !end) return tl::unexpected{end.error()};
  std::vector<events::sequence> all;
  for (auto chunk = chunks.rbegin(); chunk != chunks.rend(); ++chunk)
    all.insert(all.end(), chunk->begin(), chunk->end());
  return all;
}

result<void> read_index_blocks(const database& from, std::string_view stream,
                               events::sequence after, events::sequence through,
                               const std::function<result<bool>(events::sequence)>& visit) {
  const auto prefix = chunk_prefix(stream);
  const auto it = from.scan(from.streams());
  it->SeekForPrev(prefix + big_endian_key(after));
  if (!it->Valid() || !it->key().starts_with(prefix)) it->Seek(prefix);
  for (; it->Valid() && it->key().starts_with(prefix); it->Next()) {
    const auto blocks = decode_gaps(as_text(it->value()));
    if (!blocks) return tl::unexpected{blocks.error()};
    for (std::size_t i = 0; i < blocks->size(); ++i) {
      if ((*blocks)[i] > through) return {};
      if (i + 1 < blocks->size() && (*blocks)[i + 1] <= after) continue;
      const auto more = visit((*blocks)[i]);
      if (!more) return tl::unexpected{more.error()};
      if (!*more) return {};
    }
  }
  return ended(*it);
}

} // namespace apisync::storage
