#pragma once

#include "sources/roots.hpp"

#include <string>
#include <tuple>
#include <vector>

namespace apisync::sources {

/// An entry of a directory.
struct watch_point {
  std::string directory; ///< A real path.
  std::string name;

  bool operator==(const watch_point&) const = default;
  bool operator<(const watch_point& other) const {
    return std::tie(directory, name) < std::tie(other.directory, other.name);
  }
};

/// Every entry on the way to a path that, when it is replaced, changes what the path leads to: the
/// file itself, the directories above it, and each symbolic link on the way, as far as they lie in
/// directories inside the roots. The way ends where something is missing.
std::vector<watch_point> watch_points(const std::string& path, const roots& allowed);

} // namespace apisync::sources
