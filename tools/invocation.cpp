#include "tools/invocation.hpp"

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iostream>
#include <sys/stat.h>
#include <unistd.h>

namespace apisync::tools {
namespace {

error file_error(const std::string& path, std::string_view what, int cause) {
  return {errc::io, std::string{what} + ": " + std::strerror(cause), path};
}

result<std::string> read_stream(std::istream& in, const std::string& name, std::size_t bytes_max) {
  std::string text;
  std::array<char, 64 * 1024> piece{};
  while (in.read(piece.data(), piece.size()) || in.gcount() > 0) {
    text.append(piece.data(), static_cast<std::size_t>(in.gcount()));
    if (text.size() > bytes_max)
      return fail(errc::limit_exceeded, "longer than " + std::to_string(bytes_max) + " bytes",
                  name);
  }
  return text;
}

} // namespace

bool invocation::colour() const {
  auto const no_colour = environment("NO_COLOR");
  auto const terminal = environment("TERM");
  return out_is_terminal && (!no_colour || no_colour->empty()) &&
         (!terminal || *terminal != "dumb");
}

exit_status status_of(errc code) {
  switch (code) { // no default: -Wswitch reports a forgotten enumerator
  case errc::invalid_argument:
  case errc::parse_error:
  case errc::limit_exceeded:
  case errc::not_found:
  case errc::already_exists:
  case errc::conflict:
  case errc::forbidden:
  case errc::unsupported:
  case errc::io:
    return exit_status::wrong_input;
  case errc::unavailable:
  case errc::overloaded:
  case errc::cancelled:
  case errc::unknown_outcome:
    return exit_status::unreachable;
  case errc::corrupt:
  case errc::internal:
    return exit_status::bad_news;
  }
  return exit_status::bad_news;
}

exit_status invocation::report(const error& problem) const {
  err << "apisync: " << render(problem) << '\n';
  return status_of(problem.code);
}

error wrong_call(std::string message) {
  return {errc::invalid_argument, std::move(message), ""};
}

result<std::string> read_input(const invocation& call, const std::string& path,
                               std::size_t bytes_max) {
  if (path == "-") return read_stream(call.in, "standard input", bytes_max);
  struct stat about {};
  if (::stat(path.c_str(), &about) != 0)
    return tl::unexpected(file_error(path, "cannot read the file", errno));
  if (S_ISDIR(about.st_mode))
    return tl::unexpected(file_error(path, "cannot read the file", EISDIR));
  std::ifstream file{path, std::ios::binary};
  if (!file) return tl::unexpected(file_error(path, "cannot read the file", errno));
  return read_stream(file, path, bytes_max);
}

result<void> write_output(const std::string& path, std::string_view text) {
  auto const made = path + ".apisync-" + std::to_string(::getpid());
  {
    std::ofstream file{made, std::ios::binary | std::ios::trunc};
    file.write(text.data(), static_cast<std::streamsize>(text.size()));
    file.flush();
    if (!file) {
      auto const cause = errno;
      (void)std::remove(made.c_str());
      return tl::unexpected(file_error(path, "cannot write the file", cause));
    }
  }
  if (std::rename(made.c_str(), path.c_str()) != 0) {
    auto const cause = errno;
    (void)std::remove(made.c_str());
    return tl::unexpected(file_error(path, "cannot replace the file", cause));
  }
  return {};
}

} // namespace apisync::tools
