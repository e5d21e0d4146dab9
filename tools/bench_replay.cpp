#include "tools/bench_replay.hpp"

#include "actors/replay.hpp"
#include "tools/bench_log.hpp"
#include "tools/bench_mix.hpp"
#include "tools/bench_rounds.hpp"
#include "tools/scratch_folder.hpp"

#include <simdjson.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <optional>
#include <vector>

namespace apisync::tools {
namespace {

/// Rounds in which the ways take turns, so that what else the machine does hits all of them.
constexpr int rounds = 3;
constexpr std::uint32_t declarations_in_commit = 256;

/// A log to read, and how many events it holds.
struct made_log {
  std::unique_ptr<storage::log_reader> log;
  double events = 0;
  double records = 0;
};

result<made_log> make_log(const replay_bench& how, std::uint32_t in_commit,
                          const std::string& path) {
  auto maker = log_maker::make(path);
  if (!maker) return tl::unexpected{maker.error()};
  event_mix mix{how.sources};
  events::timestamp time{std::chrono::seconds{1'795'000'000}};
  std::uint64_t made = 0;
  auto const declared = mix.declarations();
  for (std::size_t at = 0; at < declared.size(); at += declarations_in_commit) {
    auto const count = std::min<std::size_t>(declarations_in_commit, declared.size() - at);
    if (auto done = maker->commit({declared.data() + at, count}, time); !done)
      return tl::unexpected{done.error()};
    made += count;
  }
  while (made < how.events) {
    time += std::chrono::milliseconds{1};
    auto const count =
        static_cast<std::uint32_t>(std::min<std::uint64_t>(in_commit, how.events - made));
    if (auto done = maker->commit(mix.next(count), time); !done)
      return tl::unexpected{done.error()};
    made += count;
  }
  auto const records = static_cast<double>(maker->head());
  auto log = maker->finish();
  if (!log) return tl::unexpected{log.error()};
  return made_log{std::move(*log), static_cast<double>(made), records};
}

/// The database's iterator alone.
result<void> iterate(const storage::log_reader& log) {
  auto const it = log.base().scan(log.base().events());
  std::uint64_t bytes = 0;
  for (it->SeekToFirst(); it->Valid(); it->Next())
    bytes += it->value().size();
  if (!it->status().ok() || bytes == 0) return fail(errc::corrupt, "the log cannot be iterated");
  return {};
}

/// Where the records' JSON lies in each block, so that reading it costs the reference nothing.
using payload_places = std::vector<std::pair<std::size_t, std::size_t>>;

result<payload_places> find_payloads(const storage::log_reader& log) {
  payload_places places;
  auto const it = log.base().scan(log.base().events());
  events::sequence next = 1;
  for (it->SeekToFirst(); it->Valid(); it->Next()) {
    auto const bytes = storage::as_text(it->value());
    auto const block = storage::block_view::open(bytes, next);
    if (!block) return tl::unexpected{block.error()};
    next = block->last() + 1;
    places.emplace_back(block->payload().data() - bytes.data(), block->payload().size());
  }
  return places;
}

/// The database's iterator, and simdjson over every block: no reader of JSON blocks is faster.
result<void> iterate_and_parse(const storage::log_reader& log, const payload_places& places) {
  simdjson::dom::parser parser;
  std::vector<char> padded;
  auto const it = log.base().scan(log.base().events());
  std::size_t block = 0;
  for (it->SeekToFirst(); it->Valid(); it->Next(), ++block) {
    auto const [at, bytes] = places[block];
    if (padded.size() < bytes + simdjson::SIMDJSON_PADDING)
      padded.resize(2 * bytes + simdjson::SIMDJSON_PADDING);
    std::memcpy(padded.data(), it->value().data() + at, bytes);
    if (parser.parse(padded.data(), bytes, false).error() != simdjson::SUCCESS)
      return fail(errc::corrupt, "the log cannot be parsed");
  }
  if (!it->status().ok()) return fail(errc::corrupt, "the log cannot be iterated");
  return {};
}

result<void> check_chain(const storage::log_reader& log) {
  sha256 hash;
  return log.each_block(0, [&](const storage::block_view& block) -> result<bool> {
    if (auto linked = block.check_chain(hash); !linked) return tl::unexpected{linked.error()};
    return true;
  });
}

/// Folds as a start of the service does; the views are given out, for freeing them is no part of
/// it.
result<void> fold(const storage::log_reader& log, std::optional<events::views>& into) {
  auto views = actors::replay(log);
  if (!views) return tl::unexpected{views.error()};
  into.emplace(std::move(*views));
  return {};
}

result<void> measure(const replay_bench& how, std::uint32_t in_commit, bench_report& report) {
  auto const folder = scratch_folder::make("apisync-bench-", how.folder);
  if (!folder) return tl::unexpected{folder.error()};
  auto const made = make_log(how, in_commit, (*folder)->path() + "/data");
  if (!made) return tl::unexpected{made.error()};
  auto const& log = *made->log;
  auto const places = find_payloads(log);
  if (!places) return tl::unexpected{places.error()};
  std::optional<events::views> views;
  std::vector<way> ways{{[&] { return fold(log, views); }, [&] { views.reset(); }},
                        {[&] { return iterate_and_parse(log, *places); }},
                        {[&] { return iterate(log); }},
                        {[&] { return check_chain(log); }}};
  if (auto done = take_turns(ways, rounds); !done) return done;
  auto const rate = [&](std::size_t i) { return made->events / ways[i].time(); };
  auto const commits = ", commits of " + std::to_string(in_commit);
  auto& results = report.results;
  results.push_back(
      {"fold into all views" + commits, rate(0), "events/s", "iterate and parse", rate(1)});
  results.push_back({"iterate and parse" + commits, rate(1), "events/s", "iterate", rate(2)});
  results.push_back({"check the chain" + commits, rate(3), "events/s"});
  results.push_back({"records" + commits, made->records, "records"});
  return {};
}

} // namespace

result<bench_report> bench_replay(const replay_bench& how) {
  bench_report report{"replay"};
  report.results.push_back({"events", static_cast<double>(how.events), "events"});
  report.results.push_back({"sources", static_cast<double>(how.sources), "sources"});
  for (auto const in_commit : {1U, 256U})
    if (auto measured = measure(how, in_commit, report); !measured)
      return tl::unexpected{measured.error()};
  return report;
}

} // namespace apisync::tools
