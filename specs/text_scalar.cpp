#include "specs/text_scalar.hpp"

#include "specs/diff_sequence.hpp"
#include "specs/yaml_text.hpp"

#include <functional>
#include <vector>

namespace apisync::specs {

namespace {

scalar_quotes quotes_like(spelling as) {
  if (as == spelling::single_quoted) return scalar_quotes::always_single;
  if (as == spelling::double_quoted) return scalar_quotes::always_double;
  return scalar_quotes::only_needed;
}

std::vector<std::string_view> split_lines(std::string_view text) {
  std::vector<std::string_view> lines;
  for (;;) {
    const auto end = text.find('\n');
    auto line = text.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    lines.push_back(line);
    if (end == text.npos) return lines;
    text.remove_prefix(end + 1);
  }
}

std::string_view without_last_breaks(std::string_view text) {
  return text.substr(0, text.find_last_not_of('\n') + 1);
}

/// What the header says about the line breaks at the end: `-` none, `+` all, otherwise one.
std::string_view chomping_for(std::string_view value) {
  return value.ends_with("\n\n") ? "+" : value.ends_with('\n') ? "" : "-";
}

std::vector<std::uint64_t> hashes(const std::vector<std::string_view>& lines) {
  std::vector<std::uint64_t> made;
  for (const auto line : lines)
    made.push_back(std::hash<std::string_view>{}(line));
  return made;
}

/// A block scalar's header, taken apart.
struct block_header {
  std::string_view chomping;
  std::string_view comment; ///< With the white space before it.
};

/// Nothing for a header that fixes the indentation.
std::optional<block_header> read_header(std::string_view line) {
  block_header header;
  line.remove_prefix(1);
  if (line.starts_with('+') || line.starts_with('-')) {
    header.chomping = line.substr(0, 1);
    line.remove_prefix(1);
  }
  if (line.find_first_of("0123456789+-") == 0) return std::nullopt;
  header.comment = line;
  return header;
}

} // namespace

void append_word(std::string& out, node value, spelling as, const text_style& style, bool in_flow) {
  switch (value.kind()) {
  case kind::null:
    out += "null";
    return;
  case kind::boolean:
    out += value.boolean() ? "true" : "false";
    return;
  case kind::number:
    out += value.text();
    return;
  case kind::string:
    append_yaml_scalar(out, value.text(), quotes_like(as), style.quote, in_flow);
    return;
  case kind::array:
    out += "[]";
    return;
  case kind::object:
    out += "{}";
    return;
  }
}

std::optional<std::string> respelled_block(std::string_view written, std::string_view value,
                                           std::string_view line_end) {
  if (!fits_literal_block(std::string{value} + '\n')) return std::nullopt;
  const auto start = written.find_first_of("|>");
  if (start == written.npos) return std::nullopt;
  written.remove_prefix(start);
  const auto lines = split_lines(written);
  const auto header = read_header(lines.front());
  if (!header || lines.size() < 2) return std::nullopt;
  const auto indent = lines[1].find_first_not_of(' ');
  if (indent == lines[1].npos || indent == 0) return std::nullopt;
  const auto wanted = split_lines(without_last_breaks(value));
  const bool folded = written.front() == '>';
  if (folded && (wanted.size() > 1 || lines.size() > 2)) return std::nullopt;

  std::string made{written.substr(0, 1)};
  made += chomping_for(value);
  made += header->comment;
  std::vector<std::string_view> old_lines(lines.begin() + 1, lines.end());
  std::vector<std::string_view> old_content;
  for (const auto line : old_lines)
    old_content.push_back(line.size() > indent ? line.substr(indent) : std::string_view{});
  std::vector<std::string_view> kept(wanted.size());
  const auto left = hashes(old_content);
  const auto right = hashes(wanted);
  for (const auto& pair : align(left, right))
    kept[pair.right] = old_lines[pair.left];
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    made += line_end;
    if (kept[i].data() != nullptr)
      made += kept[i];
    else if (!wanted[i].empty())
      made.append(indent, ' ').append(wanted[i]);
  }
  const auto breaks = value.size() - without_last_breaks(value).size();
  for (std::size_t i = 1; i < breaks; ++i)
    made += line_end;
  return made;
}

} // namespace apisync::specs
