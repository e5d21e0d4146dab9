#pragma once

#include "admin/message.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace apisync::admin {

/// Text as it stands in HTML, in an element or a quoted attribute.
std::string escape_html(std::string_view text);

/// A server-rendered page without scripts, for wide screens and narrow ones. Every text given is
/// escaped.
class html_page {
public:
  explicit html_page(std::string_view title);

  html_page& heading(std::string_view text);
  html_page& paragraph(std::string_view text);
  /// A line to be typed.
  html_page& code(std::string_view text);
  /// A way back, above the title. `link` is a path of this service.
  html_page& crumb(std::string_view text, std::string_view link);
  /// A small line at the end: text and links beside each other.
  struct cell;
  html_page& footer(const std::vector<cell>& entries);

  /// What a cell or a fact shows: text, perhaps a link, a mood (`good`, `bad`, `warn`), and a small
  /// second line.
  struct cell {
    std::string text;
    std::string link; ///< A path of this service; empty for none.
    std::string mood;
    std::string detail = {};
    bool code = false; ///< As it stands, line by line.
  };

  /// A row of large figures with what they count.
  html_page& facts(const std::vector<std::pair<std::string, cell>>& entries);

  /// A table; each row has a cell for each name of the header. Without rows, `when_empty` stands in
  /// its place.
  html_page& table(const std::vector<std::string>& header,
                   const std::vector<std::vector<cell>>& rows, std::string_view when_empty);

  /// The whole page, with a content security policy that allows its own style and nothing else.
  [[nodiscard]] response finish() const;

private:
  std::string title_;
  std::string crumbs_;
  std::string body_;
};

} // namespace apisync::admin
