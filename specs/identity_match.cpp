#include "specs/identity_match.hpp"

#include <algorithm>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

namespace apisync::specs {

namespace {

/// Collects rows by name.
class rows {
public:
  void add(std::string key, std::size_t version, std::size_t index) {
    const auto [at, fresh] = by_key_.try_emplace(std::move(key), made.size());
    if (fresh) made.emplace_back().key = at->first;
    if (!made[at->second].in(version)) {
      made[at->second].index[version] = index;
      return;
    }
    add_repeated(at->first, version, index);
  }

  std::vector<matched_child> made;

private:
  void add_repeated(const std::string& key, std::size_t version, std::size_t index) {
    auto& count = repeated_[version][key];
    if (count == 0) count = 1;
    add(key + "#" + std::to_string(++count), version, index);
  }

  std::unordered_map<std::string, std::size_t> by_key_;
  per_version<std::unordered_map<std::string, std::size_t>> repeated_;
};

/// The names of path templates in all versions, where a version has two that differ by the names of
/// their parameters alone: those are matched by their full text.
std::unordered_set<std::string> ambiguous_templates(const per_version<node>& versions) {
  std::unordered_set<std::string> ambiguous;
  for (const auto version : versions) {
    if (!version.is_object()) continue;
    std::unordered_set<std::string> seen;
    for (const auto member : version)
      if (auto bare = without_parameter_names(member.key()); !seen.insert(bare).second)
        ambiguous.insert(std::move(bare));
  }
  return ambiguous;
}

std::vector<matched_child> match_templates(const per_version<node>& versions) {
  const auto ambiguous = ambiguous_templates(versions);
  rows found;
  for (std::size_t v = 0; v < versions_max; ++v) {
    if (!versions[v].is_object()) continue;
    for (std::size_t i = 0; const auto member : versions[v]) {
      auto bare = without_parameter_names(member.key());
      const bool by_text = ambiguous.contains(bare);
      found.add(by_text ? std::string{member.key()} : std::move(bare), v, i++);
    }
  }
  return std::move(found.made);
}

/// How much two branches have in common, in 1/1000; 0 where they cannot be the same.
std::size_t similarity(node a, node b) {
  if (a.hash() == b.hash()) return 1000;
  if (!a.is_object() || !b.is_object()) return 0;
  std::size_t common = 0;
  for (const auto member : a) {
    const auto other = b.find(member.key());
    if (!other) continue;
    common += other.hash() == member.hash() ? 3 : member.key() == "type" ? 0 : 1;
  }
  const auto all = 3 * std::max(a.size(), b.size());
  return all == 0 ? 0 : 999 * common / all;
}

constexpr std::size_t similarity_min = 200;
/// Beyond this many nameless elements only equal ones match: the search for the best is quadratic.
constexpr std::size_t nameless_max = 256;

struct nameless {
  std::size_t index = 0;
  node value;
  std::size_t row = matched_child::absent;
};

/// Gives each free element the best row among the candidates, equal content first.
void pair_nameless(std::vector<nameless>& free, const std::vector<nameless>& candidates,
                   std::size_t version, std::vector<matched_child>& made) {
  const bool search = free.size() <= nameless_max && candidates.size() <= nameless_max;
  for (const std::size_t least : {std::size_t{1000}, std::size_t{800}, similarity_min}) {
    if (least < 1000 && !search) return;
    for (auto& element : free) {
      if (element.row != matched_child::absent) continue;
      const nameless* best = nullptr;
      std::size_t best_score = least - 1;
      for (const auto& candidate : candidates) {
        if (candidate.row == matched_child::absent || made[candidate.row].in(version)) continue;
        if (const auto score = similarity(candidate.value, element.value); score > best_score) {
          best = &candidate;
          best_score = score;
        }
      }
      if (best == nullptr) continue;
      element.row = best->row;
      made[best->row].index[version] = element.index;
    }
  }
}

} // namespace

std::vector<matched_child> match_members(place at, const per_version<node>& versions) {
  if (at == place::path_map) return match_templates(versions);
  std::vector<matched_child> made;
  std::unordered_map<std::string_view, std::size_t> by_name;
  for (std::size_t v = 0; v < versions_max; ++v) {
    if (!versions[v].is_object()) continue;
    by_name.reserve(versions[v].size());
    for (std::size_t i = 0; const auto member : versions[v]) {
      const auto [row, fresh] = by_name.try_emplace(member.key(), made.size());
      if (fresh) made.emplace_back().key = member.key();
      made[row->second].index[v] = i++;
    }
  }
  return made;
}

std::vector<matched_child> match_elements(place at, const per_version<node>& versions,
                                          const per_version<scope>& scopes) {
  rows found;
  per_version<std::vector<nameless>> unnamed;
  for (std::size_t v = 0; v < versions_max; ++v) {
    if (!versions[v].is_array()) continue;
    for (std::size_t i = 0; const auto element : versions[v]) {
      if (auto key = element_key(at, element, scopes[v]); !key.empty())
        found.add(std::move(key), v, i);
      else
        unnamed[v].push_back({i, element, matched_child::absent});
      ++i;
    }
  }
  for (std::size_t v = 0; v < versions_max; ++v) {
    for (std::size_t earlier = 0; earlier < v; ++earlier)
      pair_nameless(unnamed[v], unnamed[earlier], v, found.made);
    for (auto& element : unnamed[v]) {
      if (element.row != matched_child::absent) continue;
      element.row = found.made.size();
      found.made.emplace_back();
      found.made.back().index[v] = element.index;
    }
  }
  return std::move(found.made);
}

} // namespace apisync::specs
