#include "specs/rename.hpp"

#include "specs/identity_match.hpp"
#include "specs/pointer.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <functional>
#include <iterator>
#include <set>
#include <string_view>
#include <utility>

namespace apisync::specs {

namespace {

constexpr std::size_t old_version = 0;
constexpr std::size_t new_version = 1;

/// Values of one part, each with the names on its way, as sorted hashes.
using values = std::vector<std::uint64_t>;

constexpr std::size_t values_max = 20'000;
/// So many equal values are enough to tell a part by.
constexpr double enough_values = 6;
/// Another pair that comes so near makes both uncertain.
constexpr double lead_min = 0.1;
constexpr double uncertain = 0.6;
constexpr double by_operation_id = 0.9;

std::uint64_t mix(std::uint64_t a, std::uint64_t b) {
  a ^= b + 0x9e3779b97f4a7c15ULL + (a << 12U) + (a >> 4U);
  return a * 0xff51afd7ed558ccdULL;
}

void collect(values& into, node of, std::uint64_t way, int depth) {
  if (into.size() >= values_max) return;
  if (of.size() == 0 || depth == depth_max) {
    into.push_back(mix(way, of.hash()));
    return;
  }
  for (const auto child : of)
    collect(into, child,
            of.is_object() ? mix(way, std::hash<std::string_view>{}(child.key())) : way, depth + 1);
}

/// Something that only one of two versions has.
struct part {
  std::string pointer;
  node value;
  values has;
};

part make_part(std::string pointer, node value) {
  part made{std::move(pointer), value, {}};
  collect(made.has, value, 0, 0);
  std::sort(made.has.begin(), made.has.end());
  return made;
}

std::string_view operation_id(node operation) {
  return operation.find("operationId").text();
}

/// All operations of the old one that have an id are in the new one, and there is such a one.
bool same_operation_ids(place at, node before, node after) {
  if (at == place::operation)
    return !operation_id(before).empty() && operation_id(before) == operation_id(after);
  if (at != place::path_item) return false;
  bool any = false;
  for (const auto member : before) {
    if (member_place(at, member.key()) != place::operation || operation_id(member).empty())
      continue;
    if (operation_id(after.find(member.key())) != operation_id(member)) return false;
    any = true;
  }
  return any;
}

/// What references named before and after, where both versions have one at the same place.
using replaced_pairs = std::set<std::pair<std::string_view, std::string_view>>;

void collect(replaced_pairs& into, node before, node after, int depth) {
  if (!before || !after || same_content(before, after) || depth == depth_max) return;
  if (before.is_object() && after.is_object()) {
    for (const auto member : before) {
      const auto other = after.find(member.key());
      if (member.key() == "$ref" && member.is_string() && other.is_string())
        into.emplace(member.text(), other.text());
      else
        collect(into, member, other, depth + 1);
    }
  } else if (before.is_array() && after.is_array()) {
    for (std::size_t i = 0; i < std::min(before.size(), after.size()); ++i)
      collect(into, before[i], after[i], depth + 1);
  }
}

/// They are looked for when first asked about: most pairs of parts are told apart without them.
class replaced_references {
public:
  replaced_references(node before, node after) : before_{before}, after_{after} {}

  const replaced_pairs& all() {
    if (!looked_) collect(found_, before_, after_, 0);
    looked_ = true;
    return found_;
  }

private:
  node before_;
  node after_;
  replaced_pairs found_;
  bool looked_ = false;
};

/// The last part of a path that is no parameter.
std::string_view last_word(std::string_view path) {
  while (!path.empty()) {
    const auto slash = path.rfind('/');
    const auto word = path.substr(slash == path.npos ? 0 : slash + 1);
    if (!word.empty() && !word.starts_with('{')) return word;
    path = path.substr(0, slash == path.npos ? 0 : slash);
  }
  return {};
}

bool has_operation_ids(node item) {
  return std::any_of(item.begin(), item.end(),
                     [](node member) { return !operation_id(member).empty(); });
}

bool names(std::string_view reference, std::string_view pointer) {
  return reference.starts_with('#') && reference.substr(1) == pointer;
}

/// Values that are alike prove little: APIs repeat themselves. Something else has to say so, too:
/// the operations' ids, where there are none the path's last word, and for shared parts references
/// that now name the other.
bool witnessed(place at, const part& before, const part& after, replaced_references& replaced) {
  if (at == place::path_item)
    return !has_operation_ids(before.value) && !has_operation_ids(after.value) &&
           last_word(before.value.key()) == last_word(after.value.key());
  if (at == place::operation) return false; // by its id only
  const auto& pairs = replaced.all();
  return std::any_of(pairs.begin(), pairs.end(), [&](const auto& pair) {
    return names(pair.first, before.pointer) && names(pair.second, after.pointer);
  });
}

double likeness(place at, const part& before, const part& after, replaced_references& replaced) {
  if (same_operation_ids(at, before.value, after.value)) return by_operation_id;
  values common;
  std::set_intersection(before.has.begin(), before.has.end(), after.has.begin(), after.has.end(),
                        std::back_inserter(common));
  const auto all = static_cast<double>(before.has.size() + after.has.size());
  const auto shared = static_cast<double>(common.size());
  const auto like = all == 0 ? 0 : 2 * shared / all * std::min(1.0, shared / enough_values);
  return like <= uncertain || witnessed(at, before, after, replaced) ? like : uncertain;
}

/// Pairs removed and added parts of one kind, the likest first.
class pairing {
public:
  pairing(place at, const std::vector<part>& removed, const std::vector<part>& added,
          replaced_references& replaced)
      : at_{at}, removed_{removed}, added_{added}, replaced_{replaced} {}

