#include "specs/identity_match.hpp"

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <unordered_set>
#include <utility>

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

/// The elements of one version by their content, each content's in order.
class by_content {
public:
  explicit by_content(const std::vector<nameless>& elements) {
    for (const auto& element : elements)
      all_[element.value.hash()].push_back(&element);
  }

  /// The next one of that content; null where there are no more.
  const nameless* next(std::uint64_t hash) {
    const auto found = all_.find(hash);
    if (found == all_.end()) return nullptr;
    auto& at = given_[hash];
    return at == found->second.size() ? nullptr : found->second[at++];
  }

private:
  std::unordered_map<std::uint64_t, std::vector<const nameless*>> all_;
  std::unordered_map<std::uint64_t, std::size_t> given_;
};

/// Gives each free element the best row among the candidates, equal content first.
void pair_nameless(std::vector<nameless>& free, const std::vector<nameless>& candidates,
                   std::size_t version, std::vector<matched_child>& made) {
  by_content equal{candidates};
  for (auto& element : free)
    if (const auto* const found = equal.next(element.value.hash())) {
      element.row = found->row;
      made[element.row].index[version] = element.index;
    }
  if (free.size() > nameless_max || candidates.size() > nameless_max) return;
  for (const std::size_t least : {std::size_t{800}, similarity_min}) {
    for (auto& element : free) {
      if (element.row != matched_child::absent) continue;
      const nameless* best = nullptr;
      std::size_t best_score = least - 1;
      for (const auto& candidate : candidates) {
        if (made[candidate.row].in(version)) continue;
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

/// Gives each element that has no row one of its own.
void add_rows(std::vector<nameless>& elements, std::size_t version,
              std::vector<matched_child>& made) {
  for (auto& element : elements) {
    if (element.row != matched_child::absent) continue;
    element.row = made.size();
    made.emplace_back().index[version] = element.index;
  }
}

/// An element of either side, and how much they have in common.
struct likeness {
  std::size_t score = 0;
  nameless one;
  nameless other;

  /// The best first; which side is which makes no difference.
  [[nodiscard]] auto rank() const {
    const auto [low, high] = std::minmax({one.value.hash(), other.value.hash()});
    const auto [first, second] = std::minmax({one.index, other.index});
    return std::tuple{1000 - score, low, high, second - first, first};
  }
};

std::vector<likeness> likenesses(const std::vector<nameless>& one,
                                 const std::vector<nameless>& other) {
  std::vector<likeness> pairs;
  if (one.size() > nameless_max || other.size() > nameless_max) {
    by_content equal{other};
    for (const auto& a : one)
      if (const auto* const b = equal.next(a.value.hash())) pairs.push_back({1000, a, *b});
    return pairs;
  }
  for (const auto& a : one)
    for (const auto& b : other)
      if (const auto score = similarity(a.value, b.value); score >= similarity_min)
        pairs.push_back({score, a, b});
  std::sort(pairs.begin(), pairs.end(),
            [](const auto& a, const auto& b) { return a.rank() < b.rank(); });
  return pairs;
}

/// Joins what one side has with what the other has, each of them with the base or without: a side
/// may have made an element so unlike the base that it is known by the other side's alone.
void join_sides(const std::vector<nameless>& one, const std::vector<nameless>& other,
                std::vector<matched_child>& made) {
  std::vector<std::size_t> row(made.size()); // where each row has gone
  std::iota(row.begin(), row.end(), std::size_t{0});
  const auto apart = [&](std::size_t a, std::size_t b) {
    for (std::size_t v = 0; v < versions_max; ++v)
      if (made[a].in(v) && made[b].in(v)) return false;
    return true;
  };
  for (const auto& pair : likenesses(one, other)) {
    const auto a = row[pair.one.row];
    const auto b = row[pair.other.row];
    if (a == b || !apart(a, b)) continue;
    const auto [into, from] = std::minmax({a, b});
    for (std::size_t v = 0; v < versions_max; ++v)
      if (made[from].in(v))
        made[into].index[v] = std::exchange(made[from].index[v], matched_child::absent);
    row[from] = into;
  }
  std::erase_if(made, [](const auto& each) {
    return std::all_of(each.index.begin(), each.index.end(),
                       [](std::size_t index) { return index == matched_child::absent; });
  });
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
  add_rows(unnamed[0], 0, found.made);
  for (std::size_t v = 1; v < versions_max; ++v) {
    pair_nameless(unnamed[v], unnamed[0], v, found.made);
    add_rows(unnamed[v], v, found.made);
  }
  if (!unnamed[1].empty() && !unnamed[2].empty()) join_sides(unnamed[1], unnamed[2], found.made);
  return std::move(found.made);
}

} // namespace apisync::specs
