#include "specs/diff.hpp"

#include "specs/canonical.hpp"
#include "specs/diff_rename.hpp"
#include "specs/diff_sequence.hpp"
#include "specs/identity_match.hpp"
#include "specs/pointer.hpp"

#include <algorithm>

namespace apisync::specs {

namespace {

constexpr std::size_t old_version = 0;
constexpr std::size_t new_version = 1;

/// `1` and `1.0`.
bool same_number(node a, node b) {
  return a.is(kind::number) && b.is(kind::number) &&
         canonical_number(a.text()) == canonical_number(b.text());
}

/// Walks two versions side by side. `stop_at_first` answers whether there is any difference.
class comparison {
public:
  comparison(scope before_in, scope after_in, bool stop_at_first)
      : scopes_{before_in, after_in, {}}, stop_at_first_{stop_at_first} {}

  void compare(place at, node before, node after) {
    if (done() || same_content(before, after) || same_number(before, after)) return;
    enter(at, before, after);
    if (way_.size() > depth_max)
      report(change_kind::changed);
    else if (before.is_object() && after.is_object())
      objects(at, before, after);
    else if (before.is_array() && after.is_array())
      arrays(at, before, after);
    else
      report(change_kind::changed);
    leave();
  }

  std::vector<change> found;

private:
  [[nodiscard]] bool done() const { return stop_at_first_ && !found.empty(); }

  void enter(place at, node before, node after) { way_.push_back({at, before, after}); }
  void leave() { way_.pop_back(); }

  void report(change_kind kind) {
    const auto& [at, before, after] = way_.back();
    change made{kind, {}, {}, before, after, {}};
    if (before) made.old_pointer = pointers_[old_version];
    made.pointer = pointers_[after ? new_version : old_version];
    if (!stop_at_first_) made.way = way_;
    found.push_back(std::move(made));
  }

  /// A child of the innermost entered node: `absent` indexes where a version lacks it.
  void child(place at, node before, std::size_t before_index, node after, std::size_t after_index) {
    const auto mark = lengths();
    if (before) extend(old_version, before, before_index);
    if (after) extend(new_version, after, after_index);
    if (before && after) {
      compare(at, before, after);
    } else if (!done()) {
      enter(at, before, after);
      report(after ? change_kind::added : change_kind::removed);
      leave();
    }
    pointers_[old_version].resize(mark[0]);
    pointers_[new_version].resize(mark[1]);
  }

  void extend(std::size_t version, node value, std::size_t index) {
    const auto& last = way_.back();
    const auto parent = version == old_version ? last.before : last.after;
    if (parent.is_array())
      append_token(pointers_[version], std::to_string(index));
    else
      append_token(pointers_[version], value.key());
  }

  [[nodiscard]] std::array<std::size_t, 2> lengths() const {
    return {pointers_[old_version].size(), pointers_[new_version].size()};
  }

  /// Members match by name, and path templates that come or go by what they say.
  void objects(place at, node before, node after) {
    std::vector<matched_child> rows;
    std::size_t kept = 0;
    for (std::size_t i = 0; const auto member : after) {
      const auto old_index = before.index_of(member.key());
      if (!old_index || !same_content(before[*old_index], member))
        rows.push_back({{}, {old_index.value_or(matched_child::absent), i, matched_child::absent}});
      if (old_index) ++kept;
      ++i;
    }
    const bool all_kept = kept == before.size() && kept == after.size();
    if (at == place::path_map && !all_kept)
      rows = match_members(at, {before, after, {}});
    else if (kept < before.size())
      add_removed(rows, before, after);
    matched(rows, before, after, [&](const matched_child& row) {
      const node old_child = row.in(old_version) ? before[row.index[old_version]] : node{};
      const node new_child = row.in(new_version) ? after[row.index[new_version]] : node{};
      const auto name = new_child ? new_child.key() : old_child.key();
      member(at, name, row, old_child, new_child);
    });
  }

  static void add_removed(std::vector<matched_child>& rows, node before, node after) {
    for (std::size_t i = 0; const auto member : before) {
      if (!after.find(member.key()))
        rows.push_back({{}, {i, matched_child::absent, matched_child::absent}});
      ++i;
    }
  }

