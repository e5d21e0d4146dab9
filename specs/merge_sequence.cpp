#include "specs/merge_sequence.hpp"

#include "specs/diff_sequence.hpp"
#include "specs/identity.hpp"
#include "specs/merge_order.hpp"

#include <algorithm>
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
    if (part.base.size() == 0) return add_both(part);
    return part.base.size() == part.current.size() && part.base.size() == part.incoming.size() &&
           add_by_element(part);
  }

  /// Insertions of both sides at one position, in an order that does not depend on the side.
  bool add_both(const stretch& part) {
    if (positions_count_) return false;
    const auto& present = content_[in_current];
    for (auto e = part.incoming.from; e < part.incoming.to; ++e)
      if (std::find(present.begin(), present.end(), content_[in_incoming][e]) != present.end())
        return false; // it would stand there twice
    const bool current_first = canonical_text(lists_.current[part.current.from]) <
                               canonical_text(lists_.incoming[part.incoming.from]);
    if (current_first) append(lists_.current, part.current);
    append(lists_.incoming, part.incoming);
    if (!current_first) append(lists_.current, part.current);
    made_.parts.push_back(merged_from::current);
    made_.parts.push_back(merged_from::incoming);
    return true;
  }

  bool add_by_element(const stretch& part) {
    for (std::size_t n = 0; n < part.base.size(); ++n) {
      auto element = merge_({lists_.base[part.base.from + n], lists_.current[part.current.from + n],
                             lists_.incoming[part.incoming.from + n]});
      if (!element) return false;
      made_.plan.children.push_back(std::move(*element));
    }
    made_.parts.push_back(merged_from::current);
    made_.parts.push_back(merged_from::incoming);
    return true;
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
