#include "specs/merge_proof.hpp"

#include "specs/merge_proof_fact.hpp"
#include "specs/merge_proof_names.hpp"
#include "specs/merge_proof_order.hpp"
#include "specs/pointer.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <unordered_map>
#include <unordered_set>

namespace apisync::specs {

namespace {

using quad = per_proof_version<node>;
using templates = per_proof_version<std::string_view>;
constexpr std::size_t sides_end = of_merged; ///< base, current and incoming come before.

/// Beyond this many unexplained elements of one list nobody looks for what they were made from.
constexpr std::size_t unexplained_max = 32;

class proof {
public:
  explicit proof(const templates& in) : templates_{in} {}

  void check(role at, const quad& v) {
    const auto due = due_of(v);
    if (due && same_value(*due, v[of_merged])) return;
    if (all(v, &node::is_object)) return members(at, v);
    if (all(v, &node::is_array)) return list(at, v);
    if (due) return differs(v, *due);
    if (all(v, &node::is_string) && v[of_base]) return lines(v);
    loosely(at, v);
  }

  std::vector<merge_damage> found;

private:
  /// What the merged document must have here, where that follows from equality alone.
  static std::optional<node> due_of(const quad& v) {
    if (same_value(v[of_current], v[of_incoming])) return v[of_current];
    if (same_value(v[of_base], v[of_current])) return v[of_incoming];
    if (same_value(v[of_base], v[of_incoming])) return v[of_current];
    return std::nullopt;
  }

  /// The sides and the merged document have it, and it is such a thing in every version that has
  /// it.
  static bool all(const quad& v, bool (node::*is)() const) {
    const auto& [base, current, incoming, merged] = v;
    const auto fits = [&](node n) { return !n || (n.*is)(); };
    return current && incoming && merged && fits(base) && fits(current) && fits(incoming) &&
           fits(merged);
  }

  void report(merge_damage::kind what, std::string detail) {
    found.push_back({what, place_, std::move(detail)});
  }

  void differs(const quad& v, node due) {
    const auto merged = v[of_merged];
    if (!merged || same_value(merged, v[of_base]))
      report(merge_damage::kind::dropped, due ? "a value is missing" : "a removal is missing");
    else
      report(merge_damage::kind::invented,
             due ? "another value than the sides' changes lead to" : "nobody has this");
  }

  /// Both sides changed it: allowed where a change is none but for order and spelling.
  void loosely(role at, const quad& v) {
    const auto text = [&](node n) { return n ? proof_content(at, n) : std::string{"-"}; };
    const auto base = text(v[of_base]);
    const auto current = text(v[of_current]);
    const auto incoming = text(v[of_incoming]);
    const auto merged = text(v[of_merged]);
    const auto due = current == incoming ? &current
                     : base == current   ? &incoming
                     : base == incoming  ? &current
                                         : nullptr;
    if (due == nullptr)
      report(merge_damage::kind::dropped, "both sides changed it differently");
    else if (*due != merged)
      report(merge_damage::kind::dropped, "a change of a side is missing");
  }

  // -- objects ------------------------------------------------------------------------------------

  void members(role at, const quad& v) {
    const bool paths = at == role::paths && place_ == "/paths";
    std::map<std::string, quad> by_name;
    sibling_order orders;
    const auto ambiguous = paths ? ambiguous_paths(v) : std::unordered_set<std::string>{};
    for (std::size_t version = 0; version < proof_versions; ++version)
      for (const auto member : v[version]) {
        auto name = std::string{member.key()};
        if (paths)
          if (auto bare = proof_path(name); !ambiguous.contains(bare)) name = std::move(bare);
        orders[version].push_back(number_of(name));
        by_name[name][version] = member;
      }
    for (const auto& [name, children] : by_name) {
      const auto outer = templates_;
      if (paths) {
        names_agree(children);
        for (std::size_t version = 0; version < proof_versions; ++version)
          templates_[version] = children[version].key();
      }
      enter(name,
            [&, &name = name, &children = children] { check(role_of_member(at, name), children); });
      templates_ = outer;
    }
    if (!order_is_merged(orders))
      report(merge_damage::kind::misplaced, "members stand in an order that no side gave them");
  }