  void run(std::vector<rename>& into) {
    const bool all = removed_.size() <= renames_max && added_.size() <= renames_max;
    for (std::size_t r = 0; r < removed_.size(); ++r)
      for (std::size_t a = 0; a < added_.size(); ++a) {
        if (!all && removed_[r].value.hash() != added_[a].value.hash()) continue;
        if (const auto like = likeness(at_, removed_[r], added_[a], replaced_);
            like >= confidence_min)
          pairs_.push_back({like, r, a});
      }
    std::stable_sort(pairs_.begin(), pairs_.end(),
                     [](const pair& x, const pair& y) { return x.like > y.like; });
    std::set<std::size_t> old_taken;
    std::set<std::size_t> new_taken;
    for (const auto& each : pairs_) {
      if (old_taken.contains(each.removed) || new_taken.contains(each.added)) continue;
      old_taken.insert(each.removed);
      new_taken.insert(each.added);
      const auto& before = removed_[each.removed];
      const auto& after = added_[each.added];
      into.push_back({at_, before.pointer, after.pointer, before.value, after.value,
                      rivalled(each) ? std::min(each.like, uncertain) : each.like});
    }
  }

private:
  struct pair {
    double like;
    std::size_t removed;
    std::size_t added;
  };

  [[nodiscard]] bool rivalled(const pair& by) const {
    return std::any_of(pairs_.begin(), pairs_.end(), [&](const pair& other) {
      return (other.removed == by.removed) != (other.added == by.added) &&
             other.like > by.like - lead_min;
    });
  }

  place at_;
  const std::vector<part>& removed_;
  const std::vector<part>& added_;
  replaced_references& replaced_;
  std::vector<pair> pairs_;
};

class search {
public:
  search(node before, node after) : before_{before}, after_{after}, replaced_{before, after} {}

  std::vector<rename> run() {
    paths();
    constexpr std::array shared_at_root{"definitions", "parameters", "responses"};
    for (const auto* name : shared_at_root)
      shared('/' + std::string{name}, before_.find(name), after_.find(name),
             member_place(place::root, name));
    const auto new_components = after_.find("components");
    for (const auto kind : before_.find("components"))
      shared("/components/" + escape_token(kind.key()), kind, new_components.find(kind.key()),
             member_place(place::components, kind.key()));
    std::stable_sort(found_.begin(), found_.end(),
                     [](const rename& a, const rename& b) { return a.confidence > b.confidence; });
    return std::move(found_);
  }

private:
  void shared(const std::string& pointer, node before, node after, place map) {
    if (!is_map(map) || !before.is_object() || !after.is_object() || same_content(before, after))
      return;
    std::vector<part> removed;
    std::vector<part> added;
    for (const auto member : before)
      if (!after.find(member.key()))
        removed.push_back(make_part(pointer + '/' + escape_token(member.key()), member));
    if (removed.empty()) return;
    for (const auto member : after)
      if (!before.find(member.key()))
        added.push_back(make_part(pointer + '/' + escape_token(member.key()), member));
    if (added.empty()) return;
    pairing{member_place(map, "any"), removed, added, replaced_}.run(found_);
  }

  void paths() {
    const auto before = before_.find("paths");
    const auto after = after_.find("paths");
    if (!before.is_object() || !after.is_object() || same_content(before, after)) return;
    std::vector<part> removed;
    std::vector<part> added;
    std::vector<part> removed_operations;
    std::vector<part> added_operations;
    const auto add = [](std::vector<part>& to, node item) {
      if (!item.key().starts_with("x-"))
        to.push_back(make_part("/paths/" + escape_token(item.key()), item));
    };
    for (const auto& row : match_members(place::path_map, {before, after, {}})) {
      if (!row.in(new_version))
        add(removed, before[row.index[old_version]]);
      else if (!row.in(old_version))
        add(added, after[row.index[new_version]]);
      else
        operations(before[row.index[old_version]], after[row.index[new_version]],
                   removed_operations, added_operations);
    }
    pairing{place::path_item, removed, added, replaced_}.run(found_);
    for (const auto& item : removed)
      if (!renamed(&rename::from, item.pointer))
        operations(item.value, {}, removed_operations, added_operations);
    for (const auto& item : added)
      if (!renamed(&rename::to, item.pointer))
        operations({}, item.value, removed_operations, added_operations);
    pairing{place::operation, removed_operations, added_operations, replaced_}.run(found_);
  }

  [[nodiscard]] bool renamed(std::string rename::*end, const std::string& pointer) const {
    return std::any_of(found_.begin(), found_.end(),
                       [&](const rename& each) { return each.*end == pointer; });
  }

  /// The operations that one of two path items lacks.
  static void operations(node before, node after, std::vector<part>& removed,
                         std::vector<part>& added) {
    const auto collect_from = [](node item, node other, std::vector<part>& into) {
      for (const auto member : item)
        if (member_place(place::path_item, member.key()) == place::operation &&
            !other.find(member.key()))
          into.push_back(make_part(
              "/paths/" + escape_token(item.key()) + '/' + escape_token(member.key()), member));
    };
    if (same_content(before, after)) return;
    collect_from(before, after, removed);
    collect_from(after, before, added);
  }

  node before_;
  node after_;
  replaced_references replaced_;
  std::vector<rename> found_;
};

} // namespace

std::vector<rename> find_renames(node before, node after) {
  return search{before, after}.run();
}

} // namespace apisync::specs
