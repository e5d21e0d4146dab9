#include "specs/yaml_reader.hpp"

#include "specs/yaml_scalar.hpp"
#include "specs/yaml_tape.hpp"

#include <unordered_map>
#include <vector>

namespace apisync::specs {

namespace {

using item_kind = yaml_tape::item_kind;

/// Writes a tape into the target. Keeps its own stack; only chains of merge keys recurse, at most
/// as deep as the target allows nesting.
class tape_writer {
public:
  tape_writer(const yaml_tape& tape, parse_target& target) : tape_{tape}, target_{target} {}

  result<void> write();

private:
  struct member {
    std::uint32_t key = 0;
    std::uint32_t value = 0;
  };

  struct frame {
    bool is_mapping = false;
    std::uint32_t next = 0; ///< The next item on the tape, or
    std::uint32_t end = 0;
    std::vector<member> members; ///< the next of these, where merge keys were applied.
    std::size_t next_member = 0;
    bool merged = false;
  };

  [[nodiscard]] std::uint32_t resolved(std::uint32_t at) const {
    const auto& item = tape_.items[at];
    return item.kind == item_kind::alias ? item.target : at;
  }
  [[nodiscard]] bool is_merge_key(std::uint32_t at) const {
    const auto& item = tape_.items[at];
    return item.kind == item_kind::scalar && item.plain && item.text == "<<";
  }
  [[nodiscard]] bool has_merge_key(std::uint32_t mapping) const;
  [[nodiscard]] result<void> step();
  [[nodiscard]] result<void> value(std::uint32_t at, position where);
  [[nodiscard]] result<void> scalar(const yaml_tape::item& item, position where);
  [[nodiscard]] result<void> write_member(const member& m);
  [[nodiscard]] result<std::string_view> key_text(std::uint32_t at) const;
  [[nodiscard]] result<std::vector<member>> merged_members(std::uint32_t mapping,
                                                           std::size_t depth) const;

