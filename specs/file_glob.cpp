#include "specs/file_glob.hpp"

#include "specs/select.hpp"

#include <algorithm>

namespace apisync {

namespace {

std::vector<std::string> segments_of(std::string_view path) {
  std::vector<std::string> out;
  while (!path.empty()) {
    const auto slash = std::min(path.find('/'), path.size());
    if (slash > 0 && path.substr(0, slash) != ".") out.emplace_back(path.substr(0, slash));
    path.remove_prefix(std::min(slash + 1, path.size()));
  }
  return out;
}

bool is_wild(std::string_view segment) {
  return segment.find_first_of("*?") != std::string_view::npos;
}

/// Greedy, and back to the last `**` on a mismatch: at most the product of both lengths.
bool match(const std::vector<std::string>& names, const std::vector<std::string>& pattern) {
  std::size_t n = 0;
  std::size_t p = 0;
  std::size_t after = 0; // the last `**`; 0: none yet
  std::size_t from = 0;  // the name that what follows it begins with
  while (n < names.size()) {
    if (p < pattern.size() && pattern[p] == "**") {
      after = ++p;
      from = n;
    } else if (p < pattern.size() && specs::matches_glob(names[n], pattern[p])) {
      ++n;
      ++p;
    } else if (after != 0) {
      p = after;
      n = ++from;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == "**")
    ++p;
  return p == pattern.size();
}

} // namespace

result<file_glob> file_glob::parse(std::string_view text) {
  if (text.empty()) return fail(errc::invalid_argument, "it names no file");
  file_glob out;
  if (text.starts_with('/')) out.base_ = "/";
  bool wild = false;
  for (const auto& segment : segments_of(text)) {
    wild = wild || is_wild(segment);
    if (wild && segment == "..")
      return fail(errc::invalid_argument, "'..' cannot follow a wildcard");
    if (segment != "**" && segment.find("**") != segment.npos)
      return fail(errc::invalid_argument, "'**' stands for directories, so it must stand alone "
                                          "between two '/'; one '*' matches within a name");
    if (wild)
      out.pattern_.push_back(segment);
    else
      out.base_ += (out.base_.empty() || out.base_.ends_with('/') ? "" : "/") + segment;
  }
  if (out.base_.empty()) out.base_ = ".";
  return out;
}

bool file_glob::matches(std::string_view below) const {
  const auto names = segments_of(below);
  if (names.empty()) return false;
  if (is_tree()) return may_be_document(names.back());
  return match(names, pattern_);
}

bool file_glob::has(std::string_view path) const {
  if (base_ == ".") return !path.starts_with('/') && matches(path);
  const bool root = base_.ends_with('/');
  if (!path.starts_with(base_) || path.size() <= base_.size()) return false;
  if (!root && path[base_.size()] != '/') return false;
  return matches(path.substr(base_.size() + (root ? 0 : 1)));
}

std::string file_glob::path_of(std::string_view below) const {
  if (base_ == ".") return std::string{below};
  return base_ + (base_.ends_with('/') ? "" : "/") + std::string{below};
}

bool may_be_document(std::string_view name) {
  return !name.starts_with('.') &&
         (name.ends_with(".json") || name.ends_with(".yaml") || name.ends_with(".yml"));
}

} // namespace apisync
