#include "specs/merge_rename.hpp"

#include "specs/pointer.hpp"

#include <algorithm>

namespace apisync::specs {

namespace {

node at(node root, const std::vector<std::string>& path, std::size_t depth = 0) {
  for (; root && depth < path.size(); ++depth)
    root = root.find(path[depth]);
  return root;
}

/// Copies a document with one part moved and the references to it changed.
class relocation {
public:
  relocation(node part, const followed_rename& what)
      : part_{part},
        from_{*split_pointer(what.from)},
        to_{*split_pointer(what.to)},
        old_reference_{'#' + what.from},
        new_reference_{'#' + what.to} {}

  document_ptr run(node root) {
    object(place::root, root, 0, 0);
    return out_.finish();
  }

private:
  static constexpr std::size_t off = static_cast<std::size_t>(-1);

  /// How far an entered node lies on a way, or `off`.
  static std::size_t next(std::size_t depth, const std::vector<std::string>& way,
                          std::string_view name) {
    return depth != off && depth < way.size() && way[depth] == name ? depth + 1 : off;
  }

  void value(place here, node of, std::size_t on_from, std::size_t on_to) {
    if (of.is_object() && here != place::value)
      object(here, of, on_from, on_to);
    else if (of.is_array() && here != place::value)
      array(here, of);
    else
      out_.copy(of);
  }

  void array(place here, node of) {
    out_.begin_array(of.where());
    for (const auto element : of)
      value(element_place(here), element, off, off);
    out_.end_array();
  }

  void object(place here, node of, std::size_t on_from, std::size_t on_to) {
    out_.begin_object(of.where());
    const bool siblings = on_from != off && on_from == on_to && from_.size() == on_from + 1 &&
                          to_.size() == on_to + 1;
    bool target_seen = false;
    for (const auto member : of) {
      const auto from = next(on_from, from_, member.key());
      const auto to = next(on_to, to_, member.key());
      if (from == from_.size()) {
        if (siblings) put(to_.back(), here);
        continue;
      }
      target_seen = target_seen || to != off;
      out_.key(member.key());
      if (is_word_of_reference(here, member))
        reference(member);
      else
        value(member_place(here, member.key()), member, from, to);
    }
    if (on_to != off && on_to < to_.size() && !siblings && !target_seen) make(here, on_to);
    out_.end_object();
  }

  /// Makes what is missing on the way to the part's new place, and the part there.
  void make(place here, std::size_t depth) {
    if (depth + 1 == to_.size()) return put(to_.back(), here);
    out_.key(to_[depth]);
    out_.begin_object();
    make(member_place(here, to_[depth]), depth + 1);
    out_.end_object();
  }

  void put(const std::string& name, place parent) {
    out_.key(name);
    value(member_place(parent, name), part_, off, off);
  }

  static bool is_word_of_reference(place here, node member) {
    if (!member.is_string()) return false;
    return (member.key() == "$ref" && !is_map(here)) || here == place::plain_map;
  }

  void reference(node of) {
    const auto text = of.text();
    const bool names_it = text == old_reference_ || text.starts_with(old_reference_ + '/');
    if (names_it)
      out_.string(new_reference_ + std::string{text.substr(old_reference_.size())}, of.where());
    else
      out_.copy(of);
  }

