#include "specs/conflict_proof.hpp"

#include "specs/canonical.hpp"

#include <algorithm>
#include <cstddef>
#include <vector>

namespace apisync::specs {

namespace {

using items = std::vector<std::string>;

/// Which elements of a base a side removed, and before which it put something: index `i` stands
/// for the gap before the `i`-th element, too.
struct touched {
  std::vector<bool> removed;  ///< As long as the base.
  std::vector<bool> inserted; ///< One longer.
};

/// More pairs than this are not compared; all that is between the common ends counts as touched.
constexpr std::size_t pairs_max = 4'000'000;

items elements_of(node list) {
  items made;
  for (const auto element : list)
    made.push_back(canonical_data(element));
  return made;
}

items lines_of(std::string_view text) {
  items made;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size() - 1) + 1;
    made.emplace_back(text.substr(0, end));
    text.remove_prefix(end);
  }
  return made;
}

/// By the longest common subsequence of what is between the common ends.
touched changes(const items& base, const items& side) {
  touched made{std::vector<bool>(base.size()), std::vector<bool>(base.size() + 1)};
  const auto shorter = std::min(base.size(), side.size());
  std::size_t start = 0;
  while (start < shorter && base[start] == side[start])
    ++start;
  std::size_t same_end = 0;
  while (same_end < shorter - start &&
         base[base.size() - 1 - same_end] == side[side.size() - 1 - same_end])
    ++same_end;
  const auto rows = base.size() - start - same_end;
  const auto columns = side.size() - start - same_end;
  if (rows * columns > pairs_max) {
    std::fill_n(made.removed.begin() + static_cast<std::ptrdiff_t>(start), rows, true);
    std::fill_n(made.inserted.begin() + static_cast<std::ptrdiff_t>(start), rows + 1, true);
    return made;
  }
  std::vector<std::vector<std::uint32_t>> common(rows + 1, std::vector<std::uint32_t>(columns + 1));
  for (auto row = rows; row-- > 0;)
    for (auto column = columns; column-- > 0;)
      common[row][column] = base[start + row] == side[start + column]
                                ? common[row + 1][column + 1] + 1
                                : std::max(common[row + 1][column], common[row][column + 1]);
  std::size_t row = 0;
  std::size_t column = 0;
  while (row < rows || column < columns) {
    if (row < rows && column < columns && base[start + row] == side[start + column]) {
      ++row;
      ++column;
    } else if (column == columns ||
               (row < rows && common[row + 1][column] >= common[row][column + 1])) {
      made.removed[start + row++] = true;
    } else {
      made.inserted[start + row] = true;
      ++column;
    }
  }
  return made;
}

/// Whether both touched the same element or neighbours.
bool meet(const touched& one, const touched& other) {
  const auto near = [](const touched& what, std::size_t gap) {
    return what.inserted[gap] || (gap > 0 && what.removed[gap - 1]) ||
           (gap < what.removed.size() && what.removed[gap]);
  };
  for (std::size_t gap = 0; gap < one.inserted.size(); ++gap)
    if (near(one, gap) && near(other, gap)) return true;
  return false;
}

bool is_permutation(items one, items other) {
  std::sort(one.begin(), one.end());
  std::sort(other.begin(), other.end());
  return one == other;
}

bool same(node one, node other) {
  return one && other ? canonical_data(one) == canonical_data(other) : !one && !other;
}

bool is_reference(node value) {
  return value.is_object() && value.find("$ref");
}

/// Whether every version that has it has such a thing, and both sides have it.
bool all(const conflict& of, bool (node::*is)() const) {
  return of.current && of.incoming && (of.current.*is)() && (of.incoming.*is)() &&
         (!of.base || (of.base.*is)());
}

std::string doubt_within(const conflict& of) {
  if (all(of, &node::is_object))
    return is_reference(of.base) || is_reference(of.current) || is_reference(of.incoming)
               ? ""
               : "objects merge member by member";
  const bool lists = all(of, &node::is_array);
  const bool texts =
      all(of, &node::is_string) && of.base && of.base.text().find('\n') != std::string_view::npos;
  if (!of.base || (!lists && !texts)) return "";
  const auto parts = [&](node value) {
    return lists ? elements_of(value) : lines_of(value.text());
  };
  const auto base = parts(of.base);
  const auto current = parts(of.current);
  const auto incoming = parts(of.incoming);
  if (!meet(changes(base, current), changes(base, incoming)))
    return "each side changed another part of it";
  if (lists && of.kind != conflict_kind::move && is_permutation(current, incoming))
    return "both lists have the same elements";
  return "";
}

} // namespace

std::string conflict_doubt(const conflict& which) {
  if (same(which.current, which.incoming)) return "both sides have the same";
  if (same(which.base, which.current) || same(which.base, which.incoming))
    return "only one side changed it";
  if (!which.moved_to.empty()) return "";
  const bool base = static_cast<bool>(which.base);
  const bool current = static_cast<bool>(which.current);
  const bool incoming = static_cast<bool>(which.incoming);
  const auto wanted = [&] {
    switch (which.kind) {
    case conflict_kind::edit_edit:
      return base && current && incoming;
    case conflict_kind::edit_delete:
      return base && current && !incoming;
    case conflict_kind::delete_edit:
      return base && !current && incoming;
    case conflict_kind::add_add:
      return !base && current && incoming;
    case conflict_kind::move:
      return current || incoming;
    }
    return false;
  };
  if (!wanted()) return "the versions are not those of " + std::string{to_string(which.kind)};
  return doubt_within(which);
}

} // namespace apisync::specs
