#include "specs/pointer.hpp"

#include <charconv>

namespace apisync::specs {

void append_token(std::string& pointer, std::string_view token) {
  pointer += '/';
  for (const char c : token) {
    if (c == '~')
      pointer += "~0";
    else if (c == '/')
      pointer += "~1";
    else
      pointer += c;
  }
}

std::string escape_token(std::string_view token) {
  std::string pointer;
  append_token(pointer, token);
  return pointer.substr(1);
}

std::optional<std::string> unescape_token(std::string_view token) {
  std::string text;
  text.reserve(token.size());
  for (std::size_t i = 0; i < token.size(); ++i) {
    if (token[i] != '~') {
      text += token[i];
      continue;
    }
    const char code = ++i < token.size() ? token[i] : '\0';
    if (code != '0' && code != '1') return std::nullopt;
    text += code == '0' ? '~' : '/';
  }
  return text;
}

std::optional<std::vector<std::string>> split_pointer(std::string_view pointer) {
  std::vector<std::string> tokens;
  while (!pointer.empty()) {
    if (pointer.front() != '/') return std::nullopt;
    pointer.remove_prefix(1);
    const auto length = std::min(pointer.find('/'), pointer.size());
    auto token = unescape_token(pointer.substr(0, length));
    if (!token) return std::nullopt;
    tokens.push_back(std::move(*token));
    pointer.remove_prefix(length);
  }
  return tokens;
}

std::optional<std::size_t> array_index(std::string_view token) {
  if (token.empty() || (token.size() > 1 && token.front() == '0')) return std::nullopt;
  std::size_t index = 0;
  const auto [end, problem] = std::from_chars(token.data(), token.data() + token.size(), index);
  if (problem != std::errc{} || end != token.data() + token.size()) return std::nullopt;
  return index;
}

} // namespace apisync::specs
