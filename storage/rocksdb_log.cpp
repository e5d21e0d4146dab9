#include "storage/rocksdb_log.hpp"

#include "storage/bytes.hpp"
#include "storage/commit_planner.hpp"

#include <rocksdb/env.h>
#include <rocksdb/write_batch.h>

namespace apisync::storage {

namespace {

/// While opening, the index is written in steps, so that a log without one needs little memory.
constexpr std::size_t index_step_blocks = 4096;

rocksdb::Env& environment(rocksdb::Env* chosen) {
  return chosen != nullptr ? *chosen : *rocksdb::Env::Default();
}

result<void> make_directory(rocksdb::Env& env, const data_directory& where, bool create) {
  if (env.FileExists(where.path).ok()) return {};
  if (!create)
    return fail(errc::not_found, "there is no data directory here; `apisync serve` makes one",
                where.path);
  const auto status = env.CreateDirIfMissing(where.path);
  if (!status.ok())
    return fail(errc::io, "the data directory cannot be made: " + status.ToString(), where.path);
  return {};
}

} // namespace

result<std::unique_ptr<rocksdb_log>> rocksdb_log::open(const std::string& path,
                                                       const log_options& options) {
  auto& env = environment(options.env);
  const data_directory where{path};
  if (auto made = make_directory(env, where, options.create); !made)
    return tl::unexpected{made.error()};
  const auto format = read_format(env, where);
  if (!format) return tl::unexpected{format.error()};
  const auto fresh = *format == data_format::missing;
  if (fresh && !options.create)
    return fail(errc::not_found, "this is not a data directory: it has no format marker", path);
  auto lock = directory_lock::take(env, where);
  if (!lock) return tl::unexpected{lock.error()};
  if (!fresh) {
    const auto there = env.FileExists(where.database() + "/CURRENT");
    if (there.IsNotFound())
      return fail(errc::corrupt,
                  "the database is missing; bring the data directory back from a backup",
                  where.database());
  }
  auto base = database::open(where.database(), options.env, fresh);
  if (!base) {
    auto problem = base.error();
    if (problem.code == errc::corrupt)
      problem.message += "; `apisync log verify --data " + path +
                         "` shows what is there, and a backup brings the rest back";
    return tl::unexpected{problem};
  }
  std::unique_ptr<rocksdb_log> log{
      new rocksdb_log{where, options, std::move(*lock), std::move(*base)}};
  if (auto loaded = log->check_and_load(env, fresh); !loaded) return tl::unexpected{loaded.error()};
  log->indexer_ =
      std::jthread{[raw = log.get()](const std::stop_token& stop) { raw->keep_indexing(stop); }};
  return log;
}

rocksdb_log::rocksdb_log(data_directory where, const log_options& options, directory_lock lock,
                         std::unique_ptr<database> base)
    : stored_log{std::move(where), std::move(base), options.retention},
      lock_{std::move(lock)},
      index_every_blocks_{options.index_every_blocks},
      env_{environment(options.env)},
      free_bytes_min_{options.free_bytes_min} {}

rocksdb_log::~rocksdb_log() {
  if (indexer_.joinable()) {
    indexer_.request_stop();
    indexer_.join();
    // The index is made anew from the blocks where it is missing.
    static_cast<void>(write_index_now());
  }
  database_.reset(); // While the directory is still locked.
}

result<void> rocksdb_log::check_and_load(rocksdb::Env& env, bool fresh) {
  std::optional<anchor_point> acknowledged;
  if (auto point = anchor::read(env, where_.anchor()); point)
    acknowledged = *point;
  else if (!fresh || point.error().code != errc::not_found)
    return tl::unexpected{
        with_advice({errc::corrupt,
                     point.error().message + "; without it, nobody knows whether the log is whole",
                     where_.anchor()})};
  // The last key is the head that is checked against; blocks are taken in one by one.
  if (auto restored = restore(); !restored) return restored;
  auto taken = take_new_blocks([this]() -> result<void> {
    return tail_.blocks < index_step_blocks ? result<void>{} : write_index_now();
  });
  if (!taken) return taken;
  if (fresh && head() != 0)
    return tl::unexpected{with_advice(
        {errc::corrupt, "the log has records, but the format marker is missing", where_.format()})};
  if (!acknowledged) {
    if (auto made = anchor::create(env, where_.anchor(), {}); !made) return made;
    acknowledged = anchor_point{};
  }
  if (auto there = check_anchor(*acknowledged); !there) return there;
  auto file = anchor::open(env, where_.anchor());
  if (!file) return tl::unexpected{file.error()};
  anchor_ = std::move(*file);
  stored_ = {head(), chain()};
  // What was recovered beyond the anchor is on disk now: RocksDB flushes the WAL it recovers.
  if (head() != acknowledged->sequence)
    if (auto written = anchor_->write({head(), chain()}); !written) return written;
  return fresh ? write_format(env, where_) : result<void>{};
}

tl::unexpected<error> rocksdb_log::give_up(const error& cause) {
  error problem{errc::unknown_outcome,
                "a commit failed, and nobody knows what of it is on disk; the log must be opened "
                "anew: " +
                    cause.message,
                cause.where};
  const std::unique_lock lock{mutex_};
  failed_ = problem;
  return tl::unexpected{std::move(problem)};
}

result<void> rocksdb_log::put(const planned_commit& commit) {
  rocksdb::WriteOptions options;
  options.sync = true;
  constexpr std::size_t protection = 8; // Bytes of checksum per key, from here to the memtable.
  rocksdb::WriteBatch batch{commit.block.size() + 256, 0, protection, 0};
  auto status =
      batch.Put(database_->events(), big_endian_key(commit.first), as_slice(commit.block));
  for (const auto* document : commit.documents)
    if (status.ok())
      status = batch.Put(database_->documents(), as_slice(document->hash.view()),
                         as_slice(document->encoded));
  if (status.ok()) status = database_->db().Write(options, &batch);
  if (!status.ok()) return tl::unexpected{rocks_error(status, where_.path)};
  return {};
}

result<void> rocksdb_log::store(const planned_commit& commit) {
  if (auto problem = failure()) return tl::unexpected{*problem};
  auto stored = check(commit, stored_.sequence, stored_.chain);
  if (stored) stored = put(commit);
  if (!stored) return give_up(stored.error());
  stored_ = {commit.last, commit.chain};
  return {};
}

result<void>
rocksdb_log::acknowledge(std::span<const std::shared_ptr<const planned_commit>> commits) {
  if (auto problem = failure()) return tl::unexpected{*problem};
  const auto& last = *commits.back();
  if (auto anchored = anchor_->write({last.last, last.chain}); !anchored)
    return give_up(anchored.error());
  auto due = false;
  {
    const std::unique_lock lock{mutex_};
    for (const auto& commit : commits) {
      state_.apply(*commit);
      tail_.add(*commit);
    }
    due = tail_.blocks >= index_every_blocks_;
  }
  if (due) {
    {
      const std::lock_guard lock{wake_mutex_};
      index_due_ = true;
    }
    wake_.notify_one();
  }
  return {};
}

result<void> rocksdb_log::room() const {
  std::uint64_t free = 0;
  const auto status = env_.GetFreeSpace(where_.path, &free);
  if (!status.ok() || free >= free_bytes_min_) return {}; // a commit finds out what is wrong
  return fail(errc::unavailable,
              "the disk is nearly full (" + std::to_string(free >> 20U) + " MiB are free, " +
                  std::to_string(free_bytes_min_ >> 20U) +
                  " are needed); nothing is written until there is room",
              where_.path);
}

result<void> rocksdb_log::write_index_now() {
  const std::lock_guard one_at_a_time{indexing_};
  {
    const std::unique_lock lock{mutex_};
    if (failed_ || tail_.blocks == 0) return {};
    settling_ = std::exchange(tail_, {});
  }
  rocksdb::WriteBatch batch;
  write_index(batch, database_->streams(), settling_);
  const auto status = database_->db().Write({}, &batch);
  if (!status.ok()) return give_up(rocks_error(status, where_.path));
  const std::unique_lock lock{mutex_};
  indexed_ = settling_.end;
  settling_ = {};
  return {};
}

void rocksdb_log::keep_indexing(const std::stop_token& stop) {
  for (;;) {
    {
      std::unique_lock lock{wake_mutex_};
      if (!wake_.wait(lock, stop, [this] { return index_due_; })) return;
      index_due_ = false;
    }
    if (!write_index_now()) return;
  }
}

} // namespace apisync::storage
