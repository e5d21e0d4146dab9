#include "tools/table.hpp"

#include <algorithm>
#include <iterator>
#include <numeric>

namespace apisync::tools {
namespace {

constexpr std::size_t gap = 2;
constexpr std::size_t column_width_min = 8;

struct character {
  char32_t code = 0;
  std::size_t bytes = 1;
  bool valid = false;
};

/// The first character of the text. @pre not empty
character first_character(std::string_view text) {
  auto const lead = static_cast<unsigned char>(text.front());
  if (lead < 0x80) return {lead, 1, true};
  std::size_t const bytes = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || text.size() < bytes) return {0xfffd, 1, false};
  auto code = static_cast<char32_t>(lead & (0xffU >> (bytes + 1)));
  for (std::size_t i = 1; i < bytes; ++i) {
    auto const byte = static_cast<unsigned char>(text[i]);
    if ((byte & 0xc0U) != 0x80U) return {0xfffd, 1, false};
    code = (code << 6U) | (byte & 0x3fU);
  }
  return {code, bytes, true};
}

struct range {
  char32_t first, last;
};

template <std::size_t N>
bool within(char32_t code, const range (&ranges)[N]) {
  return std::any_of(std::begin(ranges), std::end(ranges),
                     [=](range r) { return code >= r.first && code <= r.last; });
}

std::size_t width_of(char32_t code) {
  static constexpr range zero[] = {{0x300, 0x36f}, {0x200b, 0x200f}, {0xfe00, 0xfe0f}};
  static constexpr range wide[] = {{0x1100, 0x115f},   {0x2e80, 0xa4cf},  {0xac00, 0xd7a3},
                                   {0xf900, 0xfaff},   {0xfe30, 0xfe6f},  {0xff00, 0xff60},
                                   {0x1f300, 0x1faff}, {0x20000, 0x3fffd}};
  if (within(code, zero)) return 0;
  return within(code, wide) ? 2 : 1;
}

/// The text cut to that many columns, `…` at its end when something is missing.
std::string fitted(std::string_view text, std::size_t width) {
  if (display_width(text) <= width) return std::string{text};
  std::string cut;
  std::size_t used = 0;
  while (!text.empty()) {
    auto const next = first_character(text);
    used += width_of(next.code);
    if (used >= width) break;
    cut += text.substr(0, next.bytes);
    text.remove_prefix(next.bytes);
  }
  return cut + "…";
}

} // namespace

std::string painted(std::string_view text, paint how, bool colour) {
  auto const code = [how]() -> std::string_view {
    switch (how) {
    case paint::plain:
      return "";
    case paint::good:
      return "32";
    case paint::warn:
      return "33";
    case paint::bad:
      return "31";
    case paint::dim:
      return "2";
    case paint::bold:
      return "1";
    }
    return "";
  }();
  if (!colour || code.empty() || text.empty()) return std::string{text};
  return "\x1b[" + std::string{code} + "m" + std::string{text} + "\x1b[0m";
}

std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  while (!text.empty()) {
    auto const next = first_character(text);
    width += width_of(next.code);
    text.remove_prefix(next.bytes);
  }
  return width;
}

std::string printable(std::string_view text) {
  std::string clean;
  while (!text.empty()) {
    auto const next = first_character(text);
    bool const control = next.code < ' ' || (next.code >= 0x7f && next.code < 0xa0) ||
                         (next.code >= 0x202a && next.code <= 0x202e) ||
                         (next.code >= 0x2066 && next.code <= 0x2069);
    if (next.code == '\n' || next.code == '\t')
      clean += ' ';
    else if (control || !next.valid)
      clean += '?';
    else
      clean += text.substr(0, next.bytes);
    text.remove_prefix(next.bytes);
  }
  return clean;
}

text_table::text_table(std::vector<std::string> header) : header_{std::move(header)} {}

void text_table::add(std::vector<cell> row) {
  for (auto& content : row)
    content.text = printable(content.text);
  rows_.push_back(std::move(row));
}

std::vector<std::size_t> text_table::widths(std::size_t width) const {
  std::vector<std::size_t> needed;
  needed.reserve(header_.size());
  for (auto const& name : header_)
    needed.push_back(display_width(name));
  for (auto const& row : rows_) {
    for (std::size_t i = 0; i < row.size(); ++i)
      needed[i] = std::max(needed[i], display_width(row[i].text));
  }
  if (width == 0) return needed;
  auto const gaps = gap * (needed.size() - 1);
  auto total = std::accumulate(needed.begin(), needed.end(), gaps);
  while (total > width) {
    auto const widest = std::ranges::max_element(needed);
    if (*widest <= column_width_min) break;
    auto const cut = std::min(total - width, *widest - column_width_min);
    // Not below the next widest at once: long columns share the loss.
    auto const step = std::max<std::size_t>(1, cut / needed.size());
    *widest -= step;
    total -= step;
  }
  return needed;
}

std::string text_table::print(std::size_t width, bool colour) const {
  auto const columns = widths(width);
  std::string out;
  auto const line = [&](auto&& text_of, auto&& paint_of) {
    for (std::size_t i = 0; i < columns.size(); ++i) {
      auto const text = fitted(text_of(i), columns[i]);
      out += painted(text, paint_of(i), colour);
      if (i + 1 < columns.size()) out.append(columns[i] - display_width(text) + gap, ' ');
    }
    out += '\n';
  };
  line([&](std::size_t i) -> const std::string& { return header_[i]; },
       [](std::size_t) { return paint::bold; });
  for (auto const& row : rows_)
    line([&](std::size_t i) -> const std::string& { return row[i].text; },
         [&](std::size_t i) { return row[i].how; });
  return out;
}

} // namespace apisync::tools
