#include "sources/read_file.hpp"

#include <cerrno>
#include <system_error>
#include <unistd.h>

namespace apisync::sources {

result<std::string> read_file(const opened_file& file, std::uint64_t bytes_max) {
  std::string bytes(bytes_max + 1, '\0');
  std::size_t filled = 0;
  while (filled < bytes.size()) {
    const auto count = ::read(file.fd.get(), bytes.data() + filled, bytes.size() - filled);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0)
      return fail(errc::io, "cannot be read: " + std::generic_category().message(errno), file.path);
    if (count == 0) break;
    filled += static_cast<std::size_t>(count);
  }
  bytes.resize(filled);
  return bytes;
}

std::function<result<std::string>(const std::string& path)> files_below(const std::string& folder) {
  return [folder](const std::string& path) -> result<std::string> {
    constexpr std::uint64_t bytes_max = 1U << 20U;
    const auto allowed = roots::open({"."}, folder);
    if (!allowed) return tl::unexpected{allowed.error()};
    const auto file = allowed->open_file(path);
    if (!file) return tl::unexpected{file.error()};
    auto text = read_file(*file, bytes_max);
    if (text && text->size() > bytes_max)
      return fail(errc::limit_exceeded, "is longer than 1 MiB", file->path);
    return text;
  };
}

} // namespace apisync::sources
