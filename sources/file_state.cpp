#include "sources/file_state.hpp"

#include <cerrno>
#include <sys/stat.h>
#include <system_error>

namespace apisync::sources {
namespace {

std::int64_t nanoseconds(const timespec& time) {
  return static_cast<std::int64_t>(time.tv_sec) * 1'000'000'000 + time.tv_nsec;
}

} // namespace

result<file_state> state_of(const opened_file& file) {
  struct stat status {};
  if (::fstat(file.fd.get(), &status) != 0)
    return fail(errc::io, std::generic_category().message(errno), file.path);
  return file_state{static_cast<std::uint64_t>(status.st_size), nanoseconds(status.st_mtim),
                    nanoseconds(status.st_ctim), status.st_ino};
}

} // namespace apisync::sources
