#pragma once

#include "admin/message.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace apisync::admin {

/// Text as it stands in HTML, in an element or a quoted attribute.
std::string escape_html(std::string_view text);

/// A server-rendered page without scripts. Every text given is escaped.
class html_page {
public:
  explicit html_page(std::string_view title);

  html_page& heading(std::string_view text);
  html_page& paragraph(std::string_view text);

  /// What a cell or a fact shows: text, perhaps a link, perhaps a mood (`good`, `bad`, `warn`).
  struct cell {
    std::string text;
    std::string link; ///< A path of this service; empty for none.
    std::string mood;
  };

  /// A row of large figures with what they count.
  html_page& facts(const std::vector<std::pair<std::string, cell>>& entries);

  /// A table; without rows, `when_empty` stands in its place.
  html_page& table(const std::vector<std::string>& header,
                   const std::vector<std::vector<cell>>& rows, std::string_view when_empty);

  /// The whole page, with a content security policy that allows its own style and nothing else.
  [[nodiscard]] response finish() const;

private:
  std::string title_;
  std::string body_;
};

} // namespace apisync::admin
