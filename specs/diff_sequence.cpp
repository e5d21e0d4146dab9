#include "specs/diff_sequence.hpp"

#include <algorithm>

namespace apisync::specs {

namespace {

using hashes = std::span<const std::uint64_t>;

/// The furthest points reached with each number of edits, kept so that the way can be walked back.
class edit_graph {
public:
  edit_graph(hashes left, hashes right) : left_{left}, right_{right} {}

  /// Pairs of equal elements on a shortest way, or none where it takes more than `edits_max`.
  std::vector<aligned> shortest() {
    const auto limit = std::min(left_.size() + right_.size(), edits_max);
    for (std::size_t edits = 0; edits <= limit; ++edits)
      if (extend(edits)) return walk_back(edits);
    return {};
  }

private:
  using frontier =
      std::vector<std::ptrdiff_t>; ///< x by diagonal, which runs from -edits to +edits.

  [[nodiscard]] std::ptrdiff_t reached(std::size_t edits, std::ptrdiff_t diagonal) const {
    const auto half = static_cast<std::ptrdiff_t>(edits);
    if (diagonal < -half || diagonal > half) return -1;
    return rounds_[edits][static_cast<std::size_t>(diagonal + half)];
  }

  /// The way comes from the diagonal above: an element of `right` was inserted.
  [[nodiscard]] bool inserts(std::size_t edits, std::ptrdiff_t diagonal) const {
    const auto down = reached(edits - 1, diagonal + 1);
    const auto across = reached(edits - 1, diagonal - 1);
    return diagonal == -static_cast<std::ptrdiff_t>(edits) ||
           (diagonal != static_cast<std::ptrdiff_t>(edits) && across < down);
  }

  [[nodiscard]] std::ptrdiff_t start(std::size_t edits, std::ptrdiff_t diagonal) const {
    if (edits == 0) return 0;
    return inserts(edits, diagonal) ? reached(edits - 1, diagonal + 1)
                                    : reached(edits - 1, diagonal - 1) + 1;
  }

  bool extend(std::size_t edits) {
    const auto half = static_cast<std::ptrdiff_t>(edits);
    const auto width = static_cast<std::ptrdiff_t>(left_.size());
    const auto height = static_cast<std::ptrdiff_t>(right_.size());
    rounds_.emplace_back(2 * edits + 1, std::ptrdiff_t{-1});
    for (auto diagonal = -half; diagonal <= half; diagonal += 2) {
      auto x = start(edits, diagonal);
      auto y = x - diagonal;
      while (x < width && y < height && x >= 0 && y >= 0 &&
             left_[static_cast<std::size_t>(x)] == right_[static_cast<std::size_t>(y)])
        ++x, ++y;
      rounds_.back()[static_cast<std::size_t>(diagonal + half)] = x;
      if (x >= width && y >= height) return true;
    }
    return false;
  }

  [[nodiscard]] std::vector<aligned> walk_back(std::size_t edits) const {
    std::vector<aligned> pairs;
    auto x = static_cast<std::ptrdiff_t>(left_.size());
    auto y = static_cast<std::ptrdiff_t>(right_.size());
    for (;; --edits) {
      const auto diagonal = x - y;
      const auto from = start(edits, diagonal);
      while (x > from && y > 0) {
        --x, --y;
        pairs.push_back({static_cast<std::size_t>(x), static_cast<std::size_t>(y)});
      }
      if (edits == 0) break;
      const bool inserted = inserts(edits, diagonal);
      x = reached(edits - 1, inserted ? diagonal + 1 : diagonal - 1);
      y = x - (inserted ? diagonal + 1 : diagonal - 1);
    }
    std::reverse(pairs.begin(), pairs.end());
    return pairs;
  }

  hashes left_;
  hashes right_;
  std::vector<frontier> rounds_;
};

/// For each element of the left side its partner on the right, or `none`.
constexpr auto none = static_cast<std::size_t>(-1);

std::vector<std::size_t> partners(hashes left, hashes right) {
  std::vector<std::size_t> partner(left.size(), none);
  for (const auto& pair : align(left, right))
    partner[pair.left] = pair.right;
  return partner;
}

} // namespace

std::vector<aligned> align(hashes left, hashes right) {
  std::vector<aligned> pairs;
  std::size_t head = 0;
  const auto shorter = std::min(left.size(), right.size());
  for (; head < shorter && left[head] == right[head]; ++head)
    pairs.push_back({head, head});
  std::size_t tail = 0;
  while (tail < shorter - head && left[left.size() - 1 - tail] == right[right.size() - 1 - tail])
    ++tail;
  const auto middle = edit_graph{left.subspan(head, left.size() - head - tail),
                                 right.subspan(head, right.size() - head - tail)}
                          .shortest();
  for (const auto& pair : middle)
    pairs.push_back({pair.left + head, pair.right + head});
  for (; tail > 0; --tail)
    pairs.push_back({left.size() - tail, right.size() - tail});
  return pairs;
}

std::vector<stretch> align_three(hashes base, hashes current, hashes incoming) {
  const auto in_current = partners(base, current);
  const auto in_incoming = partners(base, incoming);
  std::vector<stretch> cut;
  stretch::range b, c, i;
  const auto close = [&](std::size_t b_to, std::size_t c_to, std::size_t i_to, bool common) {
    stretch next{{b.to, b_to}, {c.to, c_to}, {i.to, i_to}, common};
    if (next.base.size() + next.current.size() + next.incoming.size() > 0) cut.push_back(next);
    b = next.base;
    c = next.current;
    i = next.incoming;
  };
  for (std::size_t at = 0; at < base.size(); ++at) {
    if (in_current[at] == none || in_incoming[at] == none) continue;
    close(at, in_current[at], in_incoming[at], false);
    if (!cut.empty() && cut.back().common) {
      auto& last = cut.back();
      ++last.base.to, ++last.current.to, ++last.incoming.to;
      b = last.base, c = last.current, i = last.incoming;
    } else {
      close(at + 1, in_current[at] + 1, in_incoming[at] + 1, true);
    }
  }
  close(base.size(), current.size(), incoming.size(), false);
  return cut;
}

} // namespace apisync::specs
