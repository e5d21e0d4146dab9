#include "storage/log_reader.hpp"

#include <rocksdb/env.h>

#include <cstdlib>
#include <filesystem>

namespace apisync::storage {

/// A secondary writes its own info log somewhere; not into the data directory.
class log_reader::scratch_folder {
public:
  static result<std::unique_ptr<scratch_folder>> make() {
    std::error_code problem;
    auto path = (std::filesystem::temp_directory_path(problem) / "apisync-reader-XXXXXX").string();
    if (problem || ::mkdtemp(path.data()) == nullptr)
      return fail(errc::io, "a temporary directory cannot be made; set TMPDIR to one", path);
    return std::unique_ptr<scratch_folder>{new scratch_folder{std::move(path)}};
  }
  ~scratch_folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  scratch_folder(const scratch_folder&) = delete;
  scratch_folder& operator=(const scratch_folder&) = delete;
  [[nodiscard]] const std::string& path() const { return path_; }

private:
  explicit scratch_folder(std::string path) : path_{std::move(path)} {}
  std::string path_;
};

log_reader::log_reader(data_directory where, std::unique_ptr<database> base,
                       std::unique_ptr<scratch_folder> scratch)
    : stored_log{std::move(where), std::move(base), {}}, scratch_{std::move(scratch)} {}

log_reader::~log_reader() {
  database_.reset();
} // While its folder is there.

result<std::unique_ptr<log_reader>> log_reader::open(const std::string& path) {
  auto& env = *rocksdb::Env::Default();
  const data_directory where{path};
  const auto format = read_format(env, where);
  if (!format) return tl::unexpected{format.error()};
  if (*format == data_format::missing)
    return fail(errc::not_found, "there is no log here: the directory has no format marker", path);
  // Before the log, so that a writer at work cannot make the anchor look ahead of it.
  const auto acknowledged = anchor::read(env, where.anchor());
  if (!acknowledged)
    return fail(errc::corrupt,
                acknowledged.error().message +
                    "; without it, nobody knows whether the log is whole",
                where.anchor());
  auto scratch = scratch_folder::make();
  if (!scratch) return tl::unexpected{scratch.error()};
  auto base = database::open_secondary(where.database(), (*scratch)->path());
  if (!base) return tl::unexpected{base.error()};
  std::unique_ptr<log_reader> log{new log_reader{where, std::move(*base), std::move(*scratch)}};
  if (auto restored = log->restore(); !restored) return tl::unexpected{restored.error()};
  if (auto taken = log->take_new_blocks([] { return result<void>{}; }); !taken)
    return tl::unexpected{taken.error()};
  if (auto there = log->check_anchor(*acknowledged); !there) return tl::unexpected{there.error()};
  return log;
}

result<void> log_reader::catch_up() {
  const auto status = database_->db().TryCatchUpWithPrimary();
  if (!status.ok()) return tl::unexpected{rocks_error(status, where_.path)};
  return take_new_blocks([] { return result<void>{}; });
}

result<void> log_reader::store(const planned_commit& /*commit*/) {
  return fail(errc::unsupported, "this log was opened for reading only", where_.path);
}

result<void>
log_reader::acknowledge(std::span<const std::shared_ptr<const planned_commit>> /*commits*/) {
  return fail(errc::unsupported, "this log was opened for reading only", where_.path);
}

} // namespace apisync::storage
