#include "sources/file_publisher.hpp"

#include "sources/published_text.hpp"
#include "sources/read_file.hpp"
#include "sources/unique_fd.hpp"

#include <cerrno>
#include <fcntl.h>
#include <filesystem>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace apisync::sources {

namespace fs = std::filesystem;

namespace {

constexpr mode_t usual_mode = 0644;

tl::unexpected<error> failed_to(const std::string& what, const std::string& where) {
  return fail(errc::io, what + ": " + std::generic_category().message(errno), where);
}

/// A folder inside the roots, and the file's name in it.
struct opened_place {
  unique_fd folder;
  std::string path, name;
};

/// The folder that the file is in, links followed, opened so that a link that is changed meanwhile
/// leads nowhere else.
result<opened_place> open_place(const std::string& path, const roots& allowed) {
  auto real = allowed.resolve(path);
  if (!real && real.error().code != errc::not_found) return tl::unexpected{real.error()};
  const fs::path wanted = real ? *real : allowed.absolute(path);
  const auto parent = allowed.resolve(wanted.parent_path().string());
  if (!parent) {
    auto problem = parent.error();
    if (problem.code == errc::not_found)
      problem.message = "the folder of the file is not there; make it";
    return tl::unexpected{std::move(problem)};
  }
  opened_place out{
      unique_fd{::open(parent->c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)},
      (fs::path{*parent} / wanted.filename()).string(), wanted.filename().string()};
  if (out.folder.get() < 0) return failed_to("the folder cannot be opened", *parent);
  std::error_code gone;
  const auto is = fs::read_symlink("/proc/self/fd/" + std::to_string(out.folder.get()), gone);
  if (gone || !allowed.contains(is.string()))
    return fail(errc::forbidden, "the folder lies outside the roots", *parent);
  if (out.name.empty() || out.name == "." || out.name == "..")
    return fail(errc::invalid_argument, "this is no file's name", path);
  return out;
}

struct file_there {
  std::optional<std::string> bytes;
  mode_t mode = usual_mode;
};

result<file_there> read_there_now(const opened_place& place) {
  opened_file file{unique_fd{::openat(place.folder.get(), place.name.c_str(),
                                      O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)},
                   place.path};
  if (file.fd.get() < 0) {
    if (errno == ENOENT) return file_there{};
    return failed_to("what is there cannot be read", place.path);
  }
  struct stat status {};
  if (::fstat(file.fd.get(), &status) != 0) return failed_to("it cannot be looked at", place.path);
  if (!S_ISREG(status.st_mode))
    return fail(errc::invalid_argument, "there is something here that is no file", place.path);
  constexpr off_t largest = off_t{64} << 20;
  if (status.st_size > largest)
    return fail(errc::limit_exceeded, "what is there is too large to be a specification",
                place.path);
  auto bytes = read_file(file, static_cast<std::uint64_t>(status.st_size));
  if (!bytes) return tl::unexpected{bytes.error()};
  return file_there{std::move(*bytes), status.st_mode & mode_t{07777}};
}

result<void> write_all(int fd, std::string_view bytes, const std::string& path) {
  while (!bytes.empty()) {
    const auto written = ::write(fd, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return failed_to("it cannot be written", path);
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  if (::fsync(fd) != 0) return failed_to("it cannot be made durable", path);
  return {};
}

/// Puts a new file in the place of the old one.
result<void> replace(const opened_place& place, std::string_view bytes, mode_t mode) {
  // One name is enough: one thread writes targets, and what a crash left is overwritten.
  const auto beside = "." + place.name + ".apisync";
  if (::unlinkat(place.folder.get(), beside.c_str(), 0) != 0 && errno != ENOENT)
    return failed_to("what an earlier attempt left cannot be removed", place.path);
  const unique_fd file{::openat(place.folder.get(), beside.c_str(),
                                O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode)};
  if (file.get() < 0) return failed_to("no file can be made in its folder", place.path);
  auto written = write_all(file.get(), bytes, place.path);
  if (written && ::fchmod(file.get(), mode) != 0)
    written = failed_to("its mode cannot be set", place.path);
  if (written &&
      ::renameat(place.folder.get(), beside.c_str(), place.folder.get(), place.name.c_str()) != 0)
    written = failed_to("it cannot be put in its place", place.path);
  if (!written) {
    ::unlinkat(place.folder.get(), beside.c_str(), 0);
    return written;
  }
  if (::fsync(place.folder.get()) != 0) return failed_to("it cannot be made durable", place.path);
  return {};
}

result<published> write_file(const publish_order& order, const roots& allowed) {
  auto place = open_place(order.to.path, allowed);
  if (!place) return tl::unexpected{place.error()};
  auto text = order.text();
  if (!text) return tl::unexpected{text.error()};
  const auto there = read_there_now(*place);
  if (!there) return tl::unexpected{there.error()};
  const auto wanted = text_for(order, std::move(*text), there->bytes);
  if (!wanted) return tl::unexpected{wanted.error()};
  if (!wanted->found)
    if (auto done = replace(*place, wanted->bytes, there->mode); !done)
      return tl::unexpected{done.error()};
  return published{
      sha256::of(wanted->bytes), wanted->bytes.size(), wanted->verbatim, wanted->found, {}};
}

} // namespace

publish_outcome publish_file(const publish_order& order, const roots& allowed) {
  auto done = write_file(order, allowed);
  if (!done) return tl::unexpected(publish_failure{std::move(done.error()), {}});
  return std::move(*done);
}

} // namespace apisync::sources
