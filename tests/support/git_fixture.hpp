#pragma once

#include "tests/support/scratch_directory.hpp"

#include <git2.h>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace apisync::test {

/// A git repository made with libgit2, with times and authors that the test chooses.
class git_fixture {
public:
  /// A bare repository at `path`.
  explicit git_fixture(std::string path);
  ~git_fixture();
  git_fixture(const git_fixture&) = delete;
  git_fixture& operator=(const git_fixture&) = delete;

  [[nodiscard]] const std::string& path() const { return path_; }

  /// Writes a commit with exactly these files (path and content; no empty directories) and moves
  /// `branch` to it. Without `parents`, the branch's tip is the parent, if there is one.
  std::string commit(const std::string& message, const std::map<std::string, std::string>& files,
                     const std::string& branch = "main");
  std::string commit_on(const std::vector<std::string>& parents, const std::string& message,
                        const std::map<std::string, std::string>& files,
                        const std::string& branch = "main");

  /// Makes an annotated tag.
  void tag(const std::string& name, const std::string& commit);
  void delete_branch(const std::string& name);

private:
  std::string path_;
  git_repository* repository_ = nullptr;
  std::int64_t time_ = 1'700'000'000; ///< Of the next commit; a minute more each.
};

} // namespace apisync::test
