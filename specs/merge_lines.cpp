#include "specs/merge_lines.hpp"

#include "specs/diff_sequence.hpp"

#include <algorithm>
#include <unordered_map>
#include <vector>

namespace apisync::specs {

namespace {

/// Numbers lines, so that equal ones have equal numbers.
class numbering {
public:
  struct text {
    std::vector<std::string_view> lines;
    std::vector<std::uint64_t> numbers;
  };

  text read(std::string_view content) {
    text made;
    for (std::size_t start = 0;;) {
      const auto end = content.find('\n', start);
      add(made, content.substr(start, end - start));
      if (end == content.npos) return made;
      start = end + 1;
    }
  }

private:
  void add(text& to, std::string_view line) {
    to.lines.push_back(line);
    to.numbers.push_back(known_.try_emplace(line, known_.size()).first->second);
  }

  std::unordered_map<std::string_view, std::uint64_t> known_;
};

bool same(const numbering::text& a, stretch::range in_a, const numbering::text& b,
          stretch::range in_b) {
  const auto at = [](const numbering::text& t, std::size_t i) {
    return t.numbers.begin() + static_cast<std::ptrdiff_t>(i);
  };
  return std::equal(at(a, in_a.from), at(a, in_a.to), at(b, in_b.from), at(b, in_b.to));
}

/// A line that the base has once, and that one side moved while the other deleted or moved it:
/// where it stood both agree, and where it stands now only one of them knows.
bool tears_apart(const numbering::text& base, const numbering::text& current,
                 const numbering::text& incoming, const std::vector<std::string_view>& merged) {
  struct counts {
    int base = 0, current = 0, incoming = 0, merged = 0;
  };
  std::unordered_map<std::string_view, counts> of;
  const auto count = [&](const std::vector<std::string_view>& lines, int counts::*version) {
    for (const auto line : lines)
      ++(of[line].*version);
  };
  count(base.lines, &counts::base);
  count(current.lines, &counts::current);
  count(incoming.lines, &counts::incoming);
  count(merged, &counts::merged);
  return std::any_of(of.begin(), of.end(), [](const auto& entry) {
    const auto& line = entry.second;
    if (line.base != 1 || line.current > 1 || line.incoming > 1) return false;
    return line.merged != std::min(line.current, line.incoming);
  });
}

} // namespace

std::optional<std::string> merge_lines(std::string_view base, std::string_view current,
                                       std::string_view incoming) {
  numbering lines;
  const auto b = lines.read(base);
  const auto c = lines.read(current);
  const auto i = lines.read(incoming);
  std::vector<std::string_view> merged;
  for (const auto& part : align_three(b.numbers, c.numbers, i.numbers)) {
    const bool current_kept = same(b, part.base, c, part.current);
    if (!current_kept && !same(b, part.base, i, part.incoming) &&
        !same(c, part.current, i, part.incoming))
      return std::nullopt;
    const auto& from = current_kept ? i : c;
    const auto range = current_kept ? part.incoming : part.current;
    merged.insert(merged.end(), from.lines.begin() + static_cast<std::ptrdiff_t>(range.from),
                  from.lines.begin() + static_cast<std::ptrdiff_t>(range.to));
  }
  if (tears_apart(b, c, i, merged)) return std::nullopt;
  std::string text;
  for (std::size_t line = 0; line < merged.size(); ++line)
    (line == 0 ? text : text += '\n') += merged[line];
  return text;
}

} // namespace apisync::specs
