#pragma once

#include "sources/unique_fd.hpp"
#include "specs/error.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace apisync::sources {

/// A file that lies inside a root, opened for reading.
struct opened_file {
  unique_fd fd;
  std::string path; ///< Where it really is, symbolic links followed.
};

/// The directories outside of which no file is read: for file sources, `file:` references and local
/// repositories. Symbolic links may be used as long as what they lead to lies inside a root; the
/// check is made on the opened file itself, so that a link changed in between cannot escape.
/// Immutable, so any thread may use it.
class roots {
public:
  /// No roots: every path is forbidden.
  roots() = default;

  /// Resolves the directories, relative ones against `base`. Errors: `not_found` for one that is
  /// missing, `invalid_argument` for one that is not a directory.
  static result<roots> open(const std::vector<std::string>& directories,
                            const std::string& base = ".");

  /// Opens a regular file; a relative path starts at the base. Errors: `forbidden` for a path
  /// outside the roots, `not_found`, `invalid_argument` for anything but a regular file, `io`.
  [[nodiscard]] result<opened_file> open_file(const std::string& path) const;

  /// The real path of a file or directory, the same errors.
  [[nodiscard]] result<std::string> resolve(const std::string& path) const;

  /// Whether a real path (absolute, without links) is a root or lies below one.
  [[nodiscard]] bool contains(std::string_view real_path) const;

  /// The path as an absolute one, links not followed.
  [[nodiscard]] std::string absolute(const std::string& path) const;

private:
  [[nodiscard]] result<opened_file> locate(const std::string& path) const;
  [[nodiscard]] error outside(const std::string& path) const;

  std::string base_ = "/";
  std::vector<std::string> directories_; // real paths
};

} // namespace apisync::sources