  void member(place at, std::string_view name, const matched_child& row, node before, node after) {
    const auto outer = scopes_;
    if (at == place::path_map) scopes_ = {scope{before.key()}, scope{after.key()}, {}};
    if (before && after && before.key() != after.key())
      rename(member_place(at, name), before, after);
    child(member_place(at, name), before, row.index[old_version], after, row.index[new_version]);
    scopes_ = outer;
  }

  void rename(place at, node before, node after) {
    const auto mark = lengths();
    extend(old_version, before, 0);
    extend(new_version, after, 0);
    enter(at, before, after);
    report(change_kind::renamed);
    leave();
    pointers_[old_version].resize(mark[0]);
    pointers_[new_version].resize(mark[1]);
  }

  void arrays(place at, node before, node after) {
    if (list_kind_of(at) == list_kind::sequence) return sequences(at, before, after);
    const auto rows = match_elements(at, {before, after, {}}, scopes_);
    matched(rows, before, after, [&](const matched_child& row) {
      child(element_place(at), row.in(old_version) ? before[row.index[old_version]] : node{},
            row.index[old_version], row.in(new_version) ? after[row.index[new_version]] : node{},
            row.index[new_version]);
    });
  }

  /// Visits what may differ: removals in old order, then the rest in new order.
  template <class Visit>
  void matched(const std::vector<matched_child>& rows, node before, node after, Visit visit) {
    std::vector<const matched_child*> kept;
    for (const auto& row : rows) {
      if (!row.in(new_version))
        visit(row);
      else if (!row.in(old_version) || differs(row, before, after))
        kept.push_back(&row);
    }
    std::sort(kept.begin(), kept.end(), [](const auto* a, const auto* b) {
      return a->index[new_version] < b->index[new_version];
    });
    for (const auto* row : kept)
      visit(*row);
  }

  static bool differs(const matched_child& row, node before, node after) {
    const node a = before[row.index[old_version]];
    const node b = after[row.index[new_version]];
    return !same_content(a, b) || a.key() != b.key();
  }

  void sequences(place at, node before, node after) {
    std::vector<std::uint64_t> left;
    std::vector<std::uint64_t> right;
    for (const auto element : before)
      left.push_back(element.hash());
    for (const auto element : after)
      right.push_back(element.hash());
    const auto same = align(left, right);
    auto sorted_left = left;
    auto sorted_right = right;
    std::sort(sorted_left.begin(), sorted_left.end());
    std::sort(sorted_right.begin(), sorted_right.end());
    if (sorted_left == sorted_right) return report(change_kind::reordered);
    std::size_t l = 0;
    std::size_t r = 0;
    for (const auto& pair : same) {
      gap(at, before, l, pair.left, after, r, pair.right);
      l = pair.left + 1;
      r = pair.right + 1;
    }
    gap(at, before, l, left.size(), after, r, right.size());
  }

  /// Elements between two that are the same: paired in order as far as both sides go.
  void gap(place at, node before, std::size_t l, std::size_t l_end, node after, std::size_t r,
           std::size_t r_end) {
    const auto inner = element_place(at);
    for (; l < l_end && r < r_end; ++l, ++r)
      child(inner, before[l], l, after[r], r);
    for (; l < l_end; ++l)
      child(inner, before[l], l, {}, 0);
    for (; r < r_end; ++r)
      child(inner, {}, 0, after[r], r);
  }

  per_version<scope> scopes_;
  bool stop_at_first_;
  std::vector<step> way_;
  std::array<std::string, 2> pointers_;
};

} // namespace

std::string_view to_string(change_kind kind) {
  switch (kind) {
  case change_kind::added:
    return "added";
  case change_kind::removed:
    return "removed";
  case change_kind::changed:
    return "changed";
  case change_kind::renamed:
    return "renamed";
  case change_kind::reordered:
    return "reordered";
  }
  return "changed";
}

std::vector<change> diff(node before, node after) {
  return told_as_renames(diff(before, after, place::root), before, after);
}

std::vector<change> diff(const document& before, const document& after) {
  return diff(before.root(), after.root());
}

std::vector<change> diff(node before, node after, place at, const scope& before_in,
                         const scope& after_in) {
  comparison walk{before_in, after_in, false};
  if (before && after) walk.compare(at, before, after);
  return std::move(walk.found);
}

bool equivalent(node before, node after, place at, const scope& before_in, const scope& after_in) {
  if (!before || !after) return !before && !after;
  comparison walk{before_in, after_in, true};
  walk.compare(at, before, after);
  return walk.found.empty();
}

} // namespace apisync::specs
