#include "tools/bench_log.hpp"

#include "storage/bytes.hpp"

#include <rocksdb/db.h>
#include <rocksdb/env.h>

#include <filesystem>

namespace apisync::tools {

result<log_maker> log_maker::make(const std::string& path) {
  std::error_code problem;
  std::filesystem::create_directories(path, problem);
  if (problem) return fail(errc::io, "cannot be made: " + problem.message(), path);
  storage::data_directory where{path};
  auto base = storage::database::open(where.database(), nullptr, true);
  if (!base) return tl::unexpected{base.error()};
  return log_maker{std::move(where), std::move(*base)};
}

result<void> log_maker::commit(std::span<const events::draft> drafts, events::timestamp time) {
  storage::block_writer block{end_.sequence + 1, end_.chain, time};
  for (auto const& draft : drafts)
    block.add(draft, ++versions_[draft.stream], {});
  auto const bytes = block.finish();
  auto const status = base_->db().Put(
      {}, base_->events(), storage::big_endian_key(end_.sequence + 1), storage::as_slice(bytes));
  if (!status.ok()) return tl::unexpected{storage::rocks_error(status, where_.path)};
  end_ = {end_.sequence + drafts.size(), block.chain()};
  return {};
}

result<std::unique_ptr<storage::log_reader>> log_maker::finish() {
  if (auto const settled = settle(*base_); !settled) return tl::unexpected{settled.error()};
  base_.reset();
  auto& env = *rocksdb::Env::Default();
  if (auto const made = storage::anchor::create(env, where_.anchor(), end_); !made)
    return tl::unexpected{made.error()};
  if (auto const marked = storage::write_format(env, where_); !marked)
    return tl::unexpected{marked.error()};
  return storage::log_reader::open(where_.path);
}

result<void> settle(const storage::database& base) {
  for (auto* const family : {base.events(), base.streams(), base.documents()}) {
    auto status = base.db().Flush({}, family);
    if (status.ok()) status = base.db().CompactRange({}, family, nullptr, nullptr);
    if (!status.ok()) return tl::unexpected{storage::rocks_error(status, "compaction")};
  }
  return {};
}

std::uint64_t file_bytes(const storage::database& base) {
  std::vector<rocksdb::LiveFileMetaData> files;
  base.db().GetLiveFilesMetaData(&files);
  std::uint64_t bytes = 0;
  for (auto const& file : files)
    bytes += file.size;
  return bytes;
}

} // namespace apisync::tools
