#include "storage/data_directory.hpp"

#include "storage/rocks.hpp"

#include <rocksdb/env.h>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <fcntl.h>
#include <optional>
#include <string_view>
#include <unistd.h>
#include <utility>

namespace apisync::storage {

// format := "apisync data " version '\n'             decimal; 1 is the first

namespace {

constexpr std::string_view format_prefix = "apisync data ";
constexpr unsigned format_version = 1;

/// Who holds a lock that this process does not hold. (Opening and closing the file of a lock that
/// it holds itself would release it.)
std::optional<pid_t> holder(const std::string& path) {
  const auto file = ::open(path.c_str(), O_RDWR | O_CLOEXEC);
  if (file < 0) return std::nullopt;
  struct flock question {};
  question.l_type = F_WRLCK;
  question.l_whence = SEEK_SET;
  const auto asked = ::fcntl(file, F_GETLK, &question);
  ::close(file);
  if (asked != 0 || question.l_type == F_UNLCK) return std::nullopt;
  return question.l_pid;
}

} // namespace

result<data_format> read_format(rocksdb::Env& env, const data_directory& where) {
  const auto path = where.format();
  if (env.FileExists(path).IsNotFound()) return data_format::missing;
  std::string text;
  const auto status = rocksdb::ReadFileToString(&env, path, &text);
  if (!status.ok()) return tl::unexpected{rocks_error(status, path)};
  unsigned version = 0;
  const auto* end = text.data() + text.size();
  if (!text.starts_with(format_prefix) ||
      std::from_chars(text.data() + format_prefix.size(), end, version).ec != std::errc{} ||
      version == 0)
    return fail(errc::corrupt,
                "the format marker is damaged; it should read \"apisync data 1\" for this version",
                path);
  if (version > format_version)
    return fail(errc::corrupt,
                "the data directory was written by a newer version of apisync (data format " +
                    std::to_string(version) + ", this one reads up to " +
                    std::to_string(format_version) + "); use that version",
                path);
  return data_format::current;
}

result<void> write_format(rocksdb::Env& env, const data_directory& where) {
  return replace_file(env, where.format(),
                      std::string{format_prefix} + std::to_string(format_version) + '\n');
}

result<directory_lock> directory_lock::take(rocksdb::Env& env, const data_directory& where) {
  rocksdb::FileLock* lock = nullptr;
  const auto status = env.LockFile(where.lock(), &lock);
  if (status.ok()) return directory_lock{env, lock};
  const auto text = status.ToString();
  const auto own = text.find("current process") != std::string::npos;
  const auto other = own ? std::nullopt : holder(where.lock());
  if (own || other)
    return fail(errc::unavailable,
                "the data directory is in use by " +
                    (own ? std::string{"this process already"}
                         : "another process (" + std::to_string(*other) + ")") +
                    "; stop that one, or choose another directory with --data",
                where.path);
  return fail(errc::io, "the data directory cannot be locked: " + text, where.path);
}

directory_lock::directory_lock(directory_lock&& other) noexcept
    : env_{other.env_}, lock_{std::exchange(other.lock_, nullptr)} {}

directory_lock::~directory_lock() {
  if (lock_ != nullptr) env_->UnlockFile(lock_).PermitUncheckedError();
}

} // namespace apisync::storage