  static std::unordered_set<std::string> ambiguous_paths(const quad& v) {
    std::unordered_set<std::string> ambiguous;
    for (const auto version : v) {
      std::unordered_set<std::string> seen;
      for (const auto member : version)
        if (auto bare = proof_path(member.key()); !seen.insert(bare).second)
          ambiguous.insert(std::move(bare));
    }
    return ambiguous;
  }

  /// The names of a path's parameters are a fact of their own.
  void names_agree(const quad& v) {
    const auto& [base, current, incoming, merged] = v;
    if (!current || !incoming || !merged) return;
    const auto due = current.key() == incoming.key()       ? current.key()
                     : base && base.key() == current.key() ? incoming.key()
                                                           : current.key();
    if (merged.key() != due)
      report(merge_damage::kind::dropped, "a path's parameters are named otherwise");
  }

  // -- lists --------------------------------------------------------------------------------------

  void list(role at, const quad& v) {
    std::unordered_map<std::string, std::size_t> known;
    std::vector<fact> facts;
    sibling_order orders;
    for (std::size_t version = 0; version < proof_versions; ++version)
      for (std::size_t i = 0; i < v[version].size(); ++i) {
        const auto element = v[version][i];
        auto name = proof_name(at, element, templates_[version]);
        auto label = name.empty() ? '#' + std::to_string(element.hash()) : '=' + name;
        const auto [entry, fresh] = known.try_emplace(std::move(label), facts.size());
        if (fresh) facts.push_back({std::move(name), {}});
        facts[entry->second].at[version].push_back(i);
        orders[version].push_back(static_cast<std::uint32_t>(entry->second));
      }
    const auto before = found.size();
    unexplained rest;
    for (const auto& each : facts)
      element_facts(at, v, each, rest);
    explain(at, v, rest);
    if (found.size() == before && !order_is_merged(orders))
      report(merge_damage::kind::misplaced, "elements stand in an order that no side gave them");
  }

  /// Elements that no count accounts for: of the merged list too many, of the sides too few.
  struct unexplained {
    per_proof_version<std::vector<node>> of;
  };

  void element_facts(role at, const quad& v, const fact& of, unexplained& rest) {
    const bool single = std::all_of(of.at.begin(), of.at.end(),
                                    [](const auto& places) { return places.size() <= 1; });
    if (!of.name.empty() && single) {
      quad each;
      for (std::size_t version = 0; version < proof_versions; ++version)
        if (!of.at[version].empty()) each[version] = v[version][of.at[version].front()];
      enter('[' + of.name + ']', [&] { check(role_of_element(at), each); });
      return;
    }
    if (!of.name.empty() &&
        of.count(of_merged) > std::max(of.count(of_current), of.count(of_incoming)))
      report(merge_damage::kind::doubled, "there twice: " + of.name);
    const auto [least, most] = of.due();
    const auto there = of.count(of_merged);
    for (auto n = most; n < there; ++n)
      rest.of[of_merged].push_back(v[of_merged][of.at[of_merged][n]]);
    for (std::size_t side = 0; side < sides_end; ++side) {
      // What a side has that the merged list lacks, or had and that both gave up.
      const auto more = of.count(side);
      if (there < least || (side == of_base && there < more))
        for (auto n = there; n < more; ++n)
          rest.of[side].push_back(v[side][of.at[side][n]]);
    }
  }

