#include "specs/merge_order.hpp"

#include <algorithm>
#include <unordered_map>

namespace apisync::specs {

namespace {

using indexes = std::vector<std::size_t>;

indexes in_order_of(std::size_t version, const std::vector<matched_child>& rows,
                    const std::vector<bool>& kept) {
  indexes order;
  for (std::size_t row = 0; row < rows.size(); ++row)
    if (kept[row] && rows[row].in(version)) order.push_back(row);
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return rows[a].index[version] < rows[b].index[version];
  });
  return order;
}

/// The rows that a version shares with the base stand in another order there.
bool reordered(const std::vector<matched_child>& rows, const indexes& order) {
  std::size_t last = 0;
  for (const auto row : order) {
    if (!rows[row].in(in_base)) continue;
    if (rows[row].index[in_base] < last) return true;
    last = rows[row].index[in_base];
  }
  return false;
}

/// What the other side alone has, by the row of its left neighbour that both have.
struct insertions {
  indexes at_start;
  std::unordered_map<std::size_t, indexes> after;
  bool anything_shared = false;
};

insertions insertions_of(const indexes& other, std::size_t leading,
                         const std::vector<matched_child>& rows) {
  insertions found;
  indexes* run = &found.at_start;
  for (const auto row : other) {
    if (rows[row].in(leading)) {
      run = &found.after[row];
      found.anything_shared = true;
    } else {
      run->push_back(row);
    }
  }
  return found;
}

/// Appends the leading side's own run and the other's, in the order that `decide` gives.
void append_runs(indexes& result, const indexes& own, const indexes& others,
                 const std::vector<matched_child>& rows, ties decide) {
  const bool others_first = decide == ties::by_key && !own.empty() && !others.empty() &&
                            rows[others.front()].key < rows[own.front()].key;
  const auto& first = others_first ? others : own;
  const auto& second = others_first ? own : others;
  result.insert(result.end(), first.begin(), first.end());
  result.insert(result.end(), second.begin(), second.end());
}

} // namespace

std::vector<std::size_t> merged_order(const std::vector<matched_child>& rows,
                                      const std::vector<bool>& kept, ties decide) {
  auto leading_order = in_order_of(in_current, rows, kept);
  auto other_order = in_order_of(in_incoming, rows, kept);
  auto leading = in_current;
  if (reordered(rows, other_order) && !reordered(rows, leading_order)) {
    std::swap(leading_order, other_order);
    leading = in_incoming;
  }
  const auto other = leading == in_current ? in_incoming : in_current;
  const auto inserted = insertions_of(other_order, leading, rows);

  indexes result;
  result.reserve(rows.size());
  static const indexes nothing;
  const indexes* pending = inserted.anything_shared ? &inserted.at_start : &nothing;
  indexes own;
  for (const auto row : leading_order) {
    if (!rows[row].in(other)) {
      own.push_back(row);
      continue;
    }
    append_runs(result, own, *pending, rows, decide);
    own.clear();
    result.push_back(row);
    const auto found = inserted.after.find(row);
    pending = found == inserted.after.end() ? &nothing : &found->second;
  }
  append_runs(result, own, inserted.anything_shared ? *pending : inserted.at_start, rows, decide);
  return result;
}

} // namespace apisync::specs
