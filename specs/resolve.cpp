#include "specs/resolve.hpp"

#include "specs/identity.hpp"
#include "specs/identity_match.hpp"
#include "specs/pointer.hpp"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace apisync::specs {

namespace {

/// A place on the way down an identity path.
struct spot {
  place at = place::root;
  node value;
  scope in;
};

constexpr std::size_t nowhere = matched_child::absent;

/// `[key]`, or nothing.
std::optional<std::string_view> element_segment(std::string_view segment) {
  if (segment.size() < 2 || segment.front() != '[' || segment.back() != ']') return std::nullopt;
  return segment.substr(1, segment.size() - 2);
}

std::size_t find_row(const std::vector<matched_child>& rows, std::string_view key) {
  for (const auto& row : rows)
    if (row.key == key) return row.index[0];
  return nowhere;
}

std::size_t member_index(node object, std::string_view name) {
  for (std::size_t i = 0; const auto member : object) {
    if (member.key() == name) return i;
    ++i;
  }
  return nowhere;
}

/// The index of the child that a segment names.
std::size_t child_index(const spot& parent, std::string_view segment) {
  if (parent.value.is_object()) {
    const auto exact = member_index(parent.value, segment);
    if (exact != nowhere || parent.at != place::path_map) return exact;
    return find_row(match_members(parent.at, {parent.value, {}, {}}),
                    without_parameter_names(segment));
  }
  const auto key = element_segment(segment);
  if (!parent.value.is_array() || !key || list_kind_of(parent.at) == list_kind::sequence)
    return nowhere;
  return find_row(match_elements(parent.at, {parent.value, {}, {}}, {parent.in, {}, {}}), *key);
}

spot enter(const spot& parent, node child) {
  spot inner{place::plain, child, parent.in};
  inner.at =
      parent.value.is_array() ? element_place(parent.at) : member_place(parent.at, child.key());
  if (parent.at == place::path_map) inner.in = {child.key()};
  return inner;
}

/// Copies a document with one value changed on the way.
class rewriting {
public:
  rewriting(const std::vector<std::string>& path, std::string_view identity, node value,
            const document* order)
      : path_{path}, identity_{identity}, value_{value}, order_{order} {}

  result<void> rewrite(const spot& here, std::size_t depth) {
    if (!here.value.is_object() && !here.value.is_array())
      return refuse("has a plain value on its way, which has no parts");
    const auto target = child_index(here, path_[depth]);
    const bool object = here.value.is_object();
    if (object)
      out_.begin_object(here.value.where());
    else
      out_.begin_array(here.value.where());
    const bool adds = target == nowhere && value_;
    const auto place = adds ? place_of_added(here, depth) : nowhere;
    for (std::size_t i = 0; const auto child : here.value) {
      if (i == place)
        if (auto done = add(here, depth); !done) return done;
      auto done = i++ == target ? replace(here, child, depth) : keep(child, object);
      if (!done) return done;
    }
    if (adds && place >= here.value.size())
      if (auto done = add(here, depth); !done) return done;
    if (object)
      out_.end_object();
    else
      out_.end_array();
    return {};
  }

  document_ptr finish() { return out_.finish(); }

private:
  [[nodiscard]] tl::unexpected<error> refuse(std::string_view why) const {
    return fail(errc::invalid_argument, "this path " + std::string{why}, std::string{identity_});
  }

  /// Before which member a new one goes, so that it follows what it follows in the other version;
  /// `nowhere` for the end.
  [[nodiscard]] std::size_t place_of_added(const spot& here, std::size_t depth) const {
    if (order_ == nullptr || !here.value.is_object()) return nowhere;
    std::string parent;
    for (std::size_t i = 0; i < depth; ++i)
      parent.append("/").append(escape_token(path_[i]));
    const auto there = find_identity(*order_, parent);
    const auto added = child_index({here.at, there, here.in}, path_[depth]);
    if (added == nowhere) return nowhere;
    for (auto before = added; before-- > 0;)
      if (const auto index = member_index(here.value, there[before].key()); index != nowhere)
        return index + 1;
    return 0;
  }

