#include "specs/parse.hpp"

#include "specs/json_reader.hpp"
#include "specs/parse_limits.hpp"

#include <simdjson.h>

#include <algorithm>

namespace apisync::specs {

namespace {

constexpr std::string_view utf8_mark = "\xEF\xBB\xBF";

/// The length of the UTF-8 sequence at the start of a text, 0 where it is none (RFC 3629).
std::size_t sequence_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const auto lead = byte(0);
  if (lead < 0x80) return 1;
  const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i)
    if ((byte(i) & 0xC0) != 0x80) return 0;
  const bool overlong = (lead == 0xE0 && byte(1) < 0xA0) || (lead == 0xF0 && byte(1) < 0x90);
  const bool surrogate = lead == 0xED && byte(1) >= 0xA0;
  const bool beyond = lead == 0xF4 && byte(1) >= 0x90;
  return overlong || surrogate || beyond ? 0 : length;
}

position first_invalid_utf8(std::string_view text) {
  position where{1, 1};
  while (!text.empty()) {
    const auto length = sequence_length(text);
    if (length == 0) break;
    if (text.front() == '\n')
      where = {where.line + 1, 1};
    else
      where.column += static_cast<std::uint32_t>(length);
    text.remove_prefix(length);
  }
  return where;
}

bool ends_with_fold(std::string_view text, std::string_view ending) {
  if (text.size() < ending.size()) return false;
  const auto tail = text.substr(text.size() - ending.size());
  return std::equal(tail.begin(), tail.end(), ending.begin(), [](char a, char b) {
    return (a >= 'A' && a <= 'Z' ? static_cast<char>(a - 'A' + 'a') : a) == b;
  });
}

syntax guess(std::string_view text, std::string_view name) {
  if (ends_with_fold(name, ".json")) return syntax::json;
  if (ends_with_fold(name, ".yaml") || ends_with_fold(name, ".yml")) return syntax::yaml;
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return syntax::json;
  return text[first] == '{' || text[first] == '[' ? syntax::json : syntax::yaml;
}

syntax choose(std::string_view text, const parse_options& options) {
  switch (options.format) {
  case syntax_choice::json:
    return syntax::json;
  case syntax_choice::yaml:
    return syntax::yaml;
  case syntax_choice::automatic:
    break;
  }
  return guess(text, options.name);
}

bool first_line_ends_in_crlf(std::string_view text) {
  const auto end = text.find('\n');
  return end != std::string_view::npos && end > 0 && text[end - 1] == '\r';
}

} // namespace

std::string_view to_string(syntax which) {
  return which == syntax::json ? "json" : "yaml";
}

result<parsed> parse(std::string_view text, const parse_options& options) {
  parse_target target{options};
  if (text.size() > options.max_bytes)
    return target.fail_at({},
                          "the document has " + std::to_string(text.size()) +
                              " bytes; the limit is " + std::to_string(options.max_bytes),
                          errc::limit_exceeded);
  const bool marked = text.starts_with(utf8_mark);
  if (marked) text.remove_prefix(utf8_mark.size());
  if (!simdjson::validate_utf8(text))
    return target.fail_at(first_invalid_utf8(text),
                          "the text is not UTF-8; save the document in UTF-8");
  const auto format = choose(text, options);
  if (format == syntax::yaml) return fail(errc::unsupported, "YAML is not read yet", options.name);
  auto read = read_json(text, target);
  if (!read) return tl::unexpected{read.error()};
  auto done = target.finish();
  done.format = format;
  done.byte_order_mark = marked;
  done.crlf = first_line_ends_in_crlf(text);
  return done;
}

} // namespace apisync::specs
