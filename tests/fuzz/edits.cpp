#include "tests/fuzz/edits.hpp"

#include "specs/parse.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

namespace apisync::fuzz {

namespace {

using specs::kind;
using specs::node;

/// A document that can be changed. Scalars keep the node that they come from.
struct branch {
  std::string name;
  node leaf;        ///< Where it is a scalar of the document.
  std::string text; ///< Where it is a string that an edit made.
  kind what = kind::null;
  std::vector<branch> children;

  [[nodiscard]] bool has_children() const { return what == kind::array || what == kind::object; }
};

branch copied(node from) {
  branch made;
  made.name = from.key();
  made.what = from.kind();
  if (!made.has_children()) made.leaf = from;
  for (const auto child : from)
    made.children.push_back(copied(child));
  return made;
}

void build(specs::document_builder& out, const branch& of) {
  if (of.leaf) return out.copy(of.leaf);
  switch (of.what) {
  case kind::object:
    out.begin_object();
    for (const auto& child : of.children) {
      out.key(child.name);
      build(out, child);
    }
    out.end_object();
    return;
  case kind::array:
    out.begin_array();
    for (const auto& child : of.children)
      build(out, child);
    return out.end_array();
  default:
    return out.string(of.text);
  }
}

/// Every node below the root, each with its parent.
void collect(branch& parent, std::vector<std::pair<branch*, std::size_t>>& into) {
  for (std::size_t i = 0; i < parent.children.size(); ++i) {
    into.emplace_back(&parent, i);
    collect(parent.children[i], into);
  }
}

constexpr std::array<std::string_view, 12> names{"$ref",  "type",        "enum", "required",
                                                 "name",  "in",          "a",    "b",
                                                 "title", "description", "/{a}", "x-a"};
constexpr std::array<std::string_view, 8> texts{
    "a", "b", "string", "#/components/schemas/A", "query", "path", "one\ntwo\nthree\n", "/{a}"};

void edit(branch& root, const std::array<unsigned char, 4>& how) {
  std::vector<std::pair<branch*, std::size_t>> all;
  collect(root, all);
  if (all.empty()) return;
  const auto [parent, at] = all[(how[0] + 256U * how[1]) % all.size()];
  auto& siblings = parent->children;
  const auto here = siblings.begin() + static_cast<std::ptrdiff_t>(at);
  const auto argument = how[3];
  switch (how[2] % 7) {
  case 0:
    siblings.erase(here);
    return;
  case 1: { // a copy of it elsewhere
    auto copy = siblings[at];
    auto& other = *all[argument % all.size()].first;
    if (other.what == kind::object) copy.name = names[argument % names.size()];
    other.children.push_back(std::move(copy));
    return;
  }
  case 2:
    std::rotate(siblings.begin(), here, siblings.end());
    return;
  case 3:
    here->leaf = {};
    here->children.clear();
    here->what = kind::string;
    here->text = texts[argument % texts.size()];
    return;
  case 4:
    if (parent->what == kind::object) here->name = names[argument % names.size()];
    return;
  case 5: // another scalar of the document
    if (const auto& other = siblings[argument % siblings.size()]; !other.has_children()) {
      here->children.clear();
      here->leaf = other.leaf;
      here->text = other.text;
      here->what = other.what;
    }
    return;
  default:
    std::swap(*here, siblings[argument % siblings.size()]);
    if (parent->what == kind::object)
      std::swap(here->name, siblings[argument % siblings.size()].name);
  }
}

} // namespace

std::string_view part(std::string_view input, std::size_t number) {
  for (; number > 0; --number) {
    const auto end = input.find('\0');
    if (end == input.npos) return {};
    input.remove_prefix(end + 1);
  }
  return input.substr(0, input.find('\0'));
}

specs::document_ptr read(std::string_view text) {
  specs::parse_options options;
  options.repeated = specs::repeated_names::keep_last;
  options.max_nodes = 500;
  options.max_text_bytes = 64 << 10;
  options.max_depth = 30;
  const auto outcome = specs::parse(text, options);
  return outcome ? outcome->document : nullptr;
}

specs::document_ptr edited(const specs::document& from, std::string_view edits) {
  auto root = copied(from.root());
  for (std::size_t i = 0; i + 4 <= edits.size() && i / 4 < edits_max; i += 4) {
    std::array<unsigned char, 4> how{};
    std::copy_n(edits.begin() + static_cast<std::ptrdiff_t>(i), how.size(), how.begin());
    edit(root, how);
  }
  specs::document_builder out;
  build(out, root);
  return out.finish();
}

} // namespace apisync::fuzz
