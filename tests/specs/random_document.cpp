#include "tests/specs/random_document.hpp"

#include <algorithm>
#include <set>

namespace apisync::specs::testing {

namespace {

void build(document_builder& out, const tree& of) {
  switch (of.kind) {
  case kind::object:
    out.begin_object();
    for (const auto& [name, child] : of.children) {
      out.key(name);
      build(out, child);
    }
    out.end_object();
    return;
  case kind::array:
    out.begin_array();
    for (const auto& [name, child] : of.children)
      build(out, child);
    out.end_array();
    return;
  case kind::number:
    out.number(of.text);
    return;
  default:
    out.string(of.text);
    return;
  }
}

const std::set<std::string> sets{"enum", "required", "tags"};

/// The name of an element among its siblings.
std::string element_name(node element) {
  if (!element.is_object()) return std::string{element.text()};
  if (element.find("in"))
    return std::string{element.find("in").text()} + " " + std::string{element.find("name").text()};
  return std::string{element.find("$ref").text()};
}

void collect(std::map<std::string, std::string>& into, const std::string& path, node of) {
  if (of.size() == 0 && !of.is_array() && !of.is_object()) {
    into[path] = std::string{of.text()};
    return;
  }
  into[path] = of.is_object() ? "{" : "[";
  for (const auto child : of)
    collect(into, path + "|" + (of.is_object() ? std::string{child.key()} : element_name(child)),
            child);
}

} // namespace

tree* tree::find(const std::string& name) {
  for (auto& [key, child] : children)
    if (key == name) return &child;
  return nullptr;
}

document_ptr to_document(const tree& of) {
  document_builder out;
  build(out, of);
  return out.finish();
}

std::map<std::string, std::string> leaves(node of) {
  std::map<std::string, std::string> found;
  collect(found, "", of);
  return found;
}

tree random_documents::names(std::size_t limit) {
  auto list = tree::array();
  std::set<std::string> chosen;
  for (auto n = below(limit + 1); n > 0; --n)
    chosen.insert(word());
  for (const auto& name : chosen)
    list.set("", tree::string(name));
  std::shuffle(list.children.begin(), list.children.end(), random_);
  return list;
}

tree random_documents::schema(int depth) {
  tree made;
  made.set("type", tree::string(word()));
  if (below(2) == 0) made.set("enum", names(4));
  if (below(3) == 0) made.set("required", names(3));
  if (below(2) == 0) made.set("example", tree::string(word()));
  if (depth == 0 || below(3) == 0) return made;
  auto& properties = made.set("properties", {});
  for (const auto* name : {"enum", "p", "q", "$ref"})
    if (below(2) == 0) properties.set(name, schema(depth - 1));
  if (below(3) == 0) {
    auto& branches = made.set("oneOf", tree::array());
    for (const auto* name : {"#/x", "#/y", "#/z"})
      if (below(2) == 0) branches.set("", {}).set("$ref", tree::string(name));
  }
  return made;
}

tree random_documents::operation() {
  tree made;
  made.set("operationId", tree::string(word()));
  if (below(2) == 0) made.set("tags", names(3));
  auto& parameters = made.set("parameters", tree::array());
  for (const auto* name : {"l", "m", "n"}) {
    if (below(2) == 0) continue;
    auto& parameter = parameters.set("", {});
    parameter.set("in", tree::string("query"));
    parameter.set("name", tree::string(name));
    parameter.set("schema", schema(0));
  }
  return made;
}

tree random_documents::document() {
  tree made;
  auto& paths = made.set("paths", {});
  for (const auto* path : {"/a", "/b/{id}", "/c"}) {
    if (below(4) == 0) continue;
    auto& item = paths.set(path, {});
    for (const auto* method : {"get", "put"})
      if (below(2) == 0) item.set(method, operation());
  }
  auto& schemas = made.set("components", {}).set("schemas", {});
  for (const auto* name : {"A", "B", "C"})
    if (below(4) != 0) schemas.set(name, schema(2));
  return made;
}

void random_documents::add_child(tree& at, const std::string& name) {
  if (sets.contains(name)) {
    const auto value = word();
    for (const auto& [none, child] : at.children)
      if (child.text == value) return;
    at.set("", tree::string(value));
  } else if (at.kind == kind::object) {
    const auto added = "x-" + word();
    if (at.find(added) == nullptr) at.set(added, tree::string(word()));
  }
}

void random_documents::edit(tree& at, const std::string& name, int depth) {
  if (at.kind == kind::string) {
    if (name != "in" && name != "name" && name != "$ref") at.text = word() + word();
    return;
  }
  const auto choice = below(10);
  if (choice == 0) return add_child(at, name);
  if (choice == 1 && depth > 1 && !at.children.empty() && at.find("in") == nullptr &&
      at.find("$ref") == nullptr) {
    at.children.erase(at.children.begin() + static_cast<std::ptrdiff_t>(below(at.children.size())));
    return;
  }
  if (at.children.empty()) return;
  auto& [child_name, child] = at.children[below(at.children.size())];
  if (!sets.contains(name)) edit(child, child_name, depth + 1);
}

tree random_documents::edited(tree from) {
  for (auto edits = 1 + below(6); edits > 0; --edits)
    edit(from, "", 0);
  return below(3) == 0 ? permuted(std::move(from)) : from;
}

tree random_documents::permuted(tree from) {
  std::shuffle(from.children.begin(), from.children.end(), random_);
  for (auto& [name, child] : from.children)
    child = permuted(std::move(child));
  return from;
}

} // namespace apisync::specs::testing