  /// Finds for each surplus element the three that it was merged from; what then remains is damage.
  void explain(role at, const quad& v, unexplained& rest) {
    auto& surplus = rest.of[of_merged];
    if (surplus.size() <= unexplained_max)
      std::erase_if(surplus, [&](node merged) { return made_from_three(at, merged, rest); });
    for (const auto merged : surplus) {
      const bool known = occurs(v[of_current], merged) || occurs(v[of_incoming], merged);
      report(known ? merge_damage::kind::doubled : merge_damage::kind::invented,
             "an element too many");
    }
    for (const auto side : {of_current, of_incoming})
      for (const auto element : rest.of[side])
        if (!(side == of_incoming && occurs(v[of_current], element)))
          report(merge_damage::kind::dropped, "an element is missing");
  }

  static bool occurs(node list, node element) {
    return std::any_of(list.begin(), list.end(),
                       [&](node other) { return same_content(other, element); });
  }

  bool made_from_three(role at, node merged, unexplained& rest) {
    auto& bases = rest.of[of_base];
    auto& currents = rest.of[of_current];
    auto& incomings = rest.of[of_incoming];
    if (bases.size() > unexplained_max || currents.size() > unexplained_max ||
        incomings.size() > unexplained_max)
      return false;
    for (auto& base : bases)
      for (auto& current : currents)
        for (auto& incoming : incomings) {
          proof attempt{templates_};
          attempt.place_ = place_ + "/*";
          attempt.check(role_of_element(at), {base, current, incoming, merged});
          if (!attempt.found.empty()) continue;
          bases.erase(bases.begin() + (&base - bases.data()));
          currents.erase(currents.begin() + (&current - currents.data()));
          incomings.erase(incomings.begin() + (&incoming - incomings.data()));
          return true;
        }
    return false;
  }

  // -- prose --------------------------------------------------------------------------------------

  void lines(const quad& v) {
    std::unordered_map<std::string_view, std::size_t> known;
    std::vector<fact> facts;
    sibling_order orders;
    for (std::size_t version = 0; version < proof_versions; ++version) {
      auto rest = v[version] ? v[version].text() : std::string_view{};
      for (std::size_t i = 0;; ++i) {
        const auto end = rest.find('\n');
        const auto [entry, fresh] = known.try_emplace(rest.substr(0, end), facts.size());
        if (fresh) facts.emplace_back();
        facts[entry->second].at[version].push_back(i);
        orders[version].push_back(static_cast<std::uint32_t>(entry->second));
        if (end == std::string_view::npos) break;
        rest.remove_prefix(end + 1);
      }
    }
    for (const auto& line : facts) {
      if (line.repeated()) continue; // which of the equal ones a change is about, nobody can say
      const auto [least, most] = line.due();
      const auto there = line.count(of_merged);
      if (there < least) report(merge_damage::kind::dropped, "a line is missing");
      if (there > most)
        report(line.count(of_current) + line.count(of_incoming) > 0 ? merge_damage::kind::doubled
                                                                    : merge_damage::kind::invented,
               "a line too many");
    }
    if (!order_is_merged(orders))
      report(merge_damage::kind::misplaced, "lines stand in an order that no side gave them");
  }

  // -- the way ------------------------------------------------------------------------------------

  template <class Act>
  void enter(const std::string& segment, Act act) {
    const auto length = place_.size();
    append_token(place_, segment);
    act();
    place_.resize(length);
  }

  std::uint32_t number_of(const std::string& name) {
    return numbers_.try_emplace(name, static_cast<std::uint32_t>(numbers_.size())).first->second;
  }

  templates templates_;
  std::string place_;
  std::unordered_map<std::string, std::uint32_t> numbers_;
};

} // namespace

std::string_view to_string(merge_damage::kind what) {
  switch (what) {
  case merge_damage::kind::dropped:
    return "dropped";
  case merge_damage::kind::invented:
    return "invented";
  case merge_damage::kind::doubled:
    return "doubled";
  case merge_damage::kind::misplaced:
    return "misplaced";
  }
  return "dropped";
}

std::vector<merge_damage> merge_damages(const document& base, const document& current,
                                        const document& incoming, const document& merged) {
  proof walk{{}};
  walk.check(role::root, {base.root(), current.root(), incoming.root(), merged.root()});
  return std::move(walk.found);
}

} // namespace apisync::specs
