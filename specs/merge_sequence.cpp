#include "specs/merge_sequence.hpp"

#include "specs/diff_sequence.hpp"
#include "specs/identity.hpp"
#include "specs/merge_order.hpp"

#include <algorithm>
#include <span>
#include <unordered_map>

namespace apisync::specs {

namespace {

using hash_list = std::vector<std::uint64_t>;

hash_list hashes(node list) {
  hash_list made;
  made.reserve(list.size());
  for (const auto element : list)
    made.push_back(element.hash());
  return made;
}

bool equal(const hash_list& a, stretch::range in_a, const hash_list& b, stretch::range in_b) {
  return std::equal(a.begin() + static_cast<std::ptrdiff_t>(in_a.from),
                    a.begin() + static_cast<std::ptrdiff_t>(in_a.to),
                    b.begin() + static_cast<std::ptrdiff_t>(in_b.from),
                    b.begin() + static_cast<std::ptrdiff_t>(in_b.to));
}

class sequence_merger {
public:
  sequence_merger(const merge_triple& lists, bool positions_count, const merge_element& merge)
      : lists_{lists},
        positions_count_{positions_count},
        merge_{merge},
        content_{hashes(lists.base), hashes(lists.current), hashes(lists.incoming)} {
    made_.plan.what = merge_plan::made_as::array;
    made_.plan.source = lists.current;
  }

  std::optional<merged_sequence> run() {
    const auto cut = align_three(content_[in_base], content_[in_current], content_[in_incoming]);
    for (const auto& part : cut)
      if (!add(part)) return std::nullopt;
    if (tears_apart()) return std::nullopt;
    return std::move(made_);
  }

private:
  void append(node list, stretch::range range) {
    for (auto i = range.from; i < range.to; ++i)
      made_.plan.children.push_back(merge_plan::take(list[i]));
  }

  /// Adds one stretch; false where both sides changed it irreconcilably.
  bool add(const stretch& part) {
    const auto& [base, current, incoming] = content_;
    const bool incoming_kept = equal(base, part.base, incoming, part.incoming);
    if (part.common || incoming_kept) {
      if (!part.common) made_.parts.push_back(merged_from::current);
      append(lists_.current, part.current);
      return true;
    }
    const bool alike = equal(current, part.current, incoming, part.incoming);
    if (alike || equal(base, part.base, current, part.current)) {
      made_.parts.push_back(alike ? merged_from::both : merged_from::incoming);
      append(lists_.incoming, part.incoming);
      return true;
    }
    if (part.base.size() == 0) return add_both(part.current, part.incoming);
    return add_by_element(part);
  }

  /// Something that one side inserts stands in the other's list: the merged one would have it
  /// twice.
  [[nodiscard]] bool twice(std::size_t side, stretch::range inserted, std::size_t other) const {
    const auto& present = content_.at(other);
    for (auto e = inserted.from; e < inserted.to; ++e)
      if (std::find(present.begin(), present.end(), content_.at(side)[e]) != present.end())
        return true;
    return false;
  }

  /// Insertions of both sides at one position, in an order that does not depend on the side.
  bool add_both(stretch::range current, stretch::range incoming) {
    if (positions_count_ || twice(in_incoming, incoming, in_current) ||
        twice(in_current, current, in_incoming))
      return false;
    const bool current_first = canonical_text(lists_.current[current.from]) <
                               canonical_text(lists_.incoming[incoming.from]);
    if (current_first) append(lists_.current, current);
    append(lists_.incoming, incoming);
    if (!current_first) append(lists_.current, current);
    made_.parts.push_back(merged_from::current);
    made_.parts.push_back(merged_from::incoming);
    return true;
  }

  /// Both sides changed the stretch: merges element by element where it is plain which is which.
  bool add_by_element(const stretch& part) {
    const auto current = edits_of(part.base, in_current, part.current);
    const auto incoming = edits_of(part.base, in_incoming, part.incoming);
    if (!current || !incoming) return false;
    for (std::size_t n = 0; n <= part.base.size(); ++n) {
      if (!add_inserted(current->inserted[n], incoming->inserted[n])) return false;
      if (n < part.base.size() &&
          !add_element(lists_.base[part.base.from + n], current->partner[n], incoming->partner[n]))
        return false;
    }
    made_.parts.push_back(merged_from::current);
    made_.parts.push_back(merged_from::incoming);
    return true;
  }