  const yaml_tape& tape_;
  parse_target& target_;
  std::vector<frame> open_;
};

result<void> tape_writer::write() {
  if (auto root = value(0, tape_.items[0].where); !root) return root;
  while (!open_.empty())
    if (auto done = step(); !done) return done;
  return {};
}

/// Writes the next element or member of the innermost container, or ends it.
result<void> tape_writer::step() {
  auto& top = open_.back();
  if (top.merged && top.next_member < top.members.size())
    return write_member(top.members[top.next_member++]);
  if (!top.merged && top.next < top.end) {
    const auto at = top.next;
    if (!top.is_mapping) {
      top.next = tape_.items[at].end;
      return value(at, tape_.items[at].where);
    }
    const member m{at, tape_.items[at].end};
    top.next = tape_.items[m.value].end;
    return write_member(m);
  }
  const bool is_mapping = top.is_mapping;
  open_.pop_back();
  if (is_mapping) return target_.end_object();
  target_.end_array();
  return {};
}

result<void> tape_writer::write_member(const member& m) {
  const auto where = tape_.items[m.key].where;
  const auto text = key_text(m.key);
  if (!text) return tl::unexpected{text.error()};
  if (auto taken = target_.key(*text, where); !taken) return taken;
  return value(m.value, where);
}

result<std::string_view> tape_writer::key_text(std::uint32_t at) const {
  const auto& item = tape_.items[resolved(at)];
  if (item.kind != item_kind::scalar)
    return target_.fail_at(tape_.items[at].where,
                           "an array or object is no key of a specification; keys are texts");
  return item.text;
}

bool tape_writer::has_merge_key(std::uint32_t mapping) const {
  const auto end = tape_.items[mapping].end;
  for (auto key = mapping + 1; key < end; key = tape_.items[tape_.items[key].end].end)
    if (is_merge_key(key)) return true;
  return false;
}

result<void> tape_writer::value(std::uint32_t at, position where) {
  at = resolved(at);
  const auto& item = tape_.items[at];
  frame entered;
  entered.next = at + 1;
  entered.end = item.end;
  switch (item.kind) {
  case item_kind::scalar:
    return scalar(item, where);
  case item_kind::alias:
    return target_.fail_at(where, "an alias of an alias", errc::internal);
  case item_kind::sequence:
    if (auto begun = target_.begin_array(where); !begun) return begun;
    break;
  case item_kind::mapping:
    if (auto begun = target_.begin_object(where); !begun) return begun;
    entered.is_mapping = true;
    entered.merged = has_merge_key(at);
    if (entered.merged) {
      auto members = merged_members(at, 0);
      if (!members) return tl::unexpected{members.error()};
      entered.members = std::move(*members);
    }
    break;
  }
  open_.push_back(std::move(entered));
  return {};
}

result<void> tape_writer::scalar(const yaml_tape::item& item, position where) {
  if (!item.plain) return target_.string(item.text, where);
  const auto meant = resolve_plain(item.text);
  switch (meant.kind) {
  case kind::null:
    return target_.null(where);
  case kind::boolean:
    return target_.boolean(meant.boolean, where);
  case kind::number:
    return target_.number(meant.number, where);
  default:
    break;
  }
  if (meant.not_representable)
    target_.warn("JSON has no such number; '" + std::string{item.text} + "' is kept as a string",
                 where);
  return target_.string(item.text, where);
}

/// The members of a mapping with its merge keys applied: own members win over merged ones, and of
/// several merged mappings the first that has a key; each stands where it is first named.
result<std::vector<tape_writer::member>> tape_writer::merged_members(std::uint32_t mapping,
                                                                     std::size_t depth) const {
  if (depth > target_.max_depth())
    return target_.fail_at(tape_.items[mapping].where,
                           "merge keys ('<<') lead on more than " +
                               std::to_string(target_.max_depth()) + " times; that is the limit",
                           errc::limit_exceeded);
  const auto end = tape_.items[mapping].end;
  const auto value_of = [&](std::uint32_t key) { return tape_.items[key].end; };

  std::unordered_map<std::string_view, bool> taken; // true: by the mapping itself
  for (auto key = mapping + 1; key < end; key = tape_.items[value_of(key)].end) {
    if (is_merge_key(key)) continue;
    const auto text = key_text(key);
    if (!text) return tl::unexpected{text.error()};
    taken.emplace(*text, true);
  }

  std::vector<member> members;
  const auto merge_one = [&](std::uint32_t at, position where) -> result<void> {
    const auto source = resolved(at);
    if (tape_.items[source].kind != item_kind::mapping)
      return target_.fail_at(where, "a merge key ('<<') takes a mapping or a list of mappings");
    const auto theirs = merged_members(source, depth + 1);
    if (!theirs) return tl::unexpected{theirs.error()};
    for (const auto& m : *theirs) {
      const auto text = key_text(m.key);
      if (!text) return tl::unexpected{text.error()};
      if (taken.emplace(*text, false).second) members.push_back(m);
    }
    return {};
  };

  for (auto key = mapping + 1; key < end; key = tape_.items[value_of(key)].end) {
    if (!is_merge_key(key)) {
      members.push_back({key, value_of(key)});
      continue;
    }
    const auto source = resolved(value_of(key));
    const auto& item = tape_.items[source];
    if (item.kind != item_kind::sequence) {
      if (auto done = merge_one(source, tape_.items[key].where); !done)
        return tl::unexpected{done.error()};
      continue;
    }
    for (auto at = source + 1; at < item.end; at = tape_.items[at].end)
      if (auto done = merge_one(at, tape_.items[at].where); !done)
        return tl::unexpected{done.error()};
  }
  return members;
}

} // namespace

result<void> read_yaml(std::string_view text, parse_target& target) {
  auto tape = read_tape(text, target);
  if (!tape) return tl::unexpected{tape.error()};
  return tape_writer{*tape, target}.write();
}

} // namespace apisync::specs
