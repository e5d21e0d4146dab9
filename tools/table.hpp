#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace apisync::tools {

/// How a text is painted when colour is wanted.
enum class paint : std::uint8_t { plain, good, warn, bad, dim, bold };

/// The text in that colour (ANSI), or as it is.
std::string painted(std::string_view text, paint how, bool colour);

/// Columns that a terminal needs for the text: UTF-8 with wide East Asian characters counted twice
/// and combining ones not at all. Approximate beyond that.
std::size_t display_width(std::string_view text);

/// Text that cannot disturb a terminal: control characters and broken UTF-8 become `?`.
std::string printable(std::string_view text);

/// Text in columns.
class text_table {
public:
  struct cell {
    std::string text;
    paint how = paint::plain;
  };

  explicit text_table(std::vector<std::string> header);

  /// @pre as many cells as columns
  void add(std::vector<cell> row);

  [[nodiscard]] bool empty() const { return rows_.empty(); }

  /// The table, each line ended. `width` 0: as wide as it takes; otherwise the widest columns are
  /// cut with `…` so that lines fit.
  [[nodiscard]] std::string print(std::size_t width, bool colour) const;

private:
  [[nodiscard]] std::vector<std::size_t> widths(std::size_t width) const;

  std::vector<std::string> header_;
  std::vector<std::vector<cell>> rows_;
};

} // namespace apisync::tools
