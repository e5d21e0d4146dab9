#include "specs/yaml_text.hpp"

#include "specs/yaml_scalar.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

namespace apisync::specs {

namespace {

unsigned char byte_at(std::string_view text, std::size_t i) {
  return i < text.size() ? static_cast<unsigned char>(text[i]) : 0;
}

/// The length of a character outside ASCII at `i` that YAML wants escaped (C1 controls, line and
/// paragraph separators, the byte order mark, non-characters), else 0.
std::size_t special_length(std::string_view text, std::size_t i) {
  const auto a = byte_at(text, i);
  const auto b = byte_at(text, i + 1);
  const auto c = byte_at(text, i + 2);
  if (a == 0xC2 && b < 0xA0) return 2;
  if (a == 0xE2 && b == 0x80 && (c == 0xA8 || c == 0xA9)) return 3;
  if (a == 0xEF && b == 0xBB && c == 0xBF) return 3;
  if (a == 0xEF && b == 0xBF && c >= 0xBE) return 3;
  return 0;
}

/// Whether every character may stand in a scalar without an escape; line feeds only if `lines`.
bool printable(std::string_view text, bool lines) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = byte_at(text, i);
    if (c < 0x20 && !(lines && (c == '\n' || c == '\t'))) return false;
    if (c == 0x7F || (c > 0x7F && special_length(text, i) > 0)) return false;
  }
  return true;
}

/// Words and shapes that YAML 1.1 takes for booleans, numbers, times or merge keys.
bool meant_otherwise_in_yaml_1_1(std::string_view text) {
  constexpr std::array<std::string_view, 18> words{"y",  "Y",   "yes", "Yes", "YES", "n",
                                                   "N",  "no",  "No",  "NO",  "on",  "On",
                                                   "ON", "off", "Off", "OFF", "<<",  "="};
  if (std::find(words.begin(), words.end(), text) != words.end()) return true;
  constexpr std::string_view starts = "+-.0123456789";
  if (starts.find(text.front()) == std::string_view::npos) return false;
  constexpr std::string_view parts = "+-.:_ 0123456789abcdefABCDEFxXoOTtZz";
  if (text.find_first_not_of(parts) != std::string_view::npos) return false;
  const bool version = std::count(text.begin(), text.end(), '.') >= 2 &&
                       text.find_first_of("+:_ ") == std::string_view::npos;
  return !version;
}

bool fits_plain(std::string_view text) {
  if (text.empty() || text.front() == ' ' || text.back() == ' ') return false;
  constexpr std::string_view indicators = "-?:,[]{}#&*!|>'\"%@`<"; // <: not a page of markup
  if (indicators.find(text.front()) != std::string_view::npos) return false;
  if (text.back() == ':' || text.find(": ") != std::string_view::npos ||
      text.find(" #") != std::string_view::npos || text.starts_with("..."))
    return false;
  if (!printable(text, false) || meant_otherwise_in_yaml_1_1(text)) return false;
  const auto meant = resolve_plain(text);
  return meant.kind == kind::string && !meant.not_representable;
}

void append_single_quoted(std::string& out, std::string_view text) {
  out += '\'';
  for (const char c : text) {
    out += c;
    if (c == '\'') out += '\'';
  }
  out += '\'';
}

void append_double_quoted(std::string& out, std::string_view text) {
  constexpr std::string_view codes = "\"\\nrt";
  constexpr std::string_view meant = "\"\\\n\r\t";
  const auto hex = [&](const char* format, unsigned code) {
    std::array<char, 8> buffer{};
    std::snprintf(buffer.data(), buffer.size(), format, code);
    out += buffer.data();
  };
  out += '"';
  for (std::size_t i = 0; i < text.size(); ++i) {
    const unsigned c = byte_at(text, i);
    if (const auto short_form = meant.find(text[i]); short_form != std::string_view::npos) {
      out += '\\';
      out += codes[short_form];
    } else if (c < 0x20 || c == 0x7F) {
      hex("\\x%02X", c);
    } else if (const auto length = special_length(text, i); length == 2) {
      hex("\\u%04X", (c & 0x1F) << 6 | (byte_at(text, i + 1) & 0x3F));
      i += 1;
    } else if (length == 3) {
      hex("\\u%04X",
          (c & 0x0F) << 12 | (byte_at(text, i + 1) & 0x3FU) << 6 | (byte_at(text, i + 2) & 0x3F));
      i += 2;
    } else {
      out += text[i];
    }
  }
  out += '"';
}

} // namespace

void append_yaml_flow(std::string& out, std::string_view text) {
  append_yaml_scalar(out, text, scalar_quotes::only_needed, '\'', false);
}

void append_yaml_scalar(std::string& out, std::string_view text, scalar_quotes wanted, char needed,
                        bool in_flow) {
  const bool plain =
      fits_plain(text) && (!in_flow || text.find_first_of(",[]{}") == std::string_view::npos);
  if (wanted == scalar_quotes::only_needed && plain)
    out += text;
  else if (printable(text, false) &&
           (wanted == scalar_quotes::only_needed ? needed == '\''
                                                 : wanted == scalar_quotes::always_single))
    append_single_quoted(out, text);
  else
    append_double_quoted(out, text);
}

bool fits_literal_block(std::string_view text) {
  if (text.find('\n') == std::string_view::npos) return false;
  // A first line that is empty or indented would need an indentation indicator.
  if (text.front() == ' ' || text.front() == '\t' || text.front() == '\n') return false;
  return printable(text, true);
}

void append_literal_block(std::string& out, std::string_view text, std::size_t indent,
                          std::string_view line_end) {
  const bool ended = text.ends_with('\n');
  const bool blank_end = text.ends_with("\n\n");
  out += blank_end ? "|+" : ended ? "|" : "|-";
  if (ended) text.remove_suffix(1);
  for (;;) {
    const auto line = text.substr(0, text.find('\n'));
    out += line_end;
    if (!line.empty()) out.append(indent, ' ').append(line);
    if (line.size() == text.size()) break;
    text.remove_prefix(line.size() + 1);
  }
}

} // namespace apisync::specs
