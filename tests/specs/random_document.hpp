#pragma once

#include "specs/document.hpp"

#include <map>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace apisync::specs::testing {

/// A document that can be changed.
struct tree {
  specs::kind kind = specs::kind::object;
  std::string text;
  std::vector<std::pair<std::string, tree>> children; ///< Names are empty in arrays.

  static tree string(std::string value) { return {specs::kind::string, std::move(value), {}}; }
  static tree array() { return {specs::kind::array, {}, {}}; }

  tree& set(const std::string& name, tree value) {
    return children.emplace_back(name, std::move(value)).second;
  }
  tree* find(const std::string& name);
};

[[nodiscard]] document_ptr to_document(const tree& of);

/// Makes and changes small documents with the kinds of lists that match by identity.
class random_documents {
public:
  explicit random_documents(unsigned seed) : random_{seed} {}

  tree document();

  /// A few edits: values changed, members and elements added and removed, order changed.
  tree edited(tree from);

  /// Another order of members, sets and keyed lists.
  tree permuted(tree from);

  std::size_t below(std::size_t limit) { return random_() % limit; }

private:
  tree schema(int depth);
  tree operation();
  tree names(std::size_t limit);
  void edit(tree& at, const std::string& name, int depth);
  void add_child(tree& at, const std::string& name);
  std::string word() { return std::string(1, static_cast<char>('a' + below(6))); }

  std::mt19937 random_;
};

/// Every leaf by a path of names, written without the product's identity code; sets and keyed lists
/// as members. A container counts as a leaf called `{` or `[`.
[[nodiscard]] std::map<std::string, std::string> leaves(node of);

} // namespace apisync::specs::testing
