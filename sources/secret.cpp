#include "sources/secret.hpp"

#include "sources/read_file.hpp"

#include <algorithm>
#include <cstdlib>

namespace apisync::sources {

namespace {

constexpr std::string_view environment = "env:";
constexpr std::string_view in_file = "file:";
constexpr std::size_t secret_bytes_max = 64U << 10;
constexpr std::size_t text_bytes_max = 1U << 20; // a whole bundle of authorities has 220 KiB

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

result<std::string> from_file(const std::string& path, const roots& allowed, std::size_t most) {
  const auto file = allowed.open_file(path);
  if (!file) return tl::unexpected(file.error());
  auto text = read_file(*file, most);
  if (!text) return text;
  if (text->size() > most)
    return fail(errc::limit_exceeded,
                "is too long for what is read from there (" + std::to_string(most >> 10U) + " KiB)",
                file->path);
  while (text->ends_with('\n') || text->ends_with('\r'))
    text->pop_back();
  if (text->empty())
    return fail(errc::not_found, "is empty, where a secret is expected", file->path);
  return text;
}

/// @pre `word` is a reference
result<std::string> referenced(std::string_view word, const roots& allowed, std::size_t most) {
  return word.starts_with(environment)
             ? from_environment(std::string(word.substr(environment.size())))
             : from_file(std::string(word.substr(in_file.size())), allowed, most);
}

} // namespace

bool is_reference(std::string_view text) {
  return reference_start(text) != std::string_view::npos;
}

result<std::string> resolve_secret(std::string_view text, const roots& allowed) {
  const auto start = reference_start(text);
  if (start == std::string_view::npos) return std::string(text);
  const auto word = text.substr(start);
  auto value = referenced(word, allowed, secret_bytes_max);
  if (!value) return value;
  if (std::ranges::any_of(*value, [](unsigned char c) { return c < 0x20 || c == 0x7F; }))
    return fail(errc::invalid_argument,
                "the value of " + std::string(word) + " has control characters or line breaks");
  return std::string(text.substr(0, start)) + *value;
}

result<std::string> resolve_text(std::string_view reference, const roots& allowed) {
  if (reference_start(reference) != 0)
    return fail(errc::invalid_argument, "a text is named as file:PATH or env:NAME");
  return referenced(reference, allowed, text_bytes_max);
}

} // namespace apisync::sources
