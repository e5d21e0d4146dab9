#pragma once

#include "specs/error.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace apisync {

/// Which files of a directory tree are meant: `specs/*/openapi.yaml`. Segments are matched one by
/// one: `?` is one character, `*` any number, a whole segment `**` any number of directories, none
/// too. Text without any of them is a directory, and means every JSON and YAML file below it.
class file_glob {
public:
  /// Fails with `invalid_argument` for empty text, for `..` after a wildcard, and for `**` as a
  /// part of a segment.
  static result<file_glob> parse(std::string_view text);

  /// The directory that holds all that is meant: what stands before the first segment with a
  /// wildcard; `.` where that is the first.
  [[nodiscard]] const std::string& base() const { return base_; }
  /// Whether it is a directory, and not a pattern.
  [[nodiscard]] bool is_tree() const { return pattern_.empty(); }
  /// Whether a path below the base is meant; it has `/` between its names.
  [[nodiscard]] bool matches(std::string_view below) const;
  /// The same for a path as `path_of` makes them.
  [[nodiscard]] bool has(std::string_view path) const;
  /// What a path below the base is called from where the base is named: `BASE/BELOW`.
  [[nodiscard]] std::string path_of(std::string_view below) const;

private:
  std::string base_;
  std::vector<std::string> pattern_;
};

/// Whether a file may be a specification by its name: `openapi.yaml` or `schema.json`, and not
/// hidden.
[[nodiscard]] bool may_be_document(std::string_view name);

} // namespace apisync