  /// What a side made of a stretch of the base.
  struct edits {
    std::vector<node> partner;            ///< Of each element of the base; no node where deleted.
    std::vector<stretch::range> inserted; ///< Before each element, and at the end.
  };

  /// Pairs equal elements, and what stands between them in order where it is equally many; nothing
  /// where several became more or fewer others, or moved.
  std::optional<edits> edits_of(stretch::range base, std::size_t side, stretch::range in) const {
    const auto cut = [](const hash_list& of, stretch::range range) {
      return std::span{of}.subspan(range.from, range.size());
    };
    auto equal_ones = align(cut(content_[in_base], base), cut(content_[side], in));
    equal_ones.push_back({base.size(), in.size()});
    const auto list = side == in_current ? lists_.current : lists_.incoming;
    edits made{std::vector<node>(base.size()), std::vector<stretch::range>(base.size() + 1)};
    std::size_t b = 0;
    std::size_t s = 0;
    for (const auto& pair : equal_ones) {
      const auto old_ones = pair.left - b;
      const auto new_ones = pair.right - s;
      if (old_ones == 0)
        made.inserted[b] = {in.from + s, in.from + pair.right};
      else if (old_ones == new_ones)
        for (; b < pair.left; ++b, ++s)
          made.partner[b] = list[in.from + s];
      else if (new_ones != 0)
        return std::nullopt;
      if (pair.left < base.size()) made.partner[pair.left] = list[in.from + pair.right];
      b = pair.left + 1;
      s = pair.right + 1;
    }
    const bool shifts = std::any_of(made.inserted.begin(), made.inserted.end(),
                                    [](const auto& range) { return range.size() > 0; }) ||
                        base.size() != in.size();
    if ((positions_count_ && shifts) || moves(made, content_[in_base], content_[side]))
      return std::nullopt;
    return made;
  }

  /// Something that was inserted stands in the base elsewhere: the side moved it.
  static bool moves(const edits& made, const hash_list& base, const hash_list& side) {
    return std::any_of(made.inserted.begin(), made.inserted.end(), [&](const auto& range) {
      const auto inserted = std::span{side}.subspan(range.from, range.size());
      return std::find_first_of(inserted.begin(), inserted.end(), base.begin(), base.end()) !=
             inserted.end();
    });
  }

  bool add_inserted(stretch::range current, stretch::range incoming) {
    if (current.size() > 0 && incoming.size() > 0 &&
        !equal(content_[in_current], current, content_[in_incoming], incoming))
      return add_both(current, incoming);
    append(lists_.current, current);
    if (current.size() == 0) append(lists_.incoming, incoming);
    return true;
  }

  bool add_element(node base, node current, node incoming) {
    if (!current || !incoming) {
      const auto kept = current ? current : incoming;
      return !kept || same_content(kept, base); // an edit beside a deletion is a conflict
    }
    auto element = merge_({base, current, incoming});
    if (element) made_.plan.children.push_back(std::move(*element));
    return element.has_value();
  }

  /// An element that one side moved while the other changed around it would stand twice, or
  /// nowhere.
  [[nodiscard]] bool tears_apart() const {
    std::unordered_map<std::uint64_t, per_version<int>> counts;
    for (std::size_t v = 0; v < versions_max; ++v)
      for (const auto element : content_[v])
        ++counts[element][v];
    std::unordered_map<std::uint64_t, int> in_plan;
    for (const auto& child : made_.plan.children)
      if (child.what == merge_plan::made_as::taken) ++in_plan[child.source.hash()];
    return std::any_of(counts.begin(), counts.end(), [&](const auto& entry) {
      const auto& count = entry.second;
      if (count[in_current] != count[in_base] && count[in_incoming] != count[in_base]) return false;
      const auto expected =
          count[in_current] == count[in_base] ? count[in_incoming] : count[in_current];
      const auto found = in_plan.find(entry.first);
      return (found == in_plan.end() ? 0 : found->second) != expected;
    });
  }

  merge_triple lists_;
  bool positions_count_;
  const merge_element& merge_;
  per_version<hash_list> content_;
  merged_sequence made_;
};

} // namespace

std::optional<merged_sequence> merge_sequences(const merge_triple& lists, bool positions_count,
                                               const merge_element& merge) {
  return sequence_merger{lists, positions_count, merge}.run();
}

bool same_elements(node a, node b) {
  auto left = hashes(a);
  auto right = hashes(b);
  std::sort(left.begin(), left.end());
  std::sort(right.begin(), right.end());
  return left == right;
}

} // namespace apisync::specs
