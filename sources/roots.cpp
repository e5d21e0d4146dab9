#include "sources/roots.hpp"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <filesystem>
#include <sys/stat.h>
#include <system_error>

namespace apisync::sources {

namespace fs = std::filesystem;

namespace {

std::string descriptor_path(const unique_fd& fd) {
  return "/proc/self/fd/" + std::to_string(fd.get());
}

tl::unexpected<error> system_failure(int code, const std::string& path) {
  const std::string reason = std::generic_category().message(code);
  switch (code) {
  case ENOENT:
  case ENOTDIR:
    return fail(errc::not_found, "no such file or directory", path);
  case ELOOP:
    return fail(errc::invalid_argument, "symbolic links that lead in a circle", path);
  case ENAMETOOLONG:
    return fail(errc::invalid_argument, "the path is too long", path);
  case EACCES:
  case EPERM:
    return fail(errc::forbidden, "may not be read by this user: check its permissions", path);
  default:
    return fail(errc::io, "cannot be opened: " + reason, path);
  }
}

} // namespace

result<roots> roots::open(const std::vector<std::string>& directories, const std::string& base) {
  roots made;
  std::error_code failed;
  made.base_ = fs::absolute(base, failed).lexically_normal().string();
  if (failed) return fail(errc::io, "no current directory: " + failed.message(), base);
  for (const auto& directory : directories) {
    const std::string path = made.absolute(directory);
    const auto real = fs::canonical(path, failed);
    if (failed) return fail(errc::not_found, "a root must exist: " + failed.message(), path);
    if (!fs::is_directory(real, failed))
      return fail(errc::invalid_argument, "a root must be a directory", path);
    made.directories_.push_back(real.string());
  }
  return made;
}

bool roots::contains(std::string_view real_path) const {
  return std::ranges::any_of(directories_, [&](const std::string& root) {
    if (root == "/") return true;
    return real_path.starts_with(root) &&
           (real_path.size() == root.size() || real_path[root.size()] == '/');
  });
}

std::string roots::absolute(const std::string& path) const {
  return (fs::path(base_) / path).lexically_normal().string();
}

error roots::outside(const std::string& path) const {
  if (directories_.empty())
    return {errc::forbidden, "no roots are configured, so no file may be read", path};
  std::string listed;
  for (const auto& root : directories_)
    listed += (listed.empty() ? "" : ", ") + root;
  return {errc::forbidden, "lies outside the configured roots (" + listed + ")", path};
}

result<opened_file> roots::locate(const std::string& path) const {
  // No lexical normalisation here: `link/..` is what the kernel says it is.
  if (path.empty() || path.find('\0') != std::string::npos)
    return fail(errc::invalid_argument, "a path must not be empty or hold a zero byte");
  const std::string full = (fs::path(base_) / path).string();
  // O_PATH opens nothing yet: no device is touched and no pipe is waited for outside the roots.
  unique_fd found(::open(full.c_str(), O_PATH | O_CLOEXEC));
  const int code = errno;
  std::error_code failed;
  if (!found) {
    // What lies outside is forbidden whether it is there or not.
    const auto known = fs::weakly_canonical(full, failed);
    if (failed || !contains(known.string())) return tl::unexpected(outside(full));
    return system_failure(code, full);
  }
  const auto real = fs::read_symlink(descriptor_path(found), failed);
  if (failed) return fail(errc::io, "/proc is needed to check paths: " + failed.message(), full);
  if (!contains(real.string())) return tl::unexpected(outside(full));
  return opened_file{std::move(found), real.string()};
}

result<opened_file> roots::open_file(const std::string& path) const {
  auto found = locate(path);
  if (!found) return found;
  struct stat status {};
  if (::fstat(found->fd.get(), &status) != 0) return system_failure(errno, found->path);
  if (S_ISDIR(status.st_mode))
    return fail(errc::invalid_argument, "is a directory, where a file is expected", found->path);
  if (!S_ISREG(status.st_mode))
    return fail(errc::invalid_argument, "is not a regular file", found->path);
  // Through the descriptor, so that it is the checked file that is opened and not its name.
  unique_fd readable(::open(descriptor_path(found->fd).c_str(), O_RDONLY | O_CLOEXEC));
  if (!readable) return system_failure(errno, found->path);
  return opened_file{std::move(readable), std::move(found->path)};
}

result<std::string> roots::resolve(const std::string& path) const {
  return locate(path).map([](const opened_file& found) { return found.path; });
}

} // namespace apisync::sources
