#include "specs/parse.hpp"

#include "specs/json_reader.hpp"
#include "specs/parse_limits.hpp"
#include "specs/yaml_reader.hpp"

#include <simdjson.h>

#include <algorithm>
#include <optional>

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

bool named_as_yaml(std::string_view name) {
  return ends_with_fold(name, ".yaml") || ends_with_fold(name, ".yml");
}

/// Whether the text can only be meant as JSON, could be either, or is YAML.
enum class likely : std::uint8_t { json, either, yaml };

likely guess(std::string_view text, const parse_options& options) {
  if (options.format == syntax_choice::json) return likely::json;
  if (options.format == syntax_choice::yaml) return likely::yaml;
  const auto first = text.find_first_not_of(" \t\r\n");
  const bool opens = first != std::string_view::npos && (text[first] == '{' || text[first] == '[');
  if (named_as_yaml(options.name)) return opens ? likely::either : likely::yaml;
  return opens || ends_with_fold(options.name, ".json") ? likely::json : likely::yaml;
}

/// Fails where a text is markup: an error or login page, mostly, in the place of a specification.
result<void> refuse_markup(std::string_view text, const parse_target& target) {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos || text[first] != '<' || text.substr(first).starts_with("<<"))
    return {};
  return target.fail_at({},
                        "this is an HTML or XML page, not a specification; check the address, and "
                        "whether it asks for a login");
}

/// The line of a text that a version control system left in a conflict it could not merge.
std::optional<std::size_t> conflict_marker(std::string_view text) {
  std::size_t line = 1;
  while (!text.empty()) {
    if (text.starts_with("<<<<<<< ")) return line;
    const auto end = text.find('\n');
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
    ++line;
  }
  return std::nullopt;
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
  if (auto plain = refuse_markup(text, target); !plain) return tl::unexpected{plain.error()};

  target.expect(text.size());
  const auto expected = guess(text, options);
  auto format = expected == likely::yaml ? syntax::yaml : syntax::json;
  auto read = format == syntax::json ? read_json(text, target) : read_yaml(text, target);
  if (!read && expected == likely::either && read.error().code == errc::parse_error) {
    target = parse_target{options};
    target.expect(text.size());
    format = syntax::yaml;
    read = read_yaml(text, target);
  }
  if (!read) {
    auto problem = std::move(read.error());
    if (const auto line = conflict_marker(text); line && problem.code == errc::parse_error)
      problem.message += "; there is an unresolved merge conflict at line " + std::to_string(*line);
    return tl::unexpected{std::move(problem)};
  }
  auto done = target.finish();
  done.format = format;
  done.byte_order_mark = marked;
  done.crlf = first_line_ends_in_crlf(text);
  return done;
}

} // namespace apisync::specs
