#include "storage/block_visit.hpp"

#include <algorithm>
#include <memory>

namespace apisync::storage {

namespace {

bool is_utf8(std::string_view text) {
  return simdjson::validate_utf8(text.data(), text.size());
}

/// A parser with a buffer that ends in the padding which simdjson reads over.
class scratch {
public:
  simdjson::simdjson_result<simdjson::dom::element> parse(std::string_view text) {
    const auto needed = text.size() + simdjson::SIMDJSON_PADDING;
    if (needed > capacity_) {
      capacity_ = std::max(needed, 2 * capacity_);
      buffer_ = std::make_unique<char[]>(capacity_);
    }
    std::copy(text.begin(), text.end(), buffer_.get());
    std::fill_n(buffer_.get() + text.size(), simdjson::SIMDJSON_PADDING, '\0');
    return parser_.parse(buffer_.get(), text.size(), false);
  }

  [[nodiscard]] std::size_t capacity() const { return capacity_; }

private:
  simdjson::dom::parser parser_;
  std::unique_ptr<char[]> buffer_;
  std::size_t capacity_ = 0;
};

/// Larger ones, which hold tens of times their text, are not kept between calls.
constexpr std::size_t kept_scratch_bytes = std::size_t{1} << 20U;

thread_local std::unique_ptr<scratch> spare_scratch;

/// Borrows the thread's parser, or a new one where a visitor reads while the first is in use.
class borrowed_scratch {
public:
  borrowed_scratch()
      : scratch_{spare_scratch ? std::move(spare_scratch) : std::make_unique<scratch>()} {}
  ~borrowed_scratch() {
    if (scratch_->capacity() <= kept_scratch_bytes) spare_scratch = std::move(scratch_);
  }
  borrowed_scratch(const borrowed_scratch&) = delete;
  borrowed_scratch& operator=(const borrowed_scratch&) = delete;
  scratch* operator->() { return scratch_.get(); }

private:
  std::unique_ptr<scratch> scratch_;
};

/// The block's number of the wanted stream; nothing where the block has none of its records.
std::optional<std::uint32_t> stream_number(const block_view& block, std::string_view name) {
  const auto streams = block.streams();
  const auto at = std::find_if(streams.begin(), streams.end(),
                               [&](const block_stream& row) { return row.name == name; });
  if (at == streams.end()) return std::nullopt;
  return static_cast<std::uint32_t>(at - streams.begin());
}

/// A cheap first look. Names of types need no escapes; one that does is looked for in full.
bool may_hold_type(const block_view& block, std::string_view type) {
  if (type.find_first_of("\\\"") != std::string_view::npos) return true;
  return block.payload().find("\"type\":\"" + std::string{type} + '"') != std::string_view::npos;
}

error unreadable(const block_view& block, std::string_view why) {
  return {errc::corrupt, "the records are not readable JSON: " + std::string{why},
          "block " + std::to_string(block.first())};
}

/// What remains to be asked of each record, and the visitor.
class record_sieve {
public:
  record_sieve(const read_filter& filter, const record_visitor& visit)
      : filter_{filter}, visit_{visit} {}

  /// False when the reading is to end.
  result<bool> pass(events::sequence expected, const simdjson::dom::element& json) const {
    auto record = events::read_record(json);
    if (!record) return tl::unexpected{record.error()};
    if (record->sequence != expected)
      return fail(errc::corrupt, "record " + std::to_string(expected) + " says that it is " +
                                     std::to_string(record->sequence));
    if (filter_.type && record->type != *filter_.type) return true;
    return visit_(*record);
  }

  [[nodiscard]] bool wants(events::sequence number) const {
    return number > filter_.after && (!filter_.up_to || number <= *filter_.up_to);
  }

private:
  const read_filter& filter_;
  const record_visitor& visit_;
};

result<bool> visit_whole(const block_view& block, std::optional<std::uint32_t> stream,
                         const record_sieve& sieve) {
  borrowed_scratch parser;
  simdjson::dom::array records;
  if (const auto problem = parser->parse(block.payload()).get(records))
    return tl::unexpected{unreadable(block, simdjson::error_message(problem))};
  const auto entries = block.entries();
  std::size_t at = 0;
  for (const auto json : records) {
    if (at == entries.size())
      return tl::unexpected{unreadable(block, "there are more than the index has")};
    const auto number = block.first() + at;
    const auto wanted = !stream || entries[at].stream == *stream;
    ++at;
    if (!wanted || !sieve.wants(number)) continue;
    auto more = sieve.pass(number, json);
    if (!more || !*more) return more;
  }
  if (at != entries.size())
    return tl::unexpected{unreadable(block, "there are fewer than the index has")};
  return true;
}

result<bool> visit_few(const block_view& block, std::uint32_t stream, const record_sieve& sieve) {
  borrowed_scratch parser;
  std::size_t offset = 1;
  auto number = block.first();
  for (const auto& entry : block.entries()) {
    const auto text = block.payload().substr(offset, entry.record_bytes);
    offset += entry.record_bytes + 1;
    const auto here = number++;
    if (entry.stream != stream || !sieve.wants(here)) continue;
    simdjson::dom::element json;
    if (const auto problem = parser->parse(text).get(json))
      return tl::unexpected{unreadable(block, simdjson::error_message(problem))};
    auto more = sieve.pass(here, json);
    if (!more || !*more) return more;
  }
  return true;
}

} // namespace

result<bool> visit_block(const block_view& block, const read_filter& filter,
                         const record_visitor& visit) {
  if ((filter.from && block.time() < *filter.from) || (filter.to && block.time() >= *filter.to))
    return true;
  if (filter.type && !may_hold_type(block, *filter.type)) return true;
  const record_sieve sieve{filter, visit};
  if (!filter.stream) return visit_whole(block, std::nullopt, sieve);
  const auto stream = stream_number(block, *filter.stream);
  if (!stream) return true;
  if (std::size_t{block.streams()[*stream].records} * 2 > block.entries().size())
    return visit_whole(block, stream, sieve);
  return visit_few(block, *stream, sieve);
}

bool readable(const events::draft& event) {
  borrowed_scratch parser;
  simdjson::dom::object data;
  return parser->parse(event.data).get(data) == simdjson::SUCCESS && is_utf8(event.stream) &&
         is_utf8(event.type);
}

bool readable(const events::origin& from) {
  return is_utf8(from.by) && is_utf8(from.correlation);
}

} // namespace apisync::storage
