#include "specs/text_markers.hpp"

#include "specs/diff_sequence.hpp"

#include <algorithm>
#include <unordered_map>
#include <vector>

namespace apisync::specs {

namespace {

/// A text's lines, line ends included, and numbers that are equal for equal lines.
struct line_list {
  std::vector<std::string_view> lines;
  std::vector<std::uint64_t> numbers;

  [[nodiscard]] auto numbers_in(stretch::range range) const {
    return std::span{numbers}.subspan(range.from, range.size());
  }
};

class line_reader {
public:
  line_list read(std::string_view text) {
    line_list made;
    while (!text.empty()) {
      const auto line = text.substr(0, text.find('\n') + 1); // all of it where there is none
      const auto whole = line.empty() ? text : line;
      made.lines.push_back(whole);
      made.numbers.push_back(known_.try_emplace(whole, known_.size()).first->second);
      text.remove_prefix(whole.size());
    }
    return made;
  }

private:
  std::unordered_map<std::string_view, std::uint64_t> known_;
};

class marker_writer {
public:
  marker_writer(std::string_view line_end, std::size_t size) : line_end_{line_end}, size_{size} {}

  void lines(const line_list& from, stretch::range range) {
    for (auto i = range.from; i < range.to; ++i)
      out += from.lines[i];
  }

  void marker(char of, const std::string& label) {
    if (!out.empty() && out.back() != '\n') out += line_end_;
    out.append(size_, of);
    if (!label.empty()) out.append(" ").append(label);
    out += line_end_;
  }

  std::string out;

private:
  std::string_view line_end_;
  std::size_t size_;
};

} // namespace

std::string mark_differences(std::string_view base, std::string_view current,
                             std::string_view incoming, const marker_style& style) {
  line_reader reader;
  const auto b = reader.read(base);
  const auto c = reader.read(current);
  const auto i = reader.read(incoming);
  const bool crlf = !c.lines.empty() && c.lines.front().ends_with("\r\n");
  marker_writer made{crlf ? "\r\n" : "\n", style.size};
  for (const auto& part : align_three(b.numbers, c.numbers, i.numbers)) {
    if (std::ranges::equal(c.numbers_in(part.current), i.numbers_in(part.incoming))) {
      made.lines(c, part.current);
      continue;
    }
    made.marker('<', style.current);
    made.lines(c, part.current);
    made.marker('|', style.base);
    made.lines(b, part.base);
    made.marker('=', {});
    made.lines(i, part.incoming);
    made.marker('>', style.incoming);
  }
  return std::move(made.out);
}

} // namespace apisync::specs
