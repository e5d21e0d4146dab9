#include "specs/diff_rename.hpp"

#include "specs/rename.hpp"

#include <algorithm>
#include <iterator>

namespace apisync::specs {

namespace {

using changes = std::vector<change>;

changes::iterator find_part(changes& in, change_kind kind, node change::*side, node part) {
  return std::find_if(in.begin(), in.end(),
                      [&](const change& each) { return each.kind == kind && each.*side == part; });
}

/// The renaming itself, and what changed inside.
changes inside(const rename& what, const change& added) {
  change made{change_kind::renamed, what.to, what.from, what.before, what.after, added.way};
  made.way.back().before = what.before;
  made.confidence = what.confidence;
  changes all{made};
  const bool path = what.at == place::path_item;
  for (auto& inner :
       diff(what.before, what.after, what.at, {path ? what.before.key() : std::string_view{}},
            {path ? what.after.key() : std::string_view{}})) {
    inner.pointer = (inner.after ? what.to : what.from) + inner.pointer;
    if (inner.before) inner.old_pointer = what.from + inner.old_pointer;
    auto way = made.way;
    way.insert(way.end(), std::next(inner.way.begin()), inner.way.end());
    inner.way = std::move(way);
    all.push_back(std::move(inner));
  }
  return all;
}

bool refers(node reference, const std::string& pointer) {
  return reference.is_string() && reference.key() == "$ref" && reference.text().starts_with('#') &&
         reference.text().substr(1) == pointer;
}

} // namespace

std::vector<change> told_as_renames(std::vector<change> found, node before, node after) {
  const auto of_kind = [&](change_kind kind) {
    return std::any_of(found.begin(), found.end(),
                       [&](const change& each) { return each.kind == kind; });
  };
  if (!of_kind(change_kind::removed) || !of_kind(change_kind::added)) return found;
  for (const auto& each : find_renames(before, after)) {
    if (!each.certain()) break; // the surest come first
    const auto removed = find_part(found, change_kind::removed, &change::before, each.before);
    if (removed == found.end()) continue; // gone with what held it
    auto added = find_part(found, change_kind::added, &change::after, each.after);
    if (added == found.end()) continue;
    auto told = inside(each, *added);
    const auto at = std::distance(found.begin(), added) - (removed < added ? 1 : 0);
    *added = std::move(told.front());
    found.erase(removed);
    found.insert(found.begin() + at + 1, std::make_move_iterator(told.begin() + 1),
                 std::make_move_iterator(told.end()));
    std::erase_if(found, [&](const change& other) {
      return other.kind == change_kind::changed && refers(other.before, each.from) &&
             refers(other.after, each.to);
    });
  }
  return found;
}

} // namespace apisync::specs
