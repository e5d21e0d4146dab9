#include "specs/merge.hpp"

#include "specs/diff.hpp"
#include "specs/merge_check.hpp"
#include "specs/merge_lines.hpp"
#include "specs/merge_order.hpp"
#include "specs/merge_plan.hpp"
#include "specs/merge_rename.hpp"
#include "specs/merge_sequence.hpp"
#include "specs/pointer.hpp"

#include <algorithm>

namespace apisync::specs {

namespace {

node child_of(node parent, const matched_child& row, std::size_t version) {
  return row.in(version) ? parent[row.index[version]] : node{};
}

/// Walks the three versions side by side and plans the merged document.
class merger {
public:
  planned value(place at, const merge_triple& of) {
    if (same_value(of.current, of.incoming)) return agree(of);
    if (same_value(of.base, of.current)) return choose(of.incoming, merged_from::incoming);
    if (same_value(of.base, of.incoming)) return choose(of.current, merged_from::current);
    if (++depth_ <= depth_max)
      if (auto made = inside(at, of)) {
        --depth_;
        return made;
      }
    --depth_;
    return disagree(at, of);
  }

  std::vector<conflict> conflicts;
  std::vector<merged_part> parts;

private:
  /// How much has been found; taken back where a container turns out to be one unit.
  struct mark {
    std::size_t conflicts;
    std::size_t parts;
  };
  [[nodiscard]] mark here() const { return {conflicts.size(), parts.size()}; }
  void back_to(const mark& m) {
    conflicts.resize(m.conflicts);
    parts.resize(m.parts);
  }

  planned choose(node side, merged_from from) {
    parts.push_back({identity_, from});
    return side ? planned{merge_plan::take(side)} : std::nullopt;
  }

  planned agree(const merge_triple& of) {
    if (!same_value(of.base, of.current)) parts.push_back({identity_, merged_from::both});
    return of.current ? planned{merge_plan::take(of.current)} : std::nullopt;
  }

  /// Merges the children of what both sides have and changed; nothing where it is one unit.
  planned inside(place at, const merge_triple& of) {
    const auto [base, current, incoming] = of;
    if (current.is_object() && incoming.is_object())
      return is_reference(at, current) == is_reference(at, incoming) ? planned{object(at, of)}
                                                                     : std::nullopt;
    if (current.is_array() && incoming.is_array())
      return list_kind_of(at) == list_kind::sequence ? sequence(at, of) : keyed_list(at, of);
    if (base.is_string() && current.is_string() && incoming.is_string()) return text(of);
    return std::nullopt;
  }

  /// Both sides changed one unit: a conflict, unless a side changed nothing that counts.
  planned disagree(place at, const merge_triple& of) {
    const auto alike = [&](node a, node b) { return a && b && equivalent(a, b, at); };
    if (alike(of.current, of.incoming)) return choose(of.current, merged_from::both);
    if (alike(of.base, of.current)) return choose(of.incoming, merged_from::incoming);
    if (alike(of.base, of.incoming)) return choose(of.current, merged_from::current);
    conflict found;
    found.id = conflict_id(identity_);
    found.pointer = pointers_[of.current ? in_current : in_incoming];
    found.identity = identity_;
    found.kind = kind_of(of);
    found.base = of.base;
    found.current = of.current;
    found.incoming = of.incoming;
    conflicts.push_back(std::move(found));
    return of.current ? planned{merge_plan::take(of.current)} : std::nullopt;
  }

  static conflict_kind kind_of(const merge_triple& of) {
    if (!of.base) return conflict_kind::add_add;
    if (!of.current) return conflict_kind::delete_edit;
    if (!of.incoming) return conflict_kind::edit_delete;
    if (of.base.is_array() && of.current.is_array() && of.incoming.is_array() &&
        same_elements(of.base, of.current) && same_elements(of.base, of.incoming))
      return conflict_kind::move;
    return conflict_kind::edit_edit;
  }

  planned text(const merge_triple& of) {
    auto merged = merge_lines(of.base.text(), of.current.text(), of.incoming.text());
    if (!merged) return std::nullopt;
    parts.push_back({identity_, merged_from::both});
    merge_plan plan{merge_plan::made_as::text, of.current, std::move(*merged), {}, {}};
    return plan;
  }

  /// Enters a child for the time of `act`.
  template <class Act>
  auto within(std::string_view segment, const per_version<node>& parents,
              const per_version<node>& children, const per_version<std::size_t>& index, Act act) {
    const auto identity_length = identity_.size();
    per_version<std::size_t> lengths{};
    identity_ += segment;
    for (std::size_t v = 0; v < versions_max; ++v) {
      lengths[v] = pointers_[v].size();
      if (children[v])
        append_token(pointers_[v], parents[v].is_array() ? std::to_string(index[v])
                                                         : std::string{children[v].key()});
    }
    auto made = act();
    identity_.resize(identity_length);
    for (std::size_t v = 0; v < versions_max; ++v)
      pointers_[v].resize(lengths[v]);
    return made;
  }

