#include "sources/secret.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <system_error>

namespace apisync::sources {

namespace {

constexpr std::string_view environment = "env:";
constexpr std::string_view in_file = "file:";
constexpr std::size_t secret_bytes_max = 64U << 10;

/// Where the reference begins; npos when there is none.
std::size_t reference_start(std::string_view text) {
  const auto space = text.rfind(' ');
  const auto start = space == std::string_view::npos ? 0 : space + 1;
  for (const auto from : {std::size_t{0}, start}) {
    const auto word = text.substr(from);
    if (word.starts_with(environment) || word.starts_with(in_file)) return from;
  }
  return std::string_view::npos;
}

result<std::string> from_environment(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  if (value == nullptr || *value == '\0')
    return fail(errc::not_found, "the environment variable " + name + " is not set");
  return value;
}

result<std::string> from_file(const std::string& path, const roots& allowed) {
  const auto file = allowed.open_file(path);
  if (!file) return tl::unexpected(file.error());
  std::string text(secret_bytes_max + 1, '\0');
  std::size_t filled = 0;
  while (filled < text.size()) {
    const auto count = ::read(file->fd.get(), text.data() + filled, text.size() - filled);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return fail(errc::io, std::generic_category().message(errno), file->path);
    if (count == 0) break;
    filled += static_cast<std::size_t>(count);
  }
  if (filled > secret_bytes_max)
    return fail(errc::limit_exceeded, "is too long for a secret (64 KiB)", file->path);
  text.resize(filled);
  while (text.ends_with('\n') || text.ends_with('\r'))
    text.pop_back();
  if (text.empty())
    return fail(errc::not_found, "is empty, where a secret is expected", file->path);
  return text;
}

} // namespace

bool is_reference(std::string_view text) {
  return reference_start(text) != std::string_view::npos;
}

result<std::string> resolve_secret(std::string_view text, const roots& allowed) {
  const auto start = reference_start(text);
  if (start == std::string_view::npos) return std::string(text);
  const auto word = text.substr(start);
  auto value = word.starts_with(environment)
                   ? from_environment(std::string(word.substr(environment.size())))
                   : from_file(std::string(word.substr(in_file.size())), allowed);
  if (!value) return value;
  if (std::ranges::any_of(*value, [](unsigned char c) { return c < 0x20 || c == 0x7F; }))
    return fail(errc::invalid_argument,
                "the value of " + std::string(word) + " has control characters or line breaks");
  return std::string(text.substr(0, start)) + *value;
}

} // namespace apisync::sources