  result<void> keep(node child, bool named) {
    if (named) out_.key(child.key());
    out_.copy(child);
    return {};
  }

  result<void> replace(const spot& parent, node child, std::size_t depth) {
    const bool last = depth + 1 == path_.size();
    if (last && !value_) return {};
    if (parent.value.is_object()) out_.key(child.key());
    if (!last) return rewrite(enter(parent, child), depth + 1);
    out_.copy(value_);
    return {};
  }

  result<void> add(const spot& parent, std::size_t depth) {
    const bool last = depth + 1 == path_.size();
    if (parent.value.is_object()) return add_member(parent.at, depth);
    if (!last) return refuse("goes through a list element that this version does not have");
    if (!element_segment(path_[depth]) || list_kind_of(parent.at) == list_kind::sequence)
      return refuse("names no element of a list; one of a list without names is set as a whole");
    out_.copy(value_);
    return {};
  }

  result<void> add_member(place parent, std::size_t depth) {
    const bool last = depth + 1 == path_.size();
    std::string name = path_[depth];
    if (parent == place::path_map && last &&
        without_parameter_names(value_.key()) == without_parameter_names(name))
      name = value_.key();
    if (parent == place::path_map && name.find("{}") != name.npos)
      return refuse("needs names for the parameters of a path that this version does not have");
    out_.key(name);
    if (last) {
      out_.copy(value_);
      return {};
    }
    out_.begin_object();
    if (auto done = add_member(member_place(parent, name), depth + 1); !done) return done;
    out_.end_object();
    return {};
  }

  const std::vector<std::string>& path_;
  std::string_view identity_;
  node value_;
  const document* order_;
  document_builder out_;
};

} // namespace

node find_identity(const document& in, std::string_view identity) {
  const auto path = split_pointer(identity);
  if (!path) return {};
  spot here{place::root, in.root(), {}};
  for (const auto& segment : *path) {
    const auto index = child_index(here, segment);
    if (index == nowhere) return {};
    here = enter(here, here.value[index]);
  }
  return here.value;
}

std::optional<std::string> pointer_of(const document& in, std::string_view identity) {
  const auto path = split_pointer(identity);
  if (!path) return std::nullopt;
  std::string pointer;
  spot here{place::root, in.root(), {}};
  for (const auto& segment : *path) {
    const auto index = child_index(here, segment);
    if (index == nowhere) return std::nullopt;
    const auto child = here.value[index];
    append_token(pointer,
                 here.value.is_object() ? std::string{child.key()} : std::to_string(index));
    here = enter(here, child);
  }
  return pointer;
}

std::string identity_of(const change& made) {
  std::string identity;
  scope in;
  for (std::size_t i = 0; i + 1 < made.way.size(); ++i) {
    const auto& next = made.way[i + 1];
    const auto child = next.after ? next.after : next.before;
    const auto parent = next.after ? made.way[i].after : made.way[i].before;
    const auto at = made.way[i].at;
    if (parent.is_object()) {
      if (at == place::path_map) in = {child.key()};
      append_token(identity, at == place::path_map ? without_parameter_names(child.key())
                                                   : std::string{child.key()});
      continue;
    }
    if (list_kind_of(at) == list_kind::sequence) break;
    const auto key = element_key(at, child, in);
    if (key.empty()) break;
    append_token(identity, '[' + key + ']');
  }
  return identity;
}

result<document_ptr> set_value(const document_ptr& in, std::string_view identity, node value,
                               const document* order) {
  const auto path = split_pointer(identity);
  if (!path || path->size() > depth_max)
    return fail(errc::invalid_argument,
                "not an identity path: it starts with / and has ~0 for ~ "
                "and ~1 for /",
                std::string{identity});
  if (path->empty()) {
    if (!value) return fail(errc::invalid_argument, "a whole document cannot be removed");
    document_builder out;
    out.copy(value);
    return out.finish();
  }
  if (!value && !find_identity(*in, identity)) return in;
  rewriting change{*path, identity, value, order};
  if (auto done = change.rewrite({place::root, in->root(), {}}, 0); !done)
    return tl::unexpected<error>(done.error());
  return change.finish();
}

} // namespace apisync::specs
