#include "specs/merge_check.hpp"

#include "specs/identity.hpp"
#include "specs/pointer.hpp"

#include <algorithm>
#include <string>
#include <tuple>
#include <unordered_map>
#include <unordered_set>

namespace apisync::specs {

namespace {

/// What may be wrong with one document.
struct inventory {
  std::unordered_map<std::string_view, node> references; ///< Each local one, where first used.
  std::unordered_map<std::string_view, int> operation_ids;
  std::vector<node> operation_id_nodes;

  /// Where the document first has what a flaw is about.
  [[nodiscard]] node find(merge_flaw::kind what, std::string_view value) const {
    if (what == merge_flaw::kind::dangling_reference) {
      const auto found = references.find(value);
      return found == references.end() ? node{} : found->second;
    }
    const auto found = std::find_if(operation_id_nodes.begin(), operation_id_nodes.end(),
                                    [&](node id) { return id.text() == value; });
    return found == operation_id_nodes.end() ? node{} : *found;
  }
};

/// Walks what carries OpenAPI words; data (examples, defaults) has no references.
class collector {
public:
  explicit collector(const document& in) { visit(place::root, in.root(), 0); }
  inventory found;

private:
  void visit(place at, node value, int depth) {
    if (at == place::value || depth > depth_max) return;
    if (value.is_object()) {
      note(at, value);
      for (const auto member : value)
        visit(member_place(at, member.key()), member, depth + 1);
    } else if (value.is_array()) {
      const auto inner = element_place(at);
      for (const auto element : value)
        visit(inner, element, depth + 1);
    }
  }

  void note(place at, node object) {
    if (is_reference(at, object)) {
      const auto target = object.find("$ref");
      if (target.text().starts_with("#/")) found.references.try_emplace(target.text(), target);
    }
    if (at != place::operation) return;
    if (const auto id = object.find("operationId"); id.is_string()) {
      ++found.operation_ids[id.text()];
      found.operation_id_nodes.push_back(id);
    }
  }
};

bool resolves(const document& in, std::string_view reference) {
  return static_cast<bool>(in.at(reference.substr(1)));
}

/// A side that uses the reference and has its target: the other side removed it.
bool broken_by_merge(const document& side, const inventory& of, std::string_view reference) {
  return of.references.contains(reference) && resolves(side, reference);
}

std::string pointer_to(node target, node under, std::string prefix, int depth) {
  if (target == under) return prefix;
  if (depth > depth_max) return {};
  for (std::size_t i = 0; const auto child : under) {
    auto inner = prefix;
    append_token(inner, under.is_object() ? std::string{child.key()} : std::to_string(i));
    ++i;
    if (child == target) return inner;
    if (child.size() == 0) continue;
    if (auto found = pointer_to(target, child, std::move(inner), depth + 1); !found.empty())
      return found;
  }
  return {};
}

int count(const inventory& of, std::string_view id) {
  const auto found = of.operation_ids.find(id);
  return found == of.operation_ids.end() ? 0 : found->second;
}

/// Something is wrong with the merged document, be it made by the merge or older.
bool is_suspicious(const document& merged, const inventory& of) {
  return std::any_of(of.references.begin(), of.references.end(),
                     [&](const auto& each) { return !resolves(merged, each.first); }) ||
         std::any_of(of.operation_ids.begin(), of.operation_ids.end(),
                     [](const auto& each) { return each.second > 1; });
}

} // namespace

std::string_view to_string(merge_flaw::kind what) {
  switch (what) {
  case merge_flaw::kind::dangling_reference:
    return "dangling-reference";
  case merge_flaw::kind::duplicate_operation_id:
    return "duplicate-operation-id";
  }
  return "dangling-reference";
}

std::vector<merge_flaw> flaws_made(const document& merged, const document& current,
                                   const document& incoming) {
  const auto in_merged = collector{merged}.found;
  if (!is_suspicious(merged, in_merged)) return {};
  const auto in_current = collector{current}.found;
  const auto in_incoming = collector{incoming}.found;
  std::vector<merge_flaw> flaws;
  const auto add = [&](merge_flaw::kind what, node where) {
    const auto value = where.text();
    flaws.push_back({what, pointer_to(where, merged.root(), {}, 0), std::string{value},
                     in_current.find(what, value), in_incoming.find(what, value)});
  };
  for (const auto& [reference, where] : in_merged.references)
    if (!resolves(merged, reference) && (broken_by_merge(current, in_current, reference) ||
                                         broken_by_merge(incoming, in_incoming, reference)))
      add(merge_flaw::kind::dangling_reference, where);
  std::unordered_set<std::string_view> told;
  for (const auto id : in_merged.operation_id_nodes)
    if (const auto times = count(in_merged, id.text());
        times > 1 && times > count(in_current, id.text()) &&
        times > count(in_incoming, id.text()) && told.insert(id.text()).second)
      add(merge_flaw::kind::duplicate_operation_id, id);
  std::sort(flaws.begin(), flaws.end(), [](const auto& a, const auto& b) {
    return std::tie(a.what, a.pointer) < std::tie(b.what, b.pointer);
  });
  return flaws;
}

} // namespace apisync::specs
