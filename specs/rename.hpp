#pragma once

#include "specs/document.hpp"
#include "specs/identity.hpp"

#include <string>
#include <vector>

namespace apisync::specs {

/// A part of a document that a later version has under another name or in another place: a path, an
/// operation, or a shared part (schema, parameter, response, …). Nodes belong to the compared
/// documents and live as long.
struct rename {
  place at = place::plain; ///< Of what was renamed: path_item, operation, schema, …
  std::string from;        ///< RFC 6901, in the old version.
  std::string to;          ///< RFC 6901, in the new version.
  node before;
  node after;
  /// How sure it is, from 0 to 1: the share of values that both have, less where they are few, or
  /// where another pair fits nearly as well. An operation that kept its operationId is at least
  /// 0.9.
  double confidence = 0;

  /// Sure enough to follow.
  [[nodiscard]] bool certain() const { return confidence >= 0.75; }
};

/// Below this it is no rename but a removal and an addition.
constexpr double confidence_min = 0.4;

/// What was renamed between two versions, surest first. Each part is renamed once at most, and an
/// operation that moved with its whole path is not told apart. Visits what was removed or added
/// only; looks for no more than equal parts where either is over `renames_max`.
[[nodiscard]] std::vector<rename> find_renames(node before, node after);

constexpr std::size_t renames_max = 128;

} // namespace apisync::specs