  merge_plan object(place at, const merge_triple& of) {
    const auto versions = of.all();
    const auto rows = match_members(at, versions);
    std::vector<bool> kept(rows.size());
    std::vector<planned> made(rows.size());
    std::vector<std::string> names(rows.size());
    const auto outer = scopes_;
    for (std::size_t r = 0; r < rows.size(); ++r) {
      per_version<node> children;
      for (std::size_t v = 0; v < versions_max; ++v)
        children[v] = child_of(versions[v], rows[r], v);
      if (at == place::path_map)
        for (std::size_t v = 0; v < versions_max; ++v)
          scopes_[v] = {children[v].key()};
      names[r] = name_of(children);
      if (untouched(children)) {
        made[r] = merge_plan::take(children[in_current]);
        kept[r] = true;
        continue;
      }
      made[r] = within('/' + escape_token(rows[r].key), versions, children, rows[r].index, [&] {
        return value(member_place(at, names[r]),
                     {children[in_base], children[in_current], children[in_incoming]});
      });
      kept[r] = made[r].has_value();
    }
    scopes_ = outer;
    merge_plan plan{merge_plan::made_as::object, of.current, {}, {}, {}};
    for (const auto r : merged_order(rows, kept, ties::current_first)) {
      made[r]->name = std::move(names[r]);
      plan.children.push_back(std::move(*made[r]));
    }
    return plan;
  }

  static bool untouched(const per_version<node>& children) {
    const auto& [base, current, incoming] = children;
    return base && current && incoming && same_content(base, current) &&
           same_content(base, incoming);
  }

  /// A path template's parameter names are merged like a value; a difference of both sides shows as
  /// a conflict of the parameter's name.
  static std::string name_of(const per_version<node>& children) {
    const auto& [base, current, incoming] = children;
    if (!current) return std::string{(incoming ? incoming : base).key()};
    if (base && incoming && current.key() == base.key()) return std::string{incoming.key()};
    return std::string{current.key()};
  }

  planned keyed_list(place at, const merge_triple& of) {
    const auto versions = of.all();
    auto rows = match_elements(at, versions, scopes_);
    const auto before = here();
    std::vector<bool> kept(rows.size());
    std::vector<planned> made(rows.size());
    for (std::size_t r = 0; r < rows.size(); ++r) {
      per_version<node> children;
      for (std::size_t v = 0; v < versions_max; ++v)
        children[v] = child_of(versions[v], rows[r], v);
      const auto conflicts_before = conflicts.size();
      const auto segment = "/[" + escape_token(rows[r].key) + "]";
      made[r] = within(segment, versions, children, rows[r].index, [&] {
        return value(element_place(at),
                     {children[in_base], children[in_current], children[in_incoming]});
      });
      kept[r] = made[r].has_value();
      if (!rows[r].key.empty()) continue;
      if (conflicts.size() > conflicts_before) { // no name to find the element by later
        back_to(before);
        return std::nullopt;
      }
      rows[r].key =
          canonical_text(children[in_current] ? children[in_current] : children[in_incoming]);
    }
    merge_plan plan{merge_plan::made_as::array, of.current, {}, {}, {}};
    for (const auto r : merged_order(rows, kept, ties::by_key))
      plan.children.push_back(std::move(*made[r]));
    return plan;
  }

  planned sequence(place at, const merge_triple& of) {
    if (!of.base.is_array()) return std::nullopt;
    const auto before = here();
    const auto element = [&](const merge_triple& each) {
      const auto conflicts_before = conflicts.size();
      auto made = value(element_place(at), each);
      return conflicts.size() > conflicts_before ? std::nullopt : made;
    };
    auto made = merge_sequences(of, at == place::schema_tuple, element);
    back_to(before); // the list is one part, and one conflict
    if (!made) return std::nullopt;
    for (const auto from : made->parts)
      parts.push_back({identity_, from});
    return std::move(made->plan);
  }

  int depth_ = 0;
  std::string identity_;
  per_version<std::string> pointers_;
  per_version<scope> scopes_;
};

merge_result whole(const document_ptr& result, merged_from from) {
  merge_result made;
  made.merged = result;
  made.parts.push_back({{}, from});
  return made;
}

merge_result merge_by_name(node base, const document_ptr& current, const document_ptr& incoming) {
  merger walk;
  const auto plan = walk.value(place::root, {base, current->root(), incoming->root()});
  merge_result made;
  made.merged = build(*plan);
  made.conflicts = std::move(walk.conflicts);
  made.parts = std::move(walk.parts);
  made.flaws = flaws_made(*made.merged, *current, *incoming);
  return made;
}

/// Merges again where renames explain what went wrong.
void look_for_renames(merge_result& made, const merge_versions& given) {
  auto plan = plan_renames(given.base->root(), given.current->root(), given.incoming->root());
  keep_relevant(plan, made, *given.base);
  auto versions = given;
  if (!plan.followed.empty() || !plan.forks.empty()) {
    versions = relocate(given, plan);
    made = merge_by_name(versions.base->root(), versions.current, versions.incoming);
    made.relocated = {versions.base, versions.current, versions.incoming};
    tell_renames(made, plan, given);
  }
  mark_moves(made, plan, *versions.base);
}

} // namespace

std::size_t merge_result::count(merged_from side) const {
  return static_cast<std::size_t>(std::count_if(
      parts.begin(), parts.end(), [&](const auto& part) { return part.from == side; }));
}

merge_result merge(const document_ptr& base, const document_ptr& current,
                   const document_ptr& incoming) {
  const auto base_root = base ? base->root() : node{};
  const merge_triple roots{base_root.is_object() && base_root.size() == 0 ? node{} : base_root,
                           current->root(), incoming->root()};
  if (roots.base && same_content(roots.base, roots.current))
    return whole(incoming, merged_from::incoming);
  if (roots.base && same_content(roots.base, roots.incoming))
    return whole(current, merged_from::current);
  if (same_content(roots.current, roots.incoming)) return whole(current, merged_from::both);

  auto made = merge_by_name(roots.base, current, incoming);
  if (roots.base) look_for_renames(made, {base, current, incoming});
  return made;
}

} // namespace apisync::specs
