#include "sources/secret.hpp"

#include "sources/read_file.hpp"

#include <algorithm>
#include <cstdlib>

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
  auto text = read_file(*file, secret_bytes_max);
  if (!text) return text;
  if (text->size() > secret_bytes_max)
    return fail(errc::limit_exceeded, "is too long for a secret (64 KiB)", file->path);
  while (text->ends_with('\n') || text->ends_with('\r'))
    text->pop_back();
  if (text->empty())
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
