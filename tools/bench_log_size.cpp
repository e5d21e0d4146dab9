#include "tools/bench_log_size.hpp"

#include "storage/rocksdb_log.hpp"
#include "tools/bench_log.hpp"
#include "tools/bench_mix.hpp"
#include "tools/scratch_folder.hpp"

#include <algorithm>
#include <optional>
#include <random>

namespace apisync::tools {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;

constexpr milliseconds tick{100}; ///< For so long the service collects rows.
constexpr std::chrono::hours day{24};
constexpr events::timestamp began{std::chrono::seconds{1'795'000'000}};

/// Sources that are polled in turn, each at its interval with up to a tenth of it more or less.
class simulated_service {
public:
  simulated_service(storage::event_log& log, const log_size_bench& how)
      : log_{log}, how_{how}, due_(how.sources), revisions_(how.sources), now_{began} {
    for (auto& time : due_)
      time = now_ + microseconds{below(microseconds{how.interval}.count())};
  }

  result<void> declare() {
    storage::append what;
    what.events = event_mix{how_.sources}.declarations();
    return commit({&what, 1});
  }

  /// What happens within a tick: one commit, or none.
  result<void> advance() {
    now_ += tick;
    events::syncs_started started;
    events::syncs_unchanged unchanged;
    std::vector<storage::append> appends;
    for (std::uint32_t source = 0; source < how_.sources; ++source) {
      if (due_[source] > now_) continue;
      auto const duration = microseconds{20'000 + below(60'000)};
      auto const next = due_[source] + how_.interval + jitter();
      started.rows.push_back({source + 1, due_[source]});
      if (changes())
        appends.push_back(changed(source, duration, next));
      else
        unchanged.rows.push_back({source + 1, due_[source] + duration, duration, "same", next});
      due_[source] = next;
    }
    if (!started.rows.empty()) appends.push_back(rows(encode("scheduler", started)));
    if (!unchanged.rows.empty()) appends.push_back(rows(encode("scheduler", unchanged)));
    return appends.empty() ? result<void>{} : commit(appends);
  }

private:
  std::int64_t below(std::int64_t limit) {
    return static_cast<std::int64_t>(random_() % static_cast<std::uint64_t>(limit));
  }
  microseconds jitter() {
    auto const tenth = microseconds{how_.interval}.count() / 10;
    return microseconds{below(2 * tenth) - tenth};
  }
  bool changes() { return below(day / how_.interval) == 0; }

  static storage::append rows(events::draft draft) {
    storage::append what;
    what.events.push_back(std::move(draft));
    return what;
  }

  /// The append of a sync that made a revision, with what else it records.
  storage::append changed(std::uint32_t source, microseconds duration, events::timestamp next) {
    auto const id = mixed_id(source);
    auto const number = ++revisions_[source];
    auto const hash = sha256::of(id + std::to_string(number));
    storage::append what;
    what.from.correlation = "sync-" + hash.hex().substr(0, 12);
    events::base_moved moved;
    moved.source = id;
    moved.text = moved.content = moved.canonical = hash;
    events::source_seen seen;
    seen.etag = "\"" + hash.hex().substr(0, 16) + "\"";
    seen.bytes_hash = hash.hex();
    what.events = {encode("api/" + id, typical_revision(number, hash)), encode("api/" + id, moved),
                   encode("source/" + id, seen),
                   encode("job/" + id, events::sync_changed{
                                           {due_[source] + duration, duration, next}, number, 0})};
    return what;
  }

  result<void> commit(std::span<const storage::append> appends) {
    auto const answers = log_.commit(appends, now_);
    if (!answers) return tl::unexpected{answers.error()};
    for (auto const& answer : *answers)
      if (!answer) return tl::unexpected{answer.error()};
    return {};
  }

  storage::event_log& log_;
  const log_size_bench& how_;
  std::vector<events::timestamp> due_;
  std::vector<std::uint64_t> revisions_;
  events::timestamp now_;
  std::mt19937_64 random_{1}; // NOLINT(*-msc51-cpp): the same figures each time
};

/// What is in a log.
struct log_bytes {
  double records = 0; ///< Their JSON.
  double on_disk = 0; ///< In files, compacted, with the index of streams.
  double commits = 0;
};

result<log_bytes> measure(storage::rocksdb_log& log) {
  log_bytes found;
  auto const read = log.each_block(0, [&](const storage::block_view& block) -> result<bool> {
    found.records += static_cast<double>(block.payload().size());
    ++found.commits;
    return true;
  });
  if (!read) return tl::unexpected{read.error()};
  if (auto const indexed = log.write_index_now(); !indexed) return tl::unexpected{indexed.error()};
  if (auto const settled = settle(log.base()); !settled) return tl::unexpected{settled.error()};
  found.on_disk = static_cast<double>(file_bytes(log.base()));
  return found;
}

} // namespace

result<bench_report> bench_log_size(const log_size_bench& how) {
  auto const folder = scratch_folder::make("apisync-bench-", how.folder);
  if (!folder) return tl::unexpected{folder.error()};
  auto const log = storage::rocksdb_log::open((*folder)->path() + "/data");
  if (!log) return tl::unexpected{log.error()};
  simulated_service service{**log, how};
  if (auto const declared = service.declare(); !declared) return tl::unexpected{declared.error()};
  auto const declarations = measure(**log);
  if (!declarations) return tl::unexpected{declarations.error()};
  auto const ticks = std::chrono::minutes{how.simulated_minutes} / tick;
  for (std::int64_t i = 0; i < ticks; ++i)
    if (auto const advanced = service.advance(); !advanced) return tl::unexpected{advanced.error()};
  auto const all = measure(**log);
  if (!all) return tl::unexpected{all.error()};

  constexpr double minutes_of_day = 24 * 60;
  auto const a_day = minutes_of_day / how.simulated_minutes;
  auto const name = std::to_string(how.sources) + " sources";
  auto const records = (all->records - declarations->records) * a_day;
  bench_report report{"log-size"};
  report.results.push_back({name + ", on disk", (all->on_disk - declarations->on_disk) * a_day,
                            "bytes/day", "before compression", records});
  report.results.push_back({name + ", before compression", records, "bytes/day"});
  report.results.push_back(
      {name + ", commits", (all->commits - declarations->commits) * a_day, "commits/day"});
  report.results.push_back({name + ", polls",
                            a_day * how.simulated_minutes * 60.0 * how.sources /
                                static_cast<double>(how.interval.count()),
                            "polls/day"});
  return report;
}

} // namespace apisync::tools
