#pragma once

#include "specs/error.hpp"

#include <cstddef>
#include <filesystem>
#include <functional>
#include <string>

namespace apisync::sources {

/// How far a directory tree is walked.
struct walk_limits {
  std::size_t entries = 50'000; ///< Names looked at.
  std::size_t depth = 16;       ///< Directories within each other.
};

/// What a walk meets.
struct walk_visitor {
  /// A regular file, or a link to one; false ends the walk. `below` is its path from the start,
  /// with `/` between the names.
  std::function<bool(const std::filesystem::directory_entry& entry, const std::string& below)> file;
  /// A directory whose names could not be read.
  std::function<void(error problem)> unread;
};

/// Visits the files of a directory tree in the order of their names, on this thread. Hidden
/// directories, those of installed packages, and links to directories are left out. Returns which
/// limit ended it; empty: none did.
std::string walk_folder(const std::filesystem::path& folder, const walk_limits& limits,
                        const walk_visitor& visit);

} // namespace apisync::sources
