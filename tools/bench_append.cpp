#include "tools/bench_append.hpp"

#include "storage/rocksdb_log.hpp"
#include "tools/bench_disk.hpp"
#include "tools/bench_journal.hpp"
#include "tools/scratch_folder.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace apisync::tools {
namespace {

/// Rounds in which the sides take turns, so that what else the machine does hits all of them.
constexpr int rounds = 5;

struct case_outcome {
  std::vector<double> journal, batches, file; ///< Events per second, by round.
  double commit = 1;                          ///< Mean events of a commit.
};

/// The log and what it is compared with, in one folder.
struct sides {
  std::unique_ptr<journal_load> journal;
  std::unique_ptr<synced_batches> batches;
  std::unique_ptr<synced_file> file;

  static result<sides> open(const std::string& folder, const bench_records& records) {
    auto log = storage::rocksdb_log::open(folder + "/journal");
    if (!log) return tl::unexpected{log.error()};
    auto batches = synced_batches::open(folder + "/batches");
    if (!batches) return tl::unexpected{batches.error()};
    auto file = synced_file::open(folder + "/file");
    if (!file) return tl::unexpected{file.error()};
    return sides{std::make_unique<journal_load>(std::move(*log), records), std::move(*batches),
                 std::move(*file)};
  }

  result<void> take_turn(std::uint32_t waiting, std::chrono::milliseconds time,
                         const bench_records& records, case_outcome& into) const {
    auto const load = journal->run(waiting, time);
    if (!load) return tl::unexpected{load.error()};
    auto const events = static_cast<double>(load->events);
    into.commit = events / static_cast<double>(load->commits);
    auto const batch = static_cast<std::uint32_t>(std::max(1L, std::lround(into.commit)));
    auto const of_batches = batches->run(records, batch, time);
    if (!of_batches) return tl::unexpected{of_batches.error()};
    auto const of_file = file->run(records, batch, time);
    if (!of_file) return tl::unexpected{of_file.error()};
    into.journal.push_back(events / load->time.count());
    into.batches.push_back(*of_batches);
    into.file.push_back(*of_file);
    return {};
  }
};

result<case_outcome> measure(std::uint32_t waiting, const append_bench& how,
                             const bench_records& records) {
  auto const folder = scratch_folder::make("apisync-bench-", how.folder);
  if (!folder) return tl::unexpected{folder.error()};
  auto const compared = sides::open((*folder)->path(), records);
  if (!compared) return tl::unexpected{compared.error()};
  case_outcome outcome;
  auto const turn = how.time / rounds;
  case_outcome warm_up;
  if (auto const ran = compared->take_turn(waiting, turn / 4, records, warm_up); !ran)
    return tl::unexpected{ran.error()};
  for (int round = 0; round < rounds; ++round)
    if (auto const ran = compared->take_turn(waiting, turn, records, outcome); !ran)
      return tl::unexpected{ran.error()};
  return outcome;
}

} // namespace

result<bench_report> bench_append(const append_bench& how) {
  bench_records const records{how.streams};
  bench_report report{"append"};
  report.results.push_back({"mean record", records.mean_text_bytes(), "bytes"});
  report.results.push_back({"streams", static_cast<double>(how.streams), "streams"});
  for (auto const waiting : how.waiting) {
    auto const outcome = measure(waiting, how, records);
    if (!outcome) return tl::unexpected{outcome.error()};
    auto const name = std::to_string(waiting) + (waiting == 1 ? " appender" : " appenders");
    auto const value = median(outcome->journal);
    report.results.push_back(
        {name, value, "events/s", "rocksdb, equal batches", median(outcome->batches)});
    report.results.push_back({name + ", beside a file", value, "events/s",
                              "fdatasync, equal writes", median(outcome->file)});
    report.results.push_back({name + ", mean commit", outcome->commit, "events"});
  }
  return report;
}

} // namespace apisync::tools
