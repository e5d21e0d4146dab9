#include "specs/compat_rest.hpp"

#include "specs/meaning.hpp"
#include "specs/pointer.hpp"

#include <algorithm>
#include <array>
#include <set>

namespace apisync::specs {

namespace {

constexpr std::array methods{"get",  "put",   "post",  "delete", "options",
                             "head", "patch", "trace", "query"};

/// `/components/schemas/Pet`, `/definitions/Pet`: what references name. Empty elsewhere.
std::string_view shared_part(std::string_view pointer) {
  const auto tokens = [&](std::size_t count) {
    std::size_t end = 0;
    for (; count > 0 && end < pointer.size(); --count) {
      end = pointer.find('/', end + 1);
      if (end == pointer.npos) end = pointer.size();
    }
    return count == 0 ? pointer.substr(0, end) : std::string_view{};
  };
  if (pointer.starts_with("/components/")) return tokens(3);
  for (const auto* word : {"/definitions/", "/parameters/", "/responses/"})
    if (pointer.starts_with(word)) return tokens(2);
  return {};
}

/// What findings speak of, as pointers in one version.
class spoken_of {
public:
  void add(const std::string& pointer) {
    if (!pointer.empty()) pointers_.insert(pointer);
  }

  /// A finding at this place or inside it.
  [[nodiscard]] bool at_or_in(const std::string& pointer) const {
    const auto next = pointers_.lower_bound(pointer);
    if (next != pointers_.end() && *next == pointer) return true;
    const auto inside = pointers_.lower_bound(pointer + "/");
    return inside != pointers_.end() && inside->starts_with(pointer + "/");
  }

  /// A finding that speaks of this word by speaking of another: of an entry of `required` by its
  /// property, of a format by the type.
  [[nodiscard]] bool elsewhere(const std::string& pointer, node value) const {
    const auto slash = pointer.rfind('/');
    if (pointer.ends_with("/format")) return at_or_in(pointer.substr(0, slash) + "/type");
    const auto list = pointer.substr(0, slash);
    if (!list.ends_with("/required") || !value.is_string()) return false;
    auto property = list.substr(0, list.rfind('/')) + "/properties";
    append_token(property, value.text());
    return pointers_.contains(property);
  }

private:
  std::set<std::string> pointers_;
};

bool is_documentation(const change& made) {
  constexpr std::array words{"description", "summary",      "title",       "example",
                             "examples",    "externalDocs", "$comment",    "info",
                             "contact",     "license",      "operationId", "x-codeSamples"};
  return std::any_of(made.way.begin(), made.way.end(), [&](const step& s) {
    const auto name = (s.after ? s.after : s.before).key();
    return s.at == place::tag ||
           ((s.at == place::plain || s.at == place::value || s.at == place::example_map) &&
            std::find(words.begin(), words.end(), name) != words.end());
  });
}

/// These are ids of this project: they stand for changes that compatibility does not turn on.
std::string rule_for(const change& made) {
  const bool extension = std::any_of(made.way.begin(), made.way.end(), [](const step& s) {
    return s.at == place::value && (s.after ? s.after : s.before).key().starts_with("x-");
  });
  if (extension) return "extension-changed";
  if (is_documentation(made)) return "documentation-changed";
  if (made.kind == change_kind::added && shared_part(made.pointer) == made.pointer)
    return "component-added";
  return made.kind == change_kind::added     ? "other-added"
         : made.kind == change_kind::removed ? "other-removed"
                                             : "other-changed";
}

finding_side side_of(node value, const std::string& pointer) {
  if (!value) return {};
  return {pointer, canonical_text(value, finding_side::value_bytes_max), value.where()};
}

/// The operations of the path item or operation that a change lies in.
std::vector<reached_operation> enclosing(const change& made) {
  std::vector<reached_operation> found;
  node item;
  for (const auto& s : made.way) {
    const auto here = s.after ? s.after : s.before;
    if (s.at == place::path_item) item = here;
    if (s.at == place::operation && item) {
      auto method = std::string{here.key()};
      std::transform(method.begin(), method.end(), method.begin(),
                     [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
      return {{std::string{item.key()}, std::move(method), direction::none}};
    }
  }
  for (const auto* method : methods)
    if (item && item.find(method)) {
      std::string upper{method};
      for (auto& c : upper)
        c = static_cast<char>(c - 32);
      found.push_back({std::string{item.key()}, std::move(upper), direction::none});
    }
  return found;
}

} // namespace

void component_reach::add(const std::string& pointer, const reached_operation& operation) {
  if (const auto part = shared_part(pointer); !part.empty()) {
    auto& list = by_part_[std::string{part}];
    if (list.empty() || list.back() != operation) list.push_back(operation);
  }
}

std::vector<reached_operation> component_reach::of(std::string_view pointer) const {
  const auto found = by_part_.find(std::string{shared_part(pointer)});
  return found == by_part_.end() ? std::vector<reached_operation>{} : found->second;
}

std::vector<finding> not_judged(const document& before, const document& after,
                                const std::vector<finding>& judged,
                                const component_reach& components) {
  spoken_of old_places;
  spoken_of new_places;
  for (const auto& each : judged) {
    old_places.add(each.before.pointer);
    new_places.add(each.after.pointer);
    if (each.after.pointer.empty()) new_places.add(each.pointer);
  }
  std::vector<finding> rest;
  for (const auto& made : changes_of_meaning(before, after)) {
    const auto& places = made.after ? new_places : old_places;
    const auto value = made.after ? made.after : made.before;
    if (places.at_or_in(made.pointer) || places.elsewhere(made.pointer, value) ||
        (!made.after && new_places.elsewhere(made.pointer, value)))
      continue;
    finding next;
    next.rule = rule_for(made);
    next.pointer = made.pointer;
    next.before = side_of(made.before, made.old_pointer);
    next.after = side_of(made.after, made.pointer);
    next.operations = enclosing(made);
    if (next.operations.empty()) next.operations = components.of(made.pointer);
    next.message = describe(next.rule, next.before, next.after);
    next.judged = false;
    rest.push_back(std::move(next));
  }
  return rest;
}

} // namespace apisync::specs
