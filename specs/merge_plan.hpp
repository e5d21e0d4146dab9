#pragma once

#include "specs/document.hpp"
#include "specs/identity_match.hpp"

#include <optional>
#include <string>
#include <vector>

namespace apisync::specs {

/// One place in the three versions; no node where a version lacks it.
struct merge_triple {
  node base;
  node current;
  node incoming;

  [[nodiscard]] per_version<node> all() const { return {base, current, incoming}; }
};

/// What a merged value consists of: parts of the versions taken whole, and new containers around
/// them. Only what both sides touched is planned member by member.
struct merge_plan {
  enum class made_as : std::uint8_t { taken, text, object, array };

  made_as what = made_as::taken;
  node source;      ///< The value taken; otherwise the node that gives the position.
  std::string text; ///< Of a merged string.
  std::string name; ///< In its object; empty for an element and the root.
  std::vector<merge_plan> children;

  static merge_plan take(node source) { return {made_as::taken, source, {}, {}, {}}; }
};

/// A value of the merged document, or nothing where it has none.
using planned = std::optional<merge_plan>;

/// Makes the document.
[[nodiscard]] document_ptr build(const merge_plan& root);

} // namespace apisync::specs
