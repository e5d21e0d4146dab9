#include "storage/rocks.hpp"

#include <rocksdb/convenience.h>
#include <rocksdb/file_checksum.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/table.h>

#include <filesystem>
#include <vector>

namespace apisync::storage {

namespace {

constexpr std::size_t events_block_bytes = 32U << 10U;
constexpr std::size_t scan_readahead_bytes = 2U << 20U;
constexpr std::uint64_t wal_bytes_max = 256U << 20U;

rocksdb::DBOptions database_options(rocksdb::Env* env) {
  rocksdb::DBOptions options;
  if (env != nullptr) options.env = env;
  // The default mode silently opens a log that lost its middle; the absolute one refuses a log
  // whose last, never acknowledged write was torn.
  options.wal_recovery_mode = rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
  options.file_checksum_gen_factory = rocksdb::GetFileChecksumGenCrc32cFactory();
  options.max_total_wal_size = wal_bytes_max;
  options.max_background_jobs = 2;
  options.keep_log_file_num = 4;
  options.info_log_level = rocksdb::InfoLogLevel::WARN_LEVEL;
  return options;
}

rocksdb::ColumnFamilyOptions family(std::size_t block_bytes, rocksdb::CompressionType compression,
                                    bool points) {
  rocksdb::BlockBasedTableOptions table;
  table.block_size = block_bytes;
  if (points) table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
  rocksdb::ColumnFamilyOptions options;
  options.compression = compression;
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  return options;
}

std::vector<rocksdb::ColumnFamilyDescriptor> families() {
  constexpr std::size_t small = 4U << 10U;
  return {{rocksdb::kDefaultColumnFamilyName, rocksdb::ColumnFamilyOptions{}},
          {"events", family(events_block_bytes, rocksdb::kZSTD, false)},
          {"streams", family(4 * small, rocksdb::kZSTD, false)},
          // Documents are compressed before they come here.
          {"documents", family(small, rocksdb::kNoCompression, true)}};
}

} // namespace

error rocks_error(const rocksdb::Status& status, std::string where) {
  if (status.IsNoSpace())
    return {errc::io, "the disk is full (ENOSPC); make room and start again", std::move(where)};
  const auto damaged = status.IsCorruption();
  return {damaged ? errc::corrupt : errc::io,
          (damaged ? "the database is damaged: " : "the disk or the database failed: ") +
              status.ToString(),
          std::move(where)};
}

result<void> replace_file(rocksdb::Env& env, const std::string& path, const std::string& text) {
  const auto fresh = path + ".new";
  auto status = rocksdb::WriteStringToFile(&env, text, fresh, true);
  if (status.ok()) status = env.RenameFile(fresh, path);
  std::unique_ptr<rocksdb::Directory> folder;
  if (status.ok())
    status = env.NewDirectory(std::filesystem::path{path}.parent_path().string(), &folder);
  if (status.ok()) status = folder->Fsync();
  if (!status.ok()) return tl::unexpected{rocks_error(status, path)};
  return {};
}

result<std::unique_ptr<database>> database::open(const std::string& path, rocksdb::Env* env,
                                                 bool create) {
  auto options = database_options(env);
  options.create_if_missing = create;
  options.create_missing_column_families = create;
  // Without it, a log whose older WAL was deleted opens with a hole.
  options.track_and_verify_wals_in_manifest = true;
  rocksdb::DB* db = nullptr;
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  const auto status = rocksdb::DB::Open(options, path, families(), &handles, &db);
  if (!status.ok()) return tl::unexpected{rocks_error(status, path)};
  return std::unique_ptr<database>{new database{db, std::move(handles)}};
}

result<std::unique_ptr<database>> database::open_secondary(const std::string& path,
                                                           const std::string& scratch) {
  auto options = database_options(nullptr);
  options.max_open_files = -1; // A secondary keeps its files, which the writer may delete.
  rocksdb::DB* db = nullptr;
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  const auto status =
      rocksdb::DB::OpenAsSecondary(options, path, scratch, families(), &handles, &db);
  if (!status.ok()) return tl::unexpected{rocks_error(status, path)};
  return std::unique_ptr<database>{new database{db, std::move(handles)}};
}

database::~database() {
  rocksdb::CancelAllBackgroundWork(db_.get(), true);
  for (auto* handle : families_)
    db_->DestroyColumnFamilyHandle(handle);
  db_->Close().PermitUncheckedError();
}

std::unique_ptr<rocksdb::Iterator> database::scan(rocksdb::ColumnFamilyHandle* from) const {
  rocksdb::ReadOptions options;
  options.fill_cache = false;
  options.readahead_size = scan_readahead_bytes;
  return std::unique_ptr<rocksdb::Iterator>{db_->NewIterator(options, from)};
}

} // namespace apisync::storage
