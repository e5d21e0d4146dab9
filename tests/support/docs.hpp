#pragma once

#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace apisync::test {

/// The text of a file of the project: `docs/events.md`.
inline std::string project_file(const std::string& name) {
  const auto root = std::filesystem::path{__FILE__}.parent_path() / ".." / "..";
  std::ifstream file{root / name};
  REQUIRE(file);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

/// What stands between backticks in a text, in order.
inline std::vector<std::string> code_spans(std::string_view text) {
  std::vector<std::string> out;
  for (auto at = text.find('`'); at != std::string_view::npos;) {
    const auto end = text.find('`', at + 1);
    if (end == std::string_view::npos) break;
    out.emplace_back(text.substr(at + 1, end - at - 1));
    at = text.find('`', end + 1);
  }
  return out;
}

/// The rows of the tables below the headings that begin so, each as its cells.
inline std::vector<std::vector<std::string>> table_rows(const std::string& text,
                                                        std::string_view heading) {
  std::vector<std::vector<std::string>> out;
  bool inside = heading.empty();
  std::istringstream lines{text};
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("## ") && !heading.empty())
      inside = std::string_view{line}.substr(3).starts_with(heading);
    if (!inside || !line.starts_with("| ")) continue;
    std::vector<std::string> cells;
    std::string cell;
    for (std::size_t i = 2; i < line.size(); ++i) {
      if (line[i] == '\\' && i + 1 < line.size()) {
        cell += line[++i];
      } else if (line[i] == '|') {
        cells.push_back(cell);
        cell.clear();
      } else {
        cell += line[i];
      }
    }
    out.push_back(std::move(cells));
  }
  return out;
}

} // namespace apisync::test
