#include "storage/block.hpp"

#include "storage/bytes.hpp"

#include <xxhash.h>

#include <cassert>

namespace apisync::storage {

// block    := header payload index receipts          every number little-endian
// header   := magic[4]="ASB1" version:u16=1 flags:u16=0
//             first:u64 records:u32 streams:u32
//             payload_bytes:u32 index_bytes:u32 receipt_bytes:u32 receipts:u32
//             time_us:i64 previous[32] chain[32] checksum:u64
// payload  := '[' record (',' record)* ']'
// index    := stream{streams} entry{records}
// stream   := first_version:u64 records:u32 name_bytes:u32 name
// entry    := stream:u32 envelope_bytes:u32 record_bytes:u32
// receipts := receipt{receipts}
// receipt  := sequence:u64 fingerprint[32] id_bytes:u32 answer_bytes:u32 id answer
//
// checksum := XXH3-64(XXH3-64 of the header before it as u64, then everything after the header)

namespace {

constexpr std::string_view magic = "ASB1";
constexpr std::size_t checksum_at = 112;
constexpr std::size_t header_bytes = 120;
constexpr std::string_view data_name = R"(,"data":)";

std::uint64_t checksum(std::string_view header, std::string_view body) {
  return XXH3_64bits_withSeed(body.data(), body.size(), XXH3_64bits(header.data(), checksum_at));
}

digest take_digest(byte_reader& in) {
  digest value;
  const auto text = in.take(value.bytes.size());
  if (text.size() == value.bytes.size()) std::memcpy(value.bytes.data(), text.data(), text.size());
  return value;
}

/// The data of a record's text: what stands between its envelope and the last brace.
std::string_view data_of(std::string_view record, std::size_t envelope_bytes) {
  const auto begin = envelope_bytes + data_name.size();
  return record.substr(begin, record.size() - begin - 1);
}

/// Calls `visit(envelope, data)` for the text of each record, in order.
template <class Visit>
void each_text(std::string_view payload, std::span<const block_entry> entries, Visit&& visit) {
  std::size_t at = 1;
  for (const auto& entry : entries) {
    const auto text = payload.substr(at, entry.record_bytes);
    visit(text.substr(0, entry.envelope_bytes), data_of(text, entry.envelope_bytes));
    at += entry.record_bytes + 1;
  }
}

} // namespace

digest next_link(sha256& hash, const digest& previous, std::string_view envelope,
                 std::string_view data) {
  const auto envelope_hash = hash.update(envelope).finish();
  const auto data_hash = hash.update(data).finish();
  return hash.update(previous.view())
      .update(envelope_hash.view())
      .update(data_hash.view())
      .finish();
}

block_writer::block_writer(events::sequence first, const digest& previous, events::timestamp time)
    : first_{first}, previous_{previous}, chain_{previous}, time_{time} {
  block_.resize(header_bytes);
  block_ += '[';
}

std::size_t block_writer::payload_bytes() const {
  return block_.size() - header_bytes;
}

std::uint64_t block_writer::version(std::string_view stream) const {
  const auto number = numbers_.find(stream);
  if (number == numbers_.end()) return 0;
  const auto& row = streams_[number->second];
  return row.first_version + row.records - 1;
}

void block_writer::add(const events::draft& event, std::uint64_t stream_version,
                       const events::origin& from) {
  const auto [number, fresh] =
      numbers_.try_emplace(event.stream, static_cast<std::uint32_t>(streams_.size()));
  if (fresh) streams_.push_back({event.stream, stream_version, 0});
  auto& row = streams_[number->second];
  assert(row.first_version + row.records == stream_version);
  ++row.records;
  if (!entries_.empty()) block_ += ',';
  const auto start = block_.size();
  const auto envelope =
      events::write_record(block_, first_ + entries_.size(), stream_version, time_, from, event);
  const auto text = std::string_view{block_}.substr(start);
  entries_.push_back({number->second, static_cast<std::uint32_t>(envelope),
                      static_cast<std::uint32_t>(text.size())});
  chain_ = next_link(hash_, chain_, text.substr(0, envelope), data_of(text, envelope));
}

void block_writer::add(const command_receipt& receipt, events::sequence last) {
  put_little<std::uint64_t>(receipts_, last);
  receipts_ += receipt.fingerprint.view();
  put_little(receipts_, static_cast<std::uint32_t>(receipt.id.size()));
  put_little(receipts_, static_cast<std::uint32_t>(receipt.answer.size()));
  receipts_ += receipt.id;
  receipts_ += receipt.answer;
  ++receipt_count_;
}

std::string block_writer::finish() {
  block_ += ']';
  const auto payload = payload_bytes();
  for (const auto& row : streams_) {
    put_little(block_, row.first_version);
    put_little(block_, row.records);
    put_little(block_, static_cast<std::uint32_t>(row.name.size()));
    block_ += row.name;
  }
  for (const auto& entry : entries_) {
    put_little(block_, entry.stream);
    put_little(block_, entry.envelope_bytes);
    put_little(block_, entry.record_bytes);
  }
  const auto index = payload_bytes() - payload;
  block_ += receipts_;
  std::string header{magic};
  put_little(header, block_format_version);
  put_little<std::uint16_t>(header, 0);
  put_little(header, first_);
  put_little(header, records());
  put_little(header, static_cast<std::uint32_t>(streams_.size()));
  put_little(header, static_cast<std::uint32_t>(payload));
  put_little(header, static_cast<std::uint32_t>(index));
  put_little(header, static_cast<std::uint32_t>(receipts_.size()));
  put_little(header, receipt_count_);
  put_little<std::int64_t>(header, time_.time_since_epoch().count());
  header += previous_.view();
  header += chain_.view();
  put_little<std::uint64_t>(header,
                            checksum(header, std::string_view{block_}.substr(header_bytes)));
  block_.replace(0, header_bytes, header);
  return std::move(block_);
}

bool block_view::read_index(std::string_view index, std::uint32_t records, std::uint32_t streams) {
  byte_reader in{index};
  std::uint64_t promised = 0;
  for (std::uint32_t i = 0; i < streams && in.ok(); ++i) {
    block_stream row;
    row.first_version = in.little<std::uint64_t>();
    row.records = in.little<std::uint32_t>();
    row.name = in.take(in.little<std::uint32_t>());
    promised += row.records;
    streams_.push_back(row);
  }
  std::uint64_t text = 1;
  if (!in.ok() || promised != records || in.rest().size() != std::size_t{records} * 12)
    return false;
  entries_.reserve(records);
  for (std::uint32_t i = 0; i < records; ++i) {
    block_entry entry;
    entry.stream = in.little<std::uint32_t>();
    entry.envelope_bytes = in.little<std::uint32_t>();
    entry.record_bytes = in.little<std::uint32_t>();
    if (entry.stream >= streams ||
        std::uint64_t{entry.envelope_bytes} + data_name.size() + 1 > entry.record_bytes)
      return false;
    text += std::uint64_t{entry.record_bytes} + 1;
    entries_.push_back(entry);
  }
  return text == payload_.size();
}

bool block_view::read_receipts(std::string_view text, std::uint32_t count) {
  byte_reader in{text};
  for (std::uint32_t i = 0; i < count && in.ok(); ++i) {
    block_receipt receipt;
    receipt.sequence = in.little<std::uint64_t>();
    receipt.fingerprint = take_digest(in);
    const auto id_bytes = in.little<std::uint32_t>();
    const auto answer_bytes = in.little<std::uint32_t>();
    receipt.id = in.take(id_bytes);
    receipt.answer = in.take(answer_bytes);
    receipts_.push_back(receipt);
  }
  return in.ok() && in.rest().empty();
}

bool block_view::read_header(std::string_view bytes) {
  byte_reader in{bytes.substr(8)};
  first_ = in.little<std::uint64_t>();
  const auto records = in.little<std::uint32_t>();
  const auto streams = in.little<std::uint32_t>();
  const auto payload_bytes = in.little<std::uint32_t>();
  const auto index_bytes = in.little<std::uint32_t>();
  const auto receipt_bytes = in.little<std::uint32_t>();
  const auto receipts = in.little<std::uint32_t>();
  time_ = events::timestamp{std::chrono::microseconds{in.little<std::int64_t>()}};
  previous_ = take_digest(in);
  chain_ = take_digest(in);
  const auto sum = in.little<std::uint64_t>();
  if (sum != checksum(bytes, in.rest()) || records == 0) return false;
  payload_ = in.take(payload_bytes);
  const auto index = in.take(index_bytes);
  const auto receipt_text = in.take(receipt_bytes);
  return in.ok() && in.rest().empty() && payload_.size() >= 2 &&
         read_index(index, records, streams) && read_receipts(receipt_text, receipts);
}

result<block_view> block_view::open(std::string_view bytes, events::sequence key) {
  const auto where = "block " + std::to_string(key);
  if (bytes.size() < header_bytes || bytes.substr(0, magic.size()) != magic)
    return fail(errc::corrupt, "the bytes stored there are not a block of the log", where);
  byte_reader in{bytes.substr(magic.size())};
  const auto version = in.little<std::uint16_t>();
  const auto flags = in.little<std::uint16_t>();
  if (version > block_format_version || flags != 0)
    return fail(errc::corrupt,
                "the block was written by a newer version of apisync (block format " +
                    std::to_string(version) + "); read it with that version",
                where);
  block_view view;
  view.bytes_ = bytes.size();
  if (!view.read_header(bytes))
    return fail(errc::corrupt, "the block is damaged: its checksum does not match its bytes",
                where);
  if (view.first_ != key)
    return fail(errc::corrupt,
                "the block says that it begins with record " + std::to_string(view.first_), where);
  return view;
}

result<void> block_view::check_chain(sha256& hash) const {
  auto link = previous_;
  each_text(payload_, entries_, [&](std::string_view envelope, std::string_view data) {
    link = next_link(hash, link, envelope, data);
  });
  if (link != chain_)
    return fail(
        errc::corrupt,
        "the records do not hash to the chain that was written with them: they were changed",
        "block " + std::to_string(first_));
  return {};
}

result<std::optional<remembered_command>> find_receipt(std::string_view block, events::sequence key,
                                                       std::string_view id) {
  const auto view = block_view::open(block, key);
  if (!view) return tl::unexpected{view.error()};
  for (const auto& receipt : view->receipts())
    if (receipt.id == id)
      return remembered_command{receipt.fingerprint, std::string{receipt.answer}, receipt.sequence};
  return std::nullopt;
}

} // namespace apisync::storage