  node part_;
  std::vector<std::string> from_;
  std::vector<std::string> to_;
  std::string old_reference_;
  std::string new_reference_;
  document_builder out_;
};

/// The identity path of a shared part, a path or an operation.
std::string identity_of(const std::string& pointer) {
  auto path = *split_pointer(pointer);
  if (path.size() > 1 && path[0] == "paths") path[1] = without_parameter_names(path[1]);
  std::string made;
  for (const auto& name : path)
    append_token(made, name);
  return made;
}

bool is_in(std::string_view pointer, std::string_view container) {
  return pointer.starts_with(container) &&
         (pointer.size() == container.size() || pointer[container.size()] == '/');
}

/// The node is what the pointer names, or holds it.
bool lies_on_way(node root, const std::string& pointer, node wanted) {
  const auto path = *split_pointer(pointer);
  for (const auto& name : path) {
    if (root == wanted) return true;
    root = root.find(name);
  }
  return root && root == wanted;
}

const rename* renamed_from(const std::vector<rename>& all, const std::string& pointer) {
  const auto found = std::find_if(all.begin(), all.end(),
                                  [&](const rename& each) { return each.from == pointer; });
  return found == all.end() ? nullptr : &*found;
}

} // namespace

document_ptr with_rename(const document_ptr& in, const followed_rename& what) {
  const auto from = split_pointer(what.from);
  const auto to = split_pointer(what.to);
  if (!from || !to) return in;
  const auto part = at(in->root(), *from);
  if (!part || at(in->root(), *to)) return in;
  return relocation{part, what}.run(in->root());
}

rename_plan plan_renames(node base, node current, node incoming) {
  rename_plan plan;
  const auto by_current = find_renames(base, current);
  const auto by_incoming = find_renames(base, incoming);
  const auto exists = [](node root, const std::string& pointer) {
    return static_cast<bool>(at(root, *split_pointer(pointer)));
  };
  const auto one_side = [&](const std::vector<rename>& mine, const std::vector<rename>& others,
                            node other, merged_from side) {
    for (const auto& each : mine) {
      if (renamed_from(others, each.from) != nullptr) continue;
      if (!exists(other, each.from) || exists(other, each.to)) continue;
      const followed_rename what{each.from, each.to, side, each.confidence};
      (each.certain() ? plan.followed : plan.uncertain).push_back(what);
    }
  };
  one_side(by_current, by_incoming, incoming, merged_from::current);
  one_side(by_incoming, by_current, current, merged_from::incoming);
  for (const auto& mine : by_current) {
    const auto* theirs = renamed_from(by_incoming, mine.from);
    if (theirs == nullptr || !mine.certain() || !theirs->certain()) continue;
    if (mine.to == theirs->to)
      plan.followed.push_back(
          {mine.from, mine.to, merged_from::both, std::min(mine.confidence, theirs->confidence)});
    else if (!exists(incoming, mine.to) && !exists(current, theirs->to))
      plan.forks.push_back({mine.from, mine.to, theirs->to});
  }
  return plan;
}

void keep_relevant(rename_plan& plan, const merge_result& made, const document& base) {
  const auto harmed = [&](const followed_rename& each) {
    if (each.side == merged_from::both) return !made.conflicts.empty();
    const auto target = '#' + each.from;
    return std::any_of(made.conflicts.begin(), made.conflicts.end(),
                       [&](const conflict& open) {
                         return open.base && lies_on_way(base.root(), each.from, open.base);
                       }) ||
           std::any_of(made.flaws.begin(), made.flaws.end(), [&](const merge_flaw& flaw) {
             return flaw.value == target || flaw.value.starts_with(target + '/');
           });
  };
  std::erase_if(plan.followed, [&](const followed_rename& each) { return !harmed(each); });
}

merge_versions relocate(merge_versions of, const rename_plan& plan) {
  for (const auto& each : plan.followed)
    for (auto* version : {&of.base, &of.current, &of.incoming})
      *version = with_rename(*version, each);
  for (const auto& each : plan.forks) {
    of.base = with_rename(of.base, {each.from, each.current, merged_from::both, 1});
    of.incoming = with_rename(of.incoming, {each.incoming, each.current, merged_from::both, 1});
  }
  return of;
}

void tell_renames(merge_result& made, const rename_plan& plan, const merge_versions& given) {
  made.renames = plan.followed;
  for (const auto& each : plan.followed)
    for (const auto& pointer : {each.from, each.to})
      made.parts.push_back({identity_of(pointer), each.side});
  for (auto& open : made.conflicts) {
    const auto& version = open.current ? given.current : given.incoming;
    for (const auto& each : plan.followed)
      if (!version->at(open.pointer) && is_in(open.pointer, each.to))
        open.pointer = each.from + open.pointer.substr(each.to.size());
  }
  for (const auto& each : plan.forks) {
    conflict found;
    found.identity = identity_of(each.current);
    found.id = conflict_id(found.identity);
    found.pointer = each.current;
    found.kind = conflict_kind::move;
    found.base = given.base->at(each.from);
    found.current = given.current->at(each.current);
    found.incoming = given.incoming->at(each.incoming);
    found.moved_to = each.incoming;
    std::erase_if(made.conflicts, [&](const conflict& inner) {
      return is_in(inner.identity, found.identity); // the whole part is in question
    });
    made.conflicts.push_back(std::move(found));
  }
}

void mark_moves(merge_result& made, const rename_plan& plan, const document& base) {
  for (auto& open : made.conflicts) {
    if (open.kind != conflict_kind::edit_delete && open.kind != conflict_kind::delete_edit)
      continue;
    const auto moved_by =
        open.kind == conflict_kind::edit_delete ? merged_from::incoming : merged_from::current;
    for (const auto& each : plan.uncertain)
      if (each.side == moved_by && base.at(each.from) == open.base) {
        open.kind = conflict_kind::move;
        open.moved_to = each.to;
      }
  }
}

} // namespace apisync::specs
