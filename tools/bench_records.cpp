#include "tools/bench_records.hpp"

#include "events/event.hpp"

#include <numeric>

namespace apisync::tools {
namespace {

constexpr events::timestamp began{std::chrono::seconds{1'795'000'000}};

events::sync_end end_of(std::uint32_t i) {
  using std::chrono::microseconds;
  events::sync_end end;
  end.ended = began + microseconds{i * 7'919};
  end.duration = microseconds{20'000 + i % 90'000};
  end.next_attempt = end.ended + microseconds{30'000'000 + i % 3'000'000};
  return end;
}

events::draft made(std::uint32_t i, const std::string& id) {
  constexpr std::uint32_t kinds = 4;
  switch (i % kinds) {
  case 0:
  case 1: {
    events::sync_changed changed;
    changed.end = end_of(i);
    changed.revision = 1 + i % 400;
    return encode("job/" + id, changed);
  }
  case 2: {
    events::sync_failed failed;
    failed.end = end_of(i);
    failed.reason = "the server answered 503";
    failed.where = "https://" + id + ".example.com";
    failed.retry_count = i % 3;
    return encode("job/" + id, failed);
  }
  default: {
    events::source_seen seen;
    seen.etag = "\"6553f100-" + std::to_string(1'000 + i) + "\"";
    seen.bytes_hash = sha256::of(id).hex();
    seen.size = 20'000 + i;
    return encode("source/" + id, seen);
  }
  }
}

} // namespace

bench_records::bench_records(std::uint32_t streams) {
  for (std::uint32_t i = 0; i < streams; ++i) {
    auto what = std::make_shared<storage::append>();
    what->events.push_back(made(i, "service-" + std::to_string(i)));
    what->from.correlation = "sync-0000c0ffee42";
    what->from.causation = 1'234'567;
    events::write_record(texts_.emplace_back(), 1'234'567, 1 + i % 100, began, what->from,
                         what->events.front());
    appends_.push_back(std::move(what));
  }
}

double bench_records::mean_text_bytes() const {
  auto const bytes =
      std::accumulate(texts_.begin(), texts_.end(), std::size_t{0},
                      [](std::size_t sum, const std::string& text) { return sum + text.size(); });
  return static_cast<double>(bytes) / static_cast<double>(texts_.size());
}

} // namespace apisync::tools
